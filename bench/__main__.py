"""bin/bench: closed loops against the product and against what it is compared with, in one run.

Starts PostgreSQL with its durable defaults, Redis and the server processes, and stops them again. Prints a
table; the figures and a picture go to var/bench/. The machine's mood is in every figure: compare ratios of
one run, never figures of two.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import strftime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup()

from bench import commits, machine, report  # noqa: E402
from tests import servers  # noqa: E402
from tests.live import Site, environment_of, is_ready  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 1.0


@dataclass(frozen=True)
class Case:
    database: str
    server: str
    application: str
    senders: int


def main() -> None:
    options = parse_options()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        results = list(run(plan(options), directory, options))
    target = ROOT / "var" / "bench"
    target.mkdir(parents=True, exist_ok=True)
    report.store(results, target / strftime("%Y%m%d-%H%M%S"))
    print(report.table(results))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 50, 200])
    parser.add_argument("--seconds", type=float, default=3.0, help="for each measurement")
    parser.add_argument(
        "--server", nargs="+", choices=["daphne", "uvicorn"], default=installed_servers()
    )
    parser.add_argument(
        "--database", nargs="+", choices=["postgresql", "sqlite"], default=["postgresql", "sqlite"]
    )
    return parser.parse_args()


def installed_servers() -> list[str]:
    return ["daphne", "uvicorn"] if importlib.util.find_spec("uvicorn") else ["daphne"]


def plan(options: argparse.Namespace) -> list[Case]:
    most = max(options.senders)
    cases = []
    for server in options.server:
        if "postgresql" in options.database:
            cases += [Case("postgresql", server, "product", n) for n in options.senders]
            cases += [Case("postgresql", server, "no database", n) for n in options.senders[1:]]
            cases.append(Case("postgresql", server, "one by one", most))
        if "sqlite" in options.database:
            middle = sorted(options.senders)[len(options.senders) // 2]
            cases.append(Case("sqlite", server, "product", middle))
            cases.append(Case("sqlite", server, "one by one", middle))
    return cases


def run(
    cases: list[Case], directory: Path, options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    for database in dict.fromkeys(case.database for case in cases):
        ours = [case for case in cases if case.database == database]
        with site(database, directory, pairs=max(options.senders)) as (stage, postmaster):
            if postmaster:
                yield from commits.measure(stage.environment["DATABASE_URL"])
            for key in dict.fromkeys((case.server, case.application) for case in ours):
                with processes(stage, *key, count=1 if database == "sqlite" else 2) as running:
                    for case in ours:
                        if (case.server, case.application) == key:
                            yield measured(case, stage, running, postmaster, options)


@contextlib.contextmanager
def site(database: str, directory: Path, *, pairs: int) -> Iterator[tuple[Site, int | None]]:
    with contextlib.ExitStack() as stack:
        url, redis, postmaster = f"sqlite:///{directory}/parley.sqlite3", "", None
        if database == "postgresql":
            server = stack.enter_context(servers.durable_postgresql())
            redis = stack.enter_context(servers.redis())
            url, postmaster = server.url, server.process.pid
            machine.pin(postmaster, machine.OTHER_CORES)
        environment = environment_of(
            directory,
            DATABASE_URL=url,
            REDIS_URL=redis,
            DEBUG="false",
            SECRET_KEY=secrets.token_urlsafe(60),
            SITE_URL="http://127.0.0.1",
            SOCKET_FRAMES_PER_SECOND="100000",
            ACCESS_TOKEN_MINUTES="600",
            TASKS_IN_PROCESS="false",
            LOG_LEVEL="WARNING",
            BENCH_MEMBERS=str(directory / "members.json"),
        )
        stage = Site(environment, directory)
        stage.manage("migrate", "--verbosity=0")
        people = json.loads(stage.run("-m", "bench.people", str(pairs)).splitlines()[-1])
        (directory / "pairs.json").write_text(json.dumps(people))
        members = {each["conversation"]: each["members"] for each in people}
        (directory / "members.json").write_text(json.dumps(members))
        yield stage, postmaster


@contextlib.contextmanager
def processes(
    stage: Site, server: str, application: str, *, count: int
) -> Iterator[list[tuple[int, int]]]:
    """(pid, port) of the process that is measured, and of the one that the readers are on."""
    with contextlib.ExitStack() as stack:
        running = []
        for number in range(count):
            port = servers.free_port()
            process = stack.enter_context(
                servers.process(
                    [sys.executable, "-m", "bench.serve", server, application, str(port)],
                    log=stage.directory / f"server-{port}.log",
                    environment=stage.environment,
                    directory=ROOT,
                )
            )
            servers.wait_for(lambda port=port: is_ready(f"http://127.0.0.1:{port}"), process)  # type: ignore[misc]
            machine.pin(process.pid, machine.OTHER_CORES if number else machine.SERVER_CORE)
            running.append((process.pid, port))
        yield running


def measured(
    case: Case,
    stage: Site,
    running: list[tuple[int, int]],
    postmaster: int | None,
    options: argparse.Namespace,
) -> dict[str, Any]:
    pid, port = running[0]
    command = [
        *(sys.executable, "-m", "bench.load", str(stage.directory / "pairs.json")),
        *(str(case.senders), str(port), str(running[-1][1]), str(WARM_UP), str(options.seconds)),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as load:
        machine.pin(load.pid, machine.OTHER_CORES)
        assert load.stdout is not None
        used: dict[str, float] = {}
        result: dict[str, Any] | None = None
        for line in load.stdout:
            if line.startswith("{"):
                result = json.loads(line)
            elif line.strip() in ("begin", "end"):
                sign = 1 if line.strip() == "end" else -1
                used["server"] = used.get("server", 0) + sign * machine.cpu_seconds(pid)
                if postmaster:
                    used["postgresql"] = used.get("postgresql", 0) + sign * machine.cpu_seconds(
                        postmaster
                    )
    if result is None:
        raise RuntimeError(f"The load failed with status {load.returncode}.")
    cpu = {f"{name}_cpu": seconds / options.seconds for name, seconds in used.items()}
    done = {**vars(case), **result, **cpu}
    done["server_us"] = 1e6 * cpu["server_cpu"] / max(result["acknowledged_per_second"], 1)
    print(report.line(done), flush=True)
    return done


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
