"""Private servers for tests: started from the binaries found, on free ports, gone when we are."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

START_TIMEOUT = 30
STOP_TIMEOUT = 20
PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """A program that these tests need is not on this machine; the text says what to install."""


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A throw-away PostgreSQL without durability; gives its DATABASE_URL."""
    with mortal_postgresql(synchronous_commit="off") as server:
        yield server.url


class Postgresql:
    def __init__(self, directory: Path, owner: str | None, **settings: str) -> None:
        self.owner = owner
        self.log = directory / "log"
        self.port = free_port()
        self.url = f"postgres://parley@127.0.0.1:{self.port}/postgres"
        self.programs = postgresql_programs()
        self.stack = contextlib.ExitStack()
        data = directory / "data"
        run(
            [self.programs / "initdb", "-D", data, "-A", "trust", "-U", "parley", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            user=owner,
        )  # fmt: skip
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(directory),
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            **settings,
        }
        self.command: list[str | Path] = [self.programs / "postgres", "-D", data]
        for name, value in options.items():
            self.command += ["-c", f"{name}={value}"]

    def start(self) -> None:
        self.process = self.stack.enter_context(
            process(self.command, log=self.log, user=self.owner, stop_with=signal.SIGINT)
        )
        ask: list[str | Path] = [
            self.programs / "pg_isready",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        wait_for(lambda: answers(ask), self.process)

    def crash(self) -> None:
        """At once, without a checkpoint; the next start recovers what was committed."""
        self.process.popen.send_signal(signal.SIGQUIT)
        self.process.popen.wait(STOP_TIMEOUT)


@contextlib.contextmanager
def mortal_postgresql(**settings: str) -> Iterator[Postgresql]:
    """What it has committed survives its own crash; the machine's, which nobody plays here, it would not."""
    postgresql_programs()
    owner = unprivileged_user()
    with directory_of(owner) as directory:
        server = Postgresql(directory, owner, **settings)
        with server.stack:
            server.start()
            yield server


def durable_postgresql() -> contextlib.AbstractContextManager[Postgresql]:
    """As it comes: each COMMIT waits for the disk."""
    return mortal_postgresql(fsync="on", full_page_writes="on")


def postgresql_programs() -> Path:
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    for directory in candidates:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    raise Missing("PostgreSQL is not installed: run bin/setup --test as root, or install it")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A throw-away Redis that keeps nothing; gives its REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed: run bin/setup --test as root, or install it")
    with tempfile.TemporaryDirectory(prefix="parley-redis-") as name:
        directory, port = Path(name), free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--dir", name]  # fmt: skip
        with process(command, log=directory / "log") as server:
            wait_for(lambda: listening(port), server)
            yield f"redis://127.0.0.1:{port}/0"


def chromium(*, whole: bool = False) -> str:
    """The one that only draws costs half as much; what asks for permissions needs the `whole` one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    for name in names if whole else ("chromium-headless-shell", *names):
        if found := shutil.which(name):
            return found
    raise Missing("Chromium is not installed: run bin/setup --test as root, or install it")


def node_with(package: str) -> str:
    """Node.js, which finds this package from the root of the project."""
    program = shutil.which("node")
    root = Path(__file__).resolve().parent.parent
    if program is None or not (root / "node_modules" / package).is_dir():
        raise Missing(
            f"Node.js or {package} is not installed: run bin/setup --test with npm at hand"
        )
    return program


# --- Processes ---------------------------------------------------------------------------------


@dataclass
class Process:
    popen: subprocess.Popen[bytes]
    log: Path
    stop_with: signal.Signals = signal.SIGTERM

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def stop(self) -> int:
        """Ask politely, insist after a while; gives the exit status."""
        if self.running:
            self.popen.send_signal(self.stop_with)
        try:
            return self.popen.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            return self.popen.wait(STOP_TIMEOUT)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


@contextlib.contextmanager
def process(
    command: Sequence[str | Path],
    *,
    log: Path,
    user: str | None = None,
    stop_with: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Iterator[Process]:
    with log.open("wb") as output:
        popen = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory or log.parent,
            env=None if environment is None else dict(environment),
            # Ctrl-C is for the tests; they stop their servers, in order.
            start_new_session=True,
            preexec_fn=partial(die_with_parent, stop_with) if sys.platform == "linux" else None,
            user=user,
            group=group_of(user),
            extra_groups=None if user is None else [],
        )
    started = Process(popen, log, stop_with)
    try:
        yield started
    finally:
        started.stop()


def die_with_parent(last_signal: signal.Signals) -> None:
    # A test run that is killed cannot clean up after itself; the kernel does.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, last_signal)


def run(command: Sequence[str | Path], *, user: str | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_TIMEOUT,
        cwd="/",
        user=user,
        group=group_of(user),
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def answers(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, timeout=START_TIMEOUT).returncode == 0


def wait_for(ready: Callable[[], bool], server: Process) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not ready():
        if not server.running or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{server.last_words()}")
        time.sleep(0.05)


# --- The machine -------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another identity."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def group_of(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


@contextlib.contextmanager
def directory_of(user: str | None) -> Iterator[Path]:
    # Not below pytest's own temporary directory, whose parents nobody else may enter.
    with tempfile.TemporaryDirectory(prefix="parley-pg-", ignore_cleanup_errors=True) as name:
        if user is not None:
            shutil.chown(name, user, group_of(user))
        yield Path(name)
