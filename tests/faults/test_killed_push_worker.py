"""Push workers are killed while they send: every device is told all the same, by the same tag, soon."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from notifications.management.commands.make_push_keys import new_private_key
from tests import servers
from tests.faults.company import wait_until
from tests.live import ROOT, Site, environment_of
from tests.notifications.push_service import Answer, Browser, PushService, push_service

pytestmark = [pytest.mark.faults, pytest.mark.live]

DEVICES = 60
GRACE = 1
LEASE = 6
# P15: within 5 s of the end of the grace.
PROMISED = 5
STARTING = 30

BEGIN = """
import json, sys, django
django.setup()
from accounts.models import Session, User
from chatproject.events import NewMessageBody
from conversations.services.conversations import create_group
from conversations.services.messages import send_message
from notifications.models import PushSubscription
from tests.cast import organization, person
home = organization("Acme")
alice, people = person("Alice", home), []
for number, device in enumerate(json.loads(sys.argv[1])):
    people.append(person(f"Person {number}".replace(" ", "-"), home))
    session = Session.objects.create(user=people[-1], kind="browser", label="tests")
    PushSubscription.objects.create(user=people[-1], session=session, kind="web", **device)
place = create_group(actor=alice, title="All", member_ids=[one.pk for one in people])
from notifications.models import OutboxEntry
OutboxEntry.objects.all().delete()
body = NewMessageBody(content="Can everybody hear me?")
send_message(actor=alice, conversation_id=place.conversation_id, body=body)
"""
STATES = """
import json, django
django.setup()
from notifications.models import PushDelivery
print(json.dumps(list(PushDelivery.objects.values_list("state", "attempts"))))
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    with push_service(tmp_path) as service:
        yield service


@pytest.fixture(params=["postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as stack:
        database = f"sqlite:///{tmp_path}/parley.sqlite3"
        if request.param == "postgresql":
            database = stack.enter_context(servers.postgresql())
        environment = environment_of(
            tmp_path,
            DATABASE_URL=database,
            REDIS_URL="",
            DEBUG="true",
            VAPID_PRIVATE_KEY=new_private_key(),
            PUSH_ALLOWED_NETWORKS="127.0.0.0/8",
            PUSH_GRACE_SECONDS=str(GRACE),
            PUSH_LEASE_SECONDS=str(LEASE),
            SSL_CERT_FILE=str(tmp_path / "ca.pem"),
        )
        site = Site(environment, tmp_path)
        site.manage("migrate", "--verbosity=0")
        yield site


@pytest.fixture
def worker(site: Site) -> Iterator[Callable[[], servers.Process]]:
    with ExitStack() as stack:

        def started() -> servers.Process:
            return stack.enter_context(
                servers.process(
                    [sys.executable, "manage.py", "push_worker"],
                    log=site.directory / "push-worker.log",
                    environment=site.environment,
                    directory=ROOT,
                )
            )

        yield started


def test_every_device_is_told_although_workers_are_killed(site, service, worker) -> None:
    browsers = [Browser(service, str(number)) for number in range(DEVICES)]
    # Two in three take their time, so that workers die with pushes in their hands.
    for number, browser in enumerate(browsers):
        if number % 3:
            browser.answers(Answer(delay=1))
    devices = [{"endpoint": one.endpoint, **one.keys} for one in browsers]
    site.run("-c", BEGIN, json.dumps(devices))
    sent = time.monotonic()
    first, _second = worker(), worker()
    wait_until(lambda: len(service.received) > 0, within=60, what="a first push")
    first.popen.kill()
    worker()
    wait_until(lambda: all(one.received for one in browsers), within=60, what="a push for each")
    told = time.monotonic() - sent
    wait_until(
        lambda: {state for state, _attempts in states(site)} == {"sent"},
        within=60,
        what="the end of each",
    )

    counts = Counter(len(one.received) for one in browsers)
    assert counts[1] > DEVICES / 2, counts
    assert len(states(site)) == DEVICES
    for browser in browsers:
        tags = {shown["tag"] for shown in browser.shown}
        topics = {each.headers["topic"] for each in browser.received}
        assert len(tags) == len(topics) == 1
    print(f"{DEVICES} devices told after {told:.1f} s; more than once: {DEVICES - counts[1]}")
    # Waiting for the dead one's lease is part of the promise; starting three processes is not, and takes what
    # the machine gives.
    assert told < GRACE + LEASE + PROMISED + STARTING


def states(site: Site) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = json.loads(site.run("-c", STATES).splitlines()[-1])
    return found
