"""The servers that are measured, and what they stand on: started when they are needed, stopped at the end.

PostgreSQL (durable, as it comes) and Redis run once for all scenarios. Each scenario gets a database of its
own, a copy of one that was migrated once.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import redis

from bench import machine
from bench.options import Options
from tests import servers
from tests.live import ROOT, Site, environment_of, is_ready

TEMPLATE = "parley"
# Settings that are part of a result.
TOLD = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")


@dataclass(frozen=True)
class Running:
    """A server process of ours that listens."""

    process: servers.Process
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_ready(self) -> None:
        url = f"http://127.0.0.1:{self.port}"
        servers.wait_for(lambda: is_ready(url), self.process)


class Bench:
    def __init__(self, directory: Path, stack: contextlib.ExitStack, options: Options) -> None:
        self.directory = directory
        self.stack = stack
        self.options = options
        self.numbers = count(1)

    # --- What the servers stand on -------------------------------------------------------------

    @cached_property
    def postgresql(self) -> servers.Postgresql:
        server = self.stack.enter_context(servers.durable_postgresql())
        machine.pin(server.process.pid, machine.OTHER_CORES)
        self._execute(server.url, f"CREATE DATABASE {TEMPLATE}")
        Stage(self, f"{server.url.rpartition('/')[0]}/{TEMPLATE}", "").manage(
            "migrate", "--verbosity=0"
        )
        return server

    @cached_property
    def redis_url(self) -> str:
        url = self.stack.enter_context(servers.redis())
        machine.pin(redis_pid(url), machine.OTHER_CORES)
        return url

    @cached_property
    def sqlite(self) -> Path:
        path = self.directory / "template.sqlite3"
        Stage(self, f"sqlite:///{path}", "").manage("migrate", "--verbosity=0")
        return path

    @property
    def foundation(self) -> dict[str, int]:
        """By name, the processes that serve the servers."""
        return {"postgres": self.postgresql.process.pid, "redis": redis_pid(self.redis_url)}

    def description(self) -> dict[str, str]:
        """Of PostgreSQL, if it was needed: what decides how long a COMMIT takes."""
        if "postgresql" not in vars(self):
            return {}
        with psycopg.connect(self.postgresql.url) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(TOLD)]
            ).fetchall()
        return {f"postgresql {name}": setting for name, setting in rows}

    def _execute(self, url: str, sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())

    # --- Stages --------------------------------------------------------------------------------

    def production(self) -> Stage:
        """PostgreSQL and Redis, with a fresh database."""
        name = f"stage_{next(self.numbers)}"
        url = self.postgresql.url
        self._execute(url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return Stage(self, f"{url.rpartition('/')[0]}/{name}", self.redis_url)

    def embedded(self) -> Stage:
        """SQLite and nothing else, with a fresh database."""
        path = self.directory / f"stage-{next(self.numbers)}.sqlite3"
        shutil.copy(self.sqlite, path)
        return Stage(self, f"sqlite:///{path}", "")


class Stage:
    """One Parley: a database with its scene, and the server processes over it."""

    def __init__(self, bench: Bench, database_url: str, redis_url: str) -> None:
        self.bench = bench
        self.members = bench.directory / f"members-{secrets.token_hex(4)}.json"
        environment = environment_of(
            bench.directory,
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            DEBUG="false",
            SECRET_KEY=secrets.token_urlsafe(60),
            SITE_URL="http://127.0.0.1",
            SOCKET_FRAMES_PER_SECOND="100000",
            ACCESS_TOKEN_MINUTES="600",
            TASKS_IN_PROCESS="false",
            LOG_LEVEL="WARNING",
            BENCH_MEMBERS=str(self.members),
        )
        self.site = Site(environment, bench.directory)

    @property
    def database_url(self) -> str:
        return self.site.environment["DATABASE_URL"]

    def configure(self, **settings: str) -> None:
        """Before anything of it runs."""
        self.site.environment = {**self.site.environment, **settings}

    def manage(self, *arguments: str) -> str:
        return self.site.manage(*arguments)

    @contextlib.contextmanager
    def program(self, *arguments: str) -> Iterator[servers.Process]:
        """One that is no server, until it is not needed any more."""
        with servers.process(
            [sys.executable, *arguments],
            log=self.bench.directory / f"program-{next(self.bench.numbers)}.log",
            environment=self.site.environment,
            directory=ROOT,
        ) as process:
            yield process

    def scene(self, name: str, **wishes: Any) -> Any:
        """What the module of this name in bench/scenes made."""
        process = self._scenes
        assert process.stdin is not None and process.stdout is not None
        print(json.dumps([name, wishes]), file=process.stdin, flush=True)
        if not (made := process.stdout.readline()):
            raise RuntimeError(f"The scene {name} failed; what it said is above.")
        return json.loads(made)

    @cached_property
    def _scenes(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.scenes"],
            cwd=ROOT,
            env=dict(self.site.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        # Ends when nothing more is asked of it.
        return self.bench.stack.enter_context(process)

    def pairs(self, number: int) -> Any:
        """Pairs of people, also told to the application that has no database."""
        found = self.scene("pairs", count=number)
        self.members.write_text(
            json.dumps({each["conversation"]: each["members"] for each in found})
        )
        return found

    @contextlib.contextmanager
    def serve(
        self,
        server: str,
        applications: Sequence[str] = ("product",),
        *,
        cores: Sequence[set[int]] = (machine.SERVER_CORE, machine.OTHER_CORES),
    ) -> Iterator[dict[str, list[Running]]]:
        """By application, a process for each of the sets of cores: the first is the one that is measured."""
        with contextlib.ExitStack() as stack:
            started = {
                application: [stack.enter_context(self._start(server, application)) for _ in cores]
                for application in applications
            }
            for running in started.values():
                for process, where in zip(running, cores, strict=True):
                    process.wait_until_ready()
                    machine.pin(process.pid, where)
            yield started

    @contextlib.contextmanager
    def _start(self, server: str, application: str) -> Iterator[Running]:
        port = servers.free_port()
        with servers.process(
            [sys.executable, "-m", "bench.serve", server, application, str(port)],
            log=self.bench.directory / f"server-{port}.log",
            environment=self.site.environment,
            directory=ROOT,
        ) as process:
            yield Running(process, port)


def redis_pid(url: str) -> int:
    with redis.Redis.from_url(url) as connection:
        pid: int = connection.info("server")["process_id"]
    return pid
