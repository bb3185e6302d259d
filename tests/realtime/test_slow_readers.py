"""A client that does not read costs little and not for long (docs/decisions/0010-slow-readers.md)."""

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


def megabytes(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize("wants", ["answers", "events"])
def test_a_stalled_reader_is_bounded_and_closed(embedded_site: Site, wants: str) -> None:
    people = pair(embedded_site, messages=100, length=4000, devices=2)
    page = {"conversationId": people.conversation_id, "limit": 100}
    with client(embedded_site.url, people.bob[0]) as bob:
        bob.ask("getMessages", page)
        before = megabytes(embedded_site.processes[0])
        stalled = StalledClient(embedded_site.url, people.alice[0])
        started, most, longest = time.monotonic(), 0.0, 0.0
        sent = 0
        with pytest.raises(OSError):
            while time.monotonic() - started < CLOSED_WITHIN:
                # It is alive otherwise, so pings do not find it out.
                stalled.say("setActivity", {"state": "active"})
                if wants == "answers" and sent < PAGES:
                    stalled.say("getMessages", page)
                    sent += 1
                if wants == "events":
                    asked = time.monotonic()
                    body = {"conversationId": people.conversation_id, "content": "x" * 4000}
                    bob.ask("sendMessage", body)
                    longest = max(longest, time.monotonic() - asked)
                else:
                    time.sleep(0.1)
                most = max(most, megabytes(embedded_site.processes[0]) - before)
        assert most < MOST_MEGABYTES
        assert longest < 5
