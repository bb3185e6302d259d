"""Real server processes of our own, in both profiles, and a real browser to look at them."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests import servers
from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=800)
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first that the production site gives by itself.
FIRST_ID = 1000
# Limits are tested by themselves; here many people sign in from one address.
NO_LIMITS = {
    "RATE_ANONYMOUS": "100000/min",
    "RATE_USER": "100000/min",
    "RATE_SIGN_IN": "100000/min",
    "RATE_SEND": "100000/min",
    "RATE_READ": "100000/min",
    "RATE_CHANGE": "100000/min",
    "SOCKET_FRAMES_BURST": "100000",
    "SIGN_IN_FAILURES": "100000",
}

# A process of its own takes longer to start than to make all these people.
CASTING = """
import json, secrets, django
django.setup()
from tests.cast import everybody
casts = [everybody(suffix=f"-{secrets.token_hex(4)}") for _ in range(20)]
print(json.dumps([{name: user.email for name, user in people.items()} for people in casts]))
"""


@dataclass
class Site:
    """One Parley: a database, and the server processes over it."""

    environment: Mapping[str, str] = field(repr=False)
    directory: Path
    processes: list[servers.Process] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    casts: list[dict[str, str]] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/ws/chat/"

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments)

    def cast(self) -> dict[str, str]:
        """E-mail addresses by name, of people new to this site, so that tests do not meet."""
        if not self.casts:
            self.casts += json.loads(self.run("-c", CASTING).splitlines()[-1])
        return self.casts.pop()

    def token(self, email: str) -> str:
        """An access token of a new device."""
        script = (
            "import django; django.setup()\n"
            "from accounts.models import User\n"
            "from tests.conftest import access_token\n"
            f"print(access_token(User.objects.get(email={email!r})))"
        )
        return self.run("-c", script).splitlines()[-1]

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextlib.contextmanager
    def server(self, port: int | None = None) -> Iterator[servers.Process]:
        port = port or servers.free_port()
        url = f"http://127.0.0.1:{port}"
        with servers.process(
            [sys.executable, "-m", "chatproject.server", "-p", str(port)],
            log=self.directory / f"server-{port}.log",
            environment=self.environment,
            directory=ROOT,
        ) as process:
            servers.wait_for(lambda: is_ready(url), process)
            self.processes.append(process)
            self.urls.append(url)
            yield process


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def embedded(directory: Path, **settings: str) -> Iterator[Site]:
    """SQLite and nothing else; without any settings, as `bin/dev` runs it."""
    database = f"sqlite:///{directory}/parley.sqlite3"
    environment = environment_of(
        directory, **{"DATABASE_URL": database, "REDIS_URL": "", "DEBUG": "true", **settings}
    )
    site = Site(environment, directory)
    site.manage("migrate", "--verbosity=0")
    with site.server():
        yield site


@contextlib.contextmanager
def production(directory: Path) -> Iterator[Site]:
    """PostgreSQL, Redis, hashed static files, several server processes and a task worker."""
    with (
        servers.postgresql() as database,
        servers.redis() as redis,
        contextlib.ExitStack() as stack,
    ):
        environment = environment_of(
            directory, DATABASE_URL=database, REDIS_URL=redis, **operated()
        )
        site = Site(environment, directory)
        site.manage("migrate", "--verbosity=0")
        collect_static(site)
        leave_low_ids_free(database)
        stack.enter_context(task_worker(site))
        for _ in range(2):
            stack.enter_context(site.server())
        yield site


def operated() -> dict[str, str]:
    """As an operator runs it: nothing shows its code, and browsers keep the static files."""
    return {
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SITE_URL": "http://127.0.0.1",
    }


def collect_static(site: Site) -> None:
    """Unless it was done: the manifest is the last file that is written."""
    if not (site.directory / "static" / "staticfiles.json").exists():
        site.manage("collectstatic", "--no-input", "--verbosity=0")


def leave_low_ids_free(database: str) -> None:
    """For what was written down with certain ones (tests/socket_io)."""
    with psycopg.connect(database) as connection:
        for table in ("accounts_user", "conversations_conversation"):
            connection.execute(f"ALTER TABLE {table} ALTER id RESTART WITH {FIRST_ID}")


def task_worker(site: Site) -> contextlib.AbstractContextManager[servers.Process]:
    return servers.process(
        [sys.executable, "manage.py", "db_worker", "--queue-name=*", "--interval=0.2"],
        log=site.directory / "worker.log",
        environment=site.environment,
        directory=ROOT,
    )


def environment_of(directory: Path, **settings: str) -> dict[str, str]:
    ours = {"DJANGO_SETTINGS_MODULE": "chatproject.settings", "DATA_DIR": str(directory)}
    return {**os.environ, **ours, **NO_LIMITS, **settings}


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collected once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    directory = run / "collected"
    with (run / "collected.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        collect_static(Site(environment_of(directory, **operated()), directory))
    return directory / "static"


@pytest.fixture(scope="session")
def embedded_site(tmp_path_factory: pytest.TempPathFactory, static_files: Path) -> Iterator[Site]:
    directory = with_files(tmp_path_factory.mktemp("embedded"), static_files)
    with embedded(directory, **operated()) as site:
        yield site


@pytest.fixture(scope="session")
def production_site(tmp_path_factory: pytest.TempPathFactory, static_files: Path) -> Iterator[Site]:
    directory = with_files(tmp_path_factory.mktemp("production"), static_files)
    with production(directory) as site:
        yield site


def with_files(directory: Path, static_files: Path) -> Path:
    shutil.copytree(static_files, directory / "static", copy_function=os.link)
    return directory


@pytest.fixture(params=["embedded", "production"])
def site(request: pytest.FixtureRequest) -> Site:
    """The test runs on both profiles. Both sites serve the whole run; `site.cast()` keeps tests apart."""
    running: Site = request.getfixturevalue(f"{request.param}_site")
    return running


# --- The browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the whole run: its event loop would be in the way of asynchronous tests.
    with running(servers.chromium()) as chromium:
        yield chromium


@contextlib.contextmanager
def running(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    """`allow` in a module whose tests are about what it does: it loads every page's files once more."""
    return "block"


@pytest.fixture
def open_browser(
    browser: Browser, service_workers: Literal["allow", "block"]
) -> Iterator[Callable[..., BrowserContext]]:
    """`open_browser(site)` is somebody's own browser, with nobody signed in."""
    with contextlib.ExitStack() as stack:

        def opened(
            site: Site, *, server: int = 0, phone: bool = False, **options
        ) -> BrowserContext:
            context = browser.new_context(
                base_url=site.urls[server],
                viewport=PHONE if phone else DESKTOP,
                has_touch=phone,
                locale="en-GB",
                timezone_id="UTC",
                service_workers=service_workers,
                **options,
            )
            stack.callback(context.close)
            return context

        yield opened


@pytest.fixture
def page_for(open_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`page_for(site, email)` is the first page of a person who has just signed in."""

    def signed_in(site: Site, email: str, **options) -> Page:
        context: BrowserContext = open_browser(site, **options)
        sign_in(context, email)
        page = context.new_page()
        page.goto("/")
        return page

    return signed_in


def sign_in(context: BrowserContext, email: str) -> None:
    """As the form does it, which tests of their own look at."""
    form = context.request.get("/sign-in")
    (token,) = (one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    fields: dict[str, str | float | bool] = {"email": email, "password": PASSWORD}
    fields["csrfmiddlewaretoken"] = token
    answer = context.request.post(form.url, form=fields, max_redirects=0)
    assert answer.status == 302, answer.text()
