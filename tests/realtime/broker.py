"""A Redis of one test alone, to be killed, frozen and brought back."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis

from tests import servers


class Broker:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.stack = ExitStack()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1",
                   "--save", "", "--dir", str(self.directory)]  # fmt: skip
        self.process = self.stack.enter_context(
            servers.process(command, log=self.directory / "redis.log")
        )
        servers.wait_for(lambda: servers.listening(self.port), self.process)

    def kill(self) -> None:
        self.process.popen.kill()
        self.process.popen.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def ask(self, *command: str) -> object:
        with redis.Redis.from_url(self.url) as client:
            return client.execute_command(*command)


@contextmanager
def broker(directory: Path) -> Iterator[Broker]:
    running = Broker(directory)
    with running.stack:
        running.start()
        yield running
