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
# What it asks for is 45 MB, if anybody kept it.
PAGES = 100
OTHERS_WAIT = 5


def megabytes(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def test_a_stalled_reader_is_bounded_and_closed(embedded_site: Site) -> None:
    """It asks for much, is told much, and is alive enough to outwit the pings."""
    people = pair(embedded_site, messages=100, length=4000)
    page = {"conversationId": people.conversation_id, "limit": 100}
    body = {"conversationId": people.conversation_id, "content": "x" * 4000}
    process = embedded_site.processes[0]
    with client(embedded_site.url, people.bob[0]) as bob:
        bob.ask("getMessages", page)
        before = megabytes(process)
        stalled = StalledClient(embedded_site.url, people.alice[0])
        for _ in range(PAGES):
            stalled.say("getMessages", page)
        started, most, longest = time.monotonic(), 0.0, 0.0
        while stalled.is_open:
            assert time.monotonic() - started < CLOSED_WITHIN
            stalled.say("setActivity", {"state": "active"})
            asked = time.monotonic()
            bob.ask("sendMessage", body)
            longest = max(longest, time.monotonic() - asked)
            most = max(most, megabytes(process) - before)
        assert most < MOST_MEGABYTES
        assert longest < OTHERS_WAIT
        assert bob.ask("getMessages", page)["event"] == "messagesLoaded"
