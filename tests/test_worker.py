"""Background tasks are worked on in either profile: by a thread of the server, or by `db_worker`."""

import time

import pytest

from tests.live import Site

pytestmark = pytest.mark.live

PATIENCE = 20


def test_a_reset_that_was_asked_for_is_mailed(site: Site) -> None:
    alice = site.cast()["alice"]
    site.run(
        "-c",
        "import django; django.setup()\n"
        "from accounts.services.passwords import request_password_reset\n"
        f"request_password_reset(email={alice!r})",
    )
    deadline = time.monotonic() + PATIENCE
    while not any(alice in mail for mail in mails(site)):
        assert time.monotonic() < deadline, "no mail was written"
        time.sleep(0.1)
    assert any(f"{site_address(site)}/password/reset/" in mail for mail in mails(site))


def mails(site: Site) -> list[str]:
    return [path.read_text() for path in (site.directory / "mail").glob("*.log")]


def site_address(site: Site) -> str:
    return site.environment.get("SITE_URL", "http://localhost:8000")
