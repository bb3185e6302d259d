"""Which database this process tests on: TEST_DATABASE is `sqlite` (default) or `postgresql`.

A plugin, since the settings read DATABASE_URL before any conftest is imported. `bin/test` runs several
workers side by side: one per database, and more for the tests that start server processes of their own. Those
mostly wait, while the others compute. Each worker starts what it needs and stops it again.
"""

import atexit
import contextlib
import os
import tempfile
from pathlib import Path
from zlib import crc32

import pytest

from tests import servers

# Where a test, or a case of one with parameters, runs that is not for both: the quicker one has more.
SHARES = ("sqlite", "sqlite", "sqlite", "postgresql", "postgresql")
# What stores, locks and counts is tested on both.
ON_BOTH = (
    "accounts/test_audit",
    "accounts/test_blocks",
    "accounts/test_invitations",
    "accounts/test_refresh_token",
    "accounts/test_register",
    "accounts/test_sessions",
    "conversations/test_",
    "notifications/test_announce",
    "notifications/test_clear_conversation",
    "notifications/test_digest",
    "notifications/test_notify",
    "notifications/test_of_conversation",
    "notifications/test_push_delivery",
    "notifications/test_pusher",
    "properties/",
    "realtime/test_ordering",
    "realtime/test_parallel_sends",
    "realtime/test_send_message",
    "realtime/test_sync",
    "realtime/test_writer",
)
TESTS = Path(__file__).parent
TEST_DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
missing = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    resources = contextlib.ExitStack()
    early_config.add_cleanup(resources.close)
    atexit.register(resources.close)
    directory = resources.enter_context(tempfile.TemporaryDirectory(prefix="parley-test-"))
    os.environ["DATA_DIR"] = directory
    Path(directory, "static").mkdir()
    os.environ["REDIS_URL"] = ""
    os.environ["ENV_FILE"] = os.devnull
    # Kept under another name for the workers, which inherit this environment.
    given = os.environ.setdefault("GIVEN_DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    os.environ["DATABASE_URL"] = f"sqlite:///{directory}/parley.sqlite3"
    if TEST_DATABASE == "postgresql" and runs_tests(early_config):
        try:
            is_usable = given.startswith("postgres")
            private = contextlib.nullcontext(given) if is_usable else servers.postgresql()
            os.environ["DATABASE_URL"] = resources.enter_context(private)
        except servers.Missing as reason:
            early_config.stash[missing] = str(reason)


def runs_tests(config: pytest.Config) -> bool:
    """False in the process that only hands tests out to others."""
    return "PYTEST_XDIST_WORKER" in os.environ or not config.known_args_namespace.tx


def pytest_report_header() -> str:
    return f"database: {TEST_DATABASE} (choose with TEST_DATABASE=sqlite|postgresql)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        elsewhere = {item for item in items if not belongs_here(item)}
        config.hook.pytest_deselected(items=list(elsewhere))
        items[:] = [item for item in items if item not in elsewhere]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if (reason := item.config.stash.get(missing, "")) and database_of(item) is None:
        raise servers.Missing(reason)


def belongs_here(item: pytest.Item) -> bool:
    database = database_of(item)
    return database == TEST_DATABASE or (
        database is None and TEST_DATABASE in ("sqlite", "postgresql")
    )


def database_of(item: pytest.Item) -> str | None:
    """What does not depend on this process's database runs once, in one of the workers."""
    marks = {mark.name for mark in item.iter_markers()}
    if "browser" in marks:
        return "browser"
    if marks & {"live", "faults"}:
        return "own"
    path = item.path.relative_to(TESTS).as_posix()
    if "once" in marks or is_case(item) or not path.startswith(ON_BOTH):
        return SHARES[crc32(item.nodeid.encode()) % len(SHARES)]
    return None


def is_case(item: pytest.Item) -> bool:
    return hasattr(item, "callspec")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.failed:
        report.sections.append(("database", TEST_DATABASE))
    return report
