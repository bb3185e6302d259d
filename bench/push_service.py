"""The push service of the bench, a process of its own, and what it was told."""

from __future__ import annotations

import contextlib
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

from bench import machine
from tests import servers
from tests.live import ROOT

# Nothing more comes after so long, in seconds.
PATIENCE = 20


@dataclass(frozen=True)
class PushService:
    url: str
    authority: Path

    def begin(self) -> None:
        self._ask("begin")

    def told(self) -> dict[str, Any]:
        """`pushes` for how many `devices`; when the `first` and the `last` came."""
        found: dict[str, Any] = self._ask("told")
        return found

    def _ask(self, what: str) -> Any:
        context = ssl.create_default_context(cafile=str(self.authority))
        return httpx.get(f"{self.url}/{what}", verify=context, trust_env=False).json()


@contextlib.contextmanager
def push_service(directory: Path) -> Iterator[PushService]:
    port = servers.free_port()
    with servers.process(
        [sys.executable, "-m", "bench.applications.push_service", str(directory), str(port)],
        log=directory / "push-service.log",
        directory=ROOT,
    ) as process:
        servers.wait_for(lambda: servers.listening(port), process)
        machine.pin(process.pid, machine.OTHER_CORES)
        yield PushService(f"https://127.0.0.1:{port}", directory / "ca.pem")


def wait_for_pushes(service: PushService, devices: int) -> dict[str, Any]:
    """Until each device was told, or nothing more comes."""
    came, since = -1, monotonic()
    while (told := service.told())["devices"] < devices and monotonic() - since < PATIENCE:
        if told["pushes"] > came:
            came, since = told["pushes"], monotonic()
        sleep(0.2)
    return told
