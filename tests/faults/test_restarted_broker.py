"""Redis is gone in the middle of everything, or loses all that it knew."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.clients import Rest, Socket
from tests.faults.company import Company, wait_until
from tests.faults.devices import all_acknowledged

# The promise, in seconds.
LIVE_AGAIN_WITHIN = 15


class Listener(threading.Thread):
    """A device that only listens, and can catch up from where it stood at first."""

    def __init__(self, url: str, person: Rest, stack: ExitStack) -> None:
        super().__init__(daemon=True)
        self.socket = stack.enter_context(Socket(url, person.token))
        self.held: dict[int, int] = {}
        self.socket.catch_up(self.held)
        self.events: list[str] = []
        self.contents: set[str] = set()
        self.fault: Exception | None = None
        self.stopping = threading.Event()
        self.start()

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.note_next()
        except Exception as fault:
            self.fault = fault

    def note_next(self) -> None:
        try:
            frame = json.loads(self.socket.connection.recv(timeout=0.1))
        except TimeoutError:
            return
        self.events.append(frame["event"])
        if frame["event"] == "newMessage":
            self.contents.add(frame["data"]["content"])

    def catch_up(self) -> set[str]:
        """What it has not to have missed, on the connection that it always had."""
        self.stopping.set()
        self.join(10)
        assert self.fault is None, self.fault
        changes = self.socket.catch_up(self.held)
        return {message["content"] for one in changes for message in one["messages"]}


@contextmanager
def listening(company: Company) -> Iterator[list[Listener]]:
    """Everybody, on each server."""
    with ExitStack() as stack:
        people = company.people.values()
        yield [Listener(url, one, stack) for url in company.cluster.urls for one in people]


def test_a_restart_of_redis_costs_no_send_and_leaves_nobody_deaf(cluster, company, rounds) -> None:
    for _round in rounds:
        with listening(company) as listeners:
            with company.writing():
                cluster.redis.kill()
                company.expect_progress()
                cluster.redis.start()
                expect_live(company, listeners)
                expect_online(company)
            assert all("resync" in one.events for one in listeners)
            expect_nothing_missed(company, listeners)
        company.expect_nothing_lost()


def test_what_redis_forgets_is_not_missed(cluster, company, rounds) -> None:
    for _round in rounds:
        with listening(company) as listeners:
            with company.writing():
                cluster.redis.ask("FLUSHALL")
                expect_live(company, listeners)
                expect_online(company)
            expect_nothing_missed(company, listeners)
        company.expect_nothing_lost()


def expect_live(company: Company, listeners: list[Listener]) -> None:
    """Each hears something that was said since."""
    alice, said, numbers = company.people["alice"], set[str](), itertools.count()

    def everybody_hears() -> bool:
        said.add(text := f"Do you hear me? {next(numbers)}")
        alice.send(company.group, text)
        return all(listener.contents & said for listener in listeners)

    wait_until(everybody_hears, within=LIVE_AGAIN_WITHIN, what="a socket was not live again")


def expect_online(company: Company) -> None:
    """Presence is put back by the next beat."""
    alice, bob, _carol = company.people.values()
    wait_until(
        lambda: bool(alice.get(f"chat/online-status/{bob.id}")["isOnline"]),
        within=LIVE_AGAIN_WITHIN,
        what="Bob was not online again",
    )


def expect_nothing_missed(company: Company, listeners: list[Listener]) -> None:
    """By those who are in the group; what was said in it, and how much."""
    said = {
        one.content
        for one in all_acknowledged(company.devices)
        if one.conversation_id == company.group
    }
    for listener in listeners:
        assert said <= listener.catch_up()
