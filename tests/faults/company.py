"""People of one organization, all of their devices writing; and what must be true afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from tests.clients import Rest, Socket
from tests.faults.cluster import Cluster
from tests.faults.devices import Acknowledged, Device, RestDevice, SocketDevice, all_acknowledged

DEVICES = 20
NAMES = ("alice", "bob", "carol")


class Company:
    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.stack = ExitStack()
        self.devices: list[Device] = []

    def __enter__(self) -> Self:
        cast = self.cluster.site.cast()
        # The last server is the one that no test kills.
        url = self.cluster.urls[-1]
        self.people = {name: self.stack.enter_context(Rest(url, cast[name])) for name in NAMES}
        alice, bob, carol = self.people.values()
        self.direct = alice.direct_with(bob.id)
        self.group = alice.group_of("Everybody", bob.id, carol.id)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self.stack.close()

    # --- Writing -------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Half of the devices by REST, half by socket, spread over people and servers."""
        self.devices = [self._device(number) for number in range(DEVICES)]
        for device in self.devices:
            device.start()
        self.expect_progress()
        yield
        self.stop()

    def _device(self, number: int) -> Device:
        kind = (RestDevice, SocketDevice)[number % 2]
        name = NAMES[number // 2 % len(NAMES)]
        urls = self.cluster.urls if number // 4 % 2 else self.cluster.urls[::-1]
        has_direct = name != "carol" and number % 5 == 0
        return kind(
            label=f"{name}'s {kind.__name__} {number}",
            token=self.people[name].token,
            urls=urls,
            conversation_id=self.direct if has_direct else self.group,
        )

    def stop(self) -> None:
        for device in self.devices:
            device.stopping.set()
        for device in self.devices:
            device.join(30)
            assert not device.is_alive(), f"{device.name} is stuck"
        faults = [f"{device.name}: {device.fault!r}" for device in self.devices if device.fault]
        assert not faults, "\n".join(faults)

    def expect_progress(self, *, messages: int = 3, within: float = 30) -> None:
        """Every device brings some more messages to their end."""
        counts = [len(device.acknowledged) for device in self.devices]

        def has_progressed() -> bool:
            self.raise_faults()
            return all(
                len(device.acknowledged) >= count + messages
                for device, count in zip(self.devices, counts, strict=True)
            )

        wait_until(has_progressed, within=within, what="a device made no progress")

    def raise_faults(self) -> None:
        for device in self.devices:
            if device.fault:
                raise AssertionError(f"{device.name} met a fault") from device.fault

    # --- Afterwards ----------------------------------------------------------------------------

    def expect_nothing_lost(self) -> None:
        """Every member finds the same messages, by REST and by socket: all that were acknowledged, once."""
        for conversation_id in (self.direct, self.group):
            messages = self.agreed_messages(conversation_id)
            assert [one["seq"] for one in messages] == list(range(1, len(messages) + 1))
            acknowledged = [
                one
                for one in all_acknowledged(self.devices)
                if one.conversation_id == conversation_id
            ]
            assert acknowledged, "the test means nothing if nobody wrote here"
            expect_acknowledged(acknowledged, messages)
            expect_order(acknowledged)

    def agreed_messages(self, conversation_id: int) -> list[dict[str, Any]]:
        found = [
            reading
            for person in self.people.values()
            if conversation_id in ids_of_conversations(person)
            for reading in (person.history(conversation_id), synchronized(person, conversation_id))
        ]
        assert len(found) == 2 * (2 if conversation_id == self.direct else 3)
        facts = [[comparable(message) for message in reading] for reading in found]
        assert all(one == facts[0] for one in facts[1:]), "members do not see the same"
        return found[0]


def ids_of_conversations(person: Rest) -> list[int]:
    return [one["id"] for one in person.get("chat/conversations")["conversations"]]


def synchronized(person: Rest, conversation_id: int) -> list[dict[str, Any]]:
    """As a device reads that knows of the conversation and holds nothing of it."""
    with Socket(person.url, person.token) as socket:
        changes = socket.catch_up({conversation_id: 0})
    messages = [
        message
        for one in changes
        if one["conversation"]["id"] == conversation_id
        for message in one["messages"]
    ]
    return sorted(messages, key=lambda message: message["seq"])


def comparable(message: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(message[name] for name in ("id", "seq", "version", "kind", "senderId", "content"))


def expect_acknowledged(acknowledged: list[Acknowledged], messages: list[dict[str, Any]]) -> None:
    stored = {one["clientId"]: one for one in messages if one["clientId"]}
    lost = [one for one in acknowledged if one.client_id not in stored]
    assert not lost, f"{len(lost)} lost, such as {lost[:5]}"
    texts = [one for one in messages if one["kind"] == "text"]
    assert len(texts) == len(stored), "a message stands there twice"
    for one in acknowledged:
        message = stored[one.client_id]
        assert (message["seq"], message["content"]) == (one.seq, one.content)


def expect_order(acknowledged: list[Acknowledged]) -> None:
    """What was acknowledged before another was sent stands before it."""
    by_end = sorted(acknowledged, key=lambda one: one.ended)
    highest, ended = 0, 0
    for one in sorted(acknowledged, key=lambda one: one.began):
        while by_end[ended].ended < one.began:
            highest = max(highest, by_end[ended].seq)
            ended += 1
        assert one.seq > highest, f"{one} stands before what was there already"


def wait_until(is_so: Callable[[], bool], *, within: float, what: str, every: float = 0.05) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, f"{what} within {within:.0f} s"
        time.sleep(every)
