"""A site of which every part can be killed and started again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import servers
from tests.live import Site, environment_of
from tests.realtime.broker import Broker, broker

PROCESSES = 2


class Cluster:
    def __init__(self, site: Site, database: servers.Postgresql, redis: Broker) -> None:
        self.site = site
        self.database = database
        self.redis = redis
        self.ports = [servers.free_port() for _ in range(PROCESSES)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self.processes: list[servers.Process] = []
        self.stack = ExitStack()

    def start(self) -> None:
        self.processes = [self._serve(port) for port in self.ports]

    def kill_server(self, index: int) -> None:
        self.processes[index].popen.kill()
        self.processes[index].popen.wait()

    def start_server(self, index: int) -> None:
        self.processes[index] = self._serve(self.ports[index])

    def _serve(self, port: int) -> servers.Process:
        return self.stack.enter_context(self.site.server(port))


@contextmanager
def running_cluster(directory: Path) -> Iterator[Cluster]:
    with servers.mortal_postgresql() as database, broker(directory) as redis:
        environment = environment_of(
            directory,
            DATABASE_URL=database.url,
            REDIS_URL=redis.url,
            DEBUG="false",
            SECRET_KEY=secrets.token_urlsafe(60),
            SITE_URL="http://127.0.0.1",
            ACCESS_TOKEN_MINUTES="600",
            SOCKET_FRAMES_PER_SECOND="100000",
        )
        site = Site(environment, directory)
        site.manage("migrate", "--verbosity=0")
        # Nobody looks at a page here.
        (directory / "static").mkdir()
        cluster = Cluster(site, database, redis)
        with cluster.stack:
            cluster.start()
            yield cluster
