"""A client that does not read costs little and not for long (docs/decisions/0007-slow-readers.md)."""

import time
from pathlib import Path

import pytest

from tests.live import Site
from tests.realtime.clients import StalledClient, client, pair
from tests.servers import Process

pytestmark = pytest.mark.once

MOST_MEGABYTES = 30
CLOSED_WITHIN = 60
# What the one that asks for something asks for is 45 MB, if anybody kept it.
PAGES = 100
# What the operating system takes in before anybody can notice that nobody reads.
PAGES_IN_BUFFERS = 3
OTHERS_WAIT = 5


def megabytes(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def test_stalled_readers_are_bounded_and_closed(embedded_site: Site) -> None:
    """One that asks for much and one that is told much, both alive enough to outwit the pings."""
    people = pair(embedded_site, messages=100, length=4000, devices=2)
    page = {"conversationId": people.conversation_id, "limit": 100}
    body = {"conversationId": people.conversation_id, "content": "x" * 4000}
    process = embedded_site.processes[0]
    with client(embedded_site.url, people.bob[0]) as bob:
        bob.ask("getMessages", page)
        before = megabytes(process)
        asking, listening = (StalledClient(embedded_site.url, token) for token in people.alice)
        for _ in range(PAGES):
            asking.say("getMessages", page)
        for _ in range(PAGES_IN_BUFFERS):
            listening.say("getMessages", page)
        started, most, longest = time.monotonic(), 0.0, 0.0
        while asking.is_open or listening.is_open:
            assert time.monotonic() - started < CLOSED_WITHIN
            asking.say("setActivity", {"state": "active"})
            listening.say("setActivity", {"state": "active"})
            asked = time.monotonic()
            bob.ask("sendMessage", body)
            longest = max(longest, time.monotonic() - asked)
            most = max(most, megabytes(process) - before)
        assert most < MOST_MEGABYTES
        assert longest < OTHERS_WAIT
        assert (bob.ask("getMessages", page))["event"] == "messagesLoaded"
