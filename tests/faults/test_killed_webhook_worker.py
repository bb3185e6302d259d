"""A worker is killed while it tells: everything is told all the same, under the same id, soon."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers
from tests.faults.company import wait_until
from tests.integrations.receiver import Receiver, verified
from tests.live import ROOT, Site, environment_of
from tests.notifications.push_service import Answer, PushService, push_service

pytestmark = [pytest.mark.faults, pytest.mark.live]

MESSAGES = 12
LEASE = 4

BEGIN = """
import json, sys, django
django.setup()
from chatproject.events import NewMessageBody
from conversations.services.conversations import create_group
from conversations.services.messages import send_message
from accounts.services.bots import create_bot
from integrations.services.endpoints import create_endpoint
from tests.cast import organization, person
home = organization("Acme")
alice = person("Alice", home, "owner")
bot = create_bot(actor=alice, display_name="Robo")
secret = create_endpoint(actor=alice, bot=bot, name="Ear", url=sys.argv[1], events=["newMessage"])[1]
place = create_group(actor=alice, title="All", member_ids=[bot.pk])
for number in range(int(sys.argv[2])):
    body = NewMessageBody(content=str(number))
    send_message(actor=alice, conversation_id=place.conversation_id, body=body)
print(secret)
"""
STATES = """
import json, django
django.setup()
from integrations.models import WebhookDelivery
print(json.dumps(list(WebhookDelivery.objects.values_list("state", flat=True))))
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    with push_service(tmp_path) as service:
        yield service


@pytest.fixture
def site(tmp_path: Path) -> Site:
    environment = environment_of(
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path}/parley.sqlite3",
        REDIS_URL="",
        DEBUG="true",
        PUSH_ALLOWED_NETWORKS="127.0.0.0/8",
        PUSH_LEASE_SECONDS=str(LEASE),
        SSL_CERT_FILE=str(tmp_path / "ca.pem"),
    )
    site = Site(environment, tmp_path)
    site.manage("migrate", "--verbosity=0")
    return site


@pytest.fixture
def worker(site: Site) -> Iterator[Callable[[], servers.Process]]:
    with ExitStack() as stack:

        def started() -> servers.Process:
            return stack.enter_context(
                servers.process(
                    [sys.executable, "manage.py", "webhook_worker"],
                    log=site.directory / "webhook-worker.log",
                    environment=site.environment,
                    directory=ROOT,
                )
            )

        yield started


def test_everything_is_told_although_a_worker_is_killed(site, service, worker) -> None:
    receiver = Receiver(service)
    # Each dawdles, so that the worker dies with some of them in its hands.
    receiver.answers(*[Answer(delay=2)] * 6)
    secret = site.run("-c", BEGIN, receiver.url, str(MESSAGES)).split()[-1]
    first = worker()
    wait_until(lambda: len(receiver.received) > 0, within=90, what="a first call")
    first.popen.kill()
    worker()
    wait_until(lambda: set(states(site)) == {"sent"}, within=90, what="the end of each", every=0.2)

    # And the line that tells of the group.
    assert len(states(site)) == MESSAGES + 1
    said: dict[str, set[str]] = defaultdict(set)
    for request in receiver.received:
        said[verified(request, secret)["data"]["content"]].add(request.headers["webhook-id"])
    assert set(said) == {"", *(str(number) for number in range(MESSAGES))}
    assert {len(ids) for ids in said.values()} == {1}
    repeated = Counter(request.headers["webhook-id"] for request in receiver.received)
    assert max(repeated.values()) == 2, "some were in the hands of the one that was killed"


def states(site: Site) -> list[str]:
    found: list[str] = json.loads(site.run("-c", STATES).splitlines()[-1])
    return found
