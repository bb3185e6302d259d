"""One message to a group whose members are all away, each with a browser: until all of them are told.

By one worker, and by two at once; real ones, which encrypt for each browser and speak TLS to a push service.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic, sleep
from typing import Any

from bench import machine, targets
from bench.push_service import PushService, push_service, wait_for_pushes
from bench.registry import scenario
from bench.results import Row, Verdict
from bench.stage import Bench, Stage
from notifications.management.commands.make_push_keys import new_private_key
from tests import servers

DEVICES = 10_000
# Long enough for the sender to be done, which is no part of it, before a worker begins; in seconds.
GRACE = 10
# Until the last answer is noted, in seconds.
PATIENCE = 30


@scenario("pushes", "Push: one message, and a browser for each of those who are away")
def pushes(bench: Bench) -> Iterator[Row]:
    devices = bench.options.size(DEVICES, 50)
    with push_service(bench.directory) as service:
        for name, stage, foundation in (
            ("PostgreSQL", bench.production(), bench.foundation),
            ("SQLite", bench.embedded(), {}),
        ):
            stage.configure(**_settings(service))
            made = stage.scene("away", count=devices, groups=3, address=f"{service.url}/push")
            named = f"{name}, {devices} devices"
            scene = Scene(stage, service, made["sender"], devices, foundation)
            # The same without any way to reach a device: what a send pays for push is the difference.
            plain = scene.say(made["groups"][0], with_push=False)["statements"]
            for workers, group in ((1, made["groups"][1]), (2, made["groups"][2])):
                yield _row(
                    f"{named}, {workers} at work", devices, plain, scene.push(group, workers)
                )


def _settings(service: PushService) -> dict[str, str]:
    """Without Redis: nobody is there to be told by a socket."""
    return {
        "REDIS_URL": "",
        "VAPID_PRIVATE_KEY": new_private_key(),
        "PUSH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "PUSH_GRACE_SECONDS": str(GRACE),
        "SSL_CERT_FILE": str(service.authority),
    }


class Scene:
    def __init__(
        self,
        stage: Stage,
        service: PushService,
        sender: int,
        devices: int,
        foundation: Mapping[str, int],
    ) -> None:
        self.stage, self.service, self.devices = stage, service, devices
        self.sender, self.foundation = sender, foundation

    def say(self, group: int, *, with_push: bool = True) -> dict[str, float]:
        said: dict[str, float] = self.stage.scene(
            "said", sender=self.sender, group=group, with_push=with_push
        )
        return said

    def push(self, group: int, workers: int) -> dict[str, Any]:
        """Everything between the message and the last noted answer."""
        with self._workers(workers) as started:
            pids = [process.pid for process in started]
            self.service.begin()
            used = {pid: machine.cpu_seconds(pid) for pid in (*pids, *self._databases)}
            said = self.say(group)
            told = wait_for_pushes(self.service, self.devices)
            states = self._settled(group)
            used = {pid: machine.cpu_seconds(pid) - before for pid, before in used.items()}
            words = [process.last_words() for process in started]
        return {
            **told,
            "statements": said["statements"],
            "due": said["at"] + GRACE,
            "worker": sum(used[pid] for pid in pids),
            "database": sum(used[pid] for pid in self._databases),
            "sent": states.get("sent", 0),
            "words": [each for each in words if each],
        }

    @property
    def _databases(self) -> Sequence[int]:
        return [pid for name, pid in self.foundation.items() if name == "postgres"]

    @contextlib.contextmanager
    def _workers(self, count: int) -> Iterator[list[servers.Process]]:
        with contextlib.ExitStack() as stack:
            started = [
                stack.enter_context(self.stage.program("manage.py", "push_worker"))
                for _ in range(count)
            ]
            for process in started:
                _wait_until_idle(process)
                machine.pin(process.pid, machine.SERVER_CORE if count == 1 else machine.ALL_CORES)
            yield started

    def _settled(self, group: int) -> dict[str, int]:
        deadline = monotonic() + PATIENCE
        while True:
            states: dict[str, int] = self.stage.scene("pushed", group=group)
            if states.get("sent") == self.devices or monotonic() > deadline:
                return states
            sleep(0.2)


def _wait_until_idle(process: servers.Process) -> None:
    """It has loaded everything, and looks now and then whether anything is due."""
    servers.wait_for(lambda: machine.cpu_seconds(process.pid) > 0.5, process)
    before = 0.0
    while (now := machine.cpu_seconds(process.pid)) - before > 0.05:
        before = now
        sleep(1)


def _row(name: str, devices: int, plain: float, result: dict[str, Any]) -> Row:
    """`first s` and `last s`: after the grace. Until the first, all is deciding, for everybody at once."""
    figures = {
        "first s": result["first"] - result["due"],
        "last s": result["last"] - result["due"],
        "pushes/s": (result["devices"] - 1) / max(result["last"] - result["first"], 0.001),
        "worker µs each": 1e6 * result["worker"] / devices,
        "database µs each": 1e6 * result["database"] / devices,
    }
    verdicts = [
        Verdict("statements added to the send", result["statements"] - plain, targets.FOR_PUSH),
        Verdict("told twice", result["pushes"] - result["devices"], targets.NONE),
    ]
    warnings = [f"a worker said: {words}" for words in result["words"]]
    if result["sent"] < devices:
        warnings.append(f"{devices - result['sent']} were not told")
    return Row(name, figures, verdicts, warnings)
