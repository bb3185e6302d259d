"""The cast and the verbs of every test; tests/live.py adds real servers and browsers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts import presence
from accounts.models import Organization, Session, User
from accounts.roles import Role
from chatproject.events import Event
from tests.cast import organization, person
from tests.contract_client import ContractClient
from tests.servers import Missing

pytest_plugins = ["tests.live"]


def pytest_configure() -> None:
    # The real hashers are slow by design; hundreds of people sign in here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = lambda case: empty_tables()  # type: ignore[attr-defined]


# What migrations and their signals put there.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables() -> None:
    """As Django's flush, at a tenth of its cost: its TRUNCATE writes two files for each of our tables, and
    then it makes the permissions of all models again. As a replica, PostgreSQL asks neither for order nor for
    the triggers that guard the audit log.
    """
    tables = set(connection.introspection.django_table_names(include_views=False)) - KEPT
    statements = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables)]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            statements = ["; ".join(statements)]
        for statement in statements:
            cursor.execute(statement)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The loop's threads have database connections of their own, which a rollback cannot reach:
    # an asynchronous test with the plain `db` would neither see nor undo its rows.
    for item in items:
        if item.get_closest_marker("asyncio") and "db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item):
    """What this machine lacks skips a test, but fails the run where CI promises to have it."""
    try:
        return (yield)
    except Missing as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    if connection.vendor == "sqlite":
        # A file, not memory: threads must meet in it. Nothing here has to survive a power cut.
        file = tmp_path_factory.mktemp("database") / "parley.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    else:
        # Somebody else may be testing on the same server.
        connection.settings_dict["TEST"]["NAME"] = f"test_parley_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            # Threads of past event loops still hold connections, and those forbid the drop.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def connections_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    # Channels closes "old" connections after each frame, and with them the test's transaction.
    async def aclose() -> None: ...

    for module in ("consumer", "generic.http", "generic.websocket"):
        monkeypatch.setattr(f"channels.{module}.aclose_old_connections", aclose)
    monkeypatch.setattr("channels.db.close_old_connections", lambda **kwargs: None)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def plain_english() -> Iterator[None]:
    # A request of a test leaves its reader's language and zone behind in this thread.
    with translation.override("en"), timezone.override(None):
        yield


@pytest.fixture(autouse=True)
def media_directory(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


# --- The cast ----------------------------------------------------------------------------------


@pytest.fixture
def acme(db) -> Organization:
    return organization("Acme")


@pytest.fixture
def globex(db) -> Organization:
    return organization("Globex")


@pytest.fixture
def alice(acme) -> User:
    return person("Alice", acme, Role.OWNER)


@pytest.fixture
def bob(acme) -> User:
    return person("Bob", acme)


@pytest.fixture
def carol(acme) -> User:
    return person("Carol", acme)


@pytest.fixture
def gus(acme) -> User:
    return person("Gus", acme, Role.GUEST)


@pytest.fixture
def mallory(globex) -> User:
    return person("Mallory", globex, Role.OWNER)


# --- The verbs ---------------------------------------------------------------------------------


def access_token(user: User) -> str:
    session = Session.objects.create(user=user, kind=Session.Kind.API, label="tests")
    token = AccessToken.for_user(user)
    token["sid"] = session.pk
    return str(token)


class Published:
    """What would have reached sockets so far, in order. Rolled back work publishes nothing."""

    def __init__(self) -> None:
        self._sent: list[tuple[Event, list[int]]] = []

    def record(self, event: Event, user_ids: list[int]) -> None:
        self._sent.append((event, user_ids))

    @property
    def all(self) -> list[tuple[Event, list[int]]]:
        """Events with the ids of the people whom they are addressed to."""
        _run_commit_hooks()
        return self._sent

    @property
    def names(self) -> list[str]:
        return [event.name for event, _ in self.all]

    def to(self, user: User) -> list[Event]:
        return [event for event, user_ids in self.all if user.pk in user_ids]

    def named(self, name: str) -> list[Event]:
        return [event for event, _ in self.all if event.name == name]

    def forget(self) -> None:
        self.all.clear()


def _run_commit_hooks() -> None:
    """In a test that is itself a transaction nothing is ever committed; do what COMMIT would."""
    if connection.in_atomic_block:
        hooks, connection.run_on_commit = connection.run_on_commit, []
        for hook in hooks:
            hook[1]()


@pytest.fixture(autouse=True)
def nobody_is_here() -> Iterator[None]:
    """Presence is kept outside the database, which forgets by itself."""
    yield
    presence.leave()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    capture = Published()
    monkeypatch.setattr("chatproject.realtime.send", capture.record)
    return capture


@pytest.fixture
def api() -> Callable[[User], APIClient]:
    """`api(alice)` is a REST client on a signed-in device of Alice."""

    def client(user: User) -> APIClient:
        signed_in = ContractClient()
        signed_in.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token(user)}")
        return signed_in

    return client


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """`browser_of(alice)` is a browser in which Alice is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def run_tasks(db) -> Callable[[], None]:
    """Does what the worker would do with the tasks that wait."""

    def run() -> None:
        worker = Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id="tests", excluded_queue_names=[],
        )  # fmt: skip
        for waiting in DBTaskResult.objects.ready():
            waiting.claim("tests")
            worker.run_task(waiting)
            waiting.refresh_from_db()
            assert waiting.status == "SUCCESSFUL", waiting.traceback

    return run
