"""Random histories of a group and a direct conversation. Whatever happens, in whatever order:

P3 one order for all; P4 catching up leaves no hole; P5 state from events equals state from a fetch;
P6 pointers only move forward, read implies delivered; P7 unread equals a recount.
"""

import os
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import PrivacySettings
from chatproject.errors import DomainError
from chatproject.events import MessagesQuery, NewMessageBody
from conversations.models import Conversation, HiddenMessage, Message, Participant
from conversations.services import sync as sync_service
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.hiding import delete_message_for_me
from conversations.services.history import page_of_messages
from conversations.services.listing import conversation_in_full
from conversations.services.members import add_members, leave, remove_member
from conversations.services.messages import delete_message, edit_message, send_message
from conversations.services.receipts import mark_delivered, mark_read
from tests.properties.device import DERIVED, Device

people = st.sampled_from(["alice", "bob", "carol"])
others = st.sampled_from(["bob", "carol"])
seqs = st.integers(min_value=0, max_value=40)
# What somebody may rightly be told here; anything else that is raised is a failure.
EXPECTED_REFUSALS = {403, 404}
# More of them: HISTORIES=500 bin/test tests/properties
HISTORIES = int(os.environ.get("HISTORIES", "5"))


class ConversationMachine(RuleBasedStateMachine):
    cast: Any
    published: Any

    def __init__(self) -> None:
        super().__init__()
        self.history = transaction.atomic()
        self.history.__enter__()
        alice, bob, carol = (self.cast[name] for name in ("alice", "bob", "carol"))
        self.group = create_group(
            actor=alice, title="Team", member_ids=[bob.pk, carol.pk]
        ).conversation_id
        self.direct = get_or_create_direct(actor=alice, target_user_id=bob.pk)[0].conversation_id
        self.devices = {name: Device(person) for name, person in self.cast.items()}
        self.awake = dict.fromkeys(self.cast, True)
        self.sent: list[tuple[str, int, NewMessageBody, int]] = []
        self.reached: dict[int, tuple[int, int, int]] = {}
        self.published.forget()
        for device in self.devices.values():
            device.catch_up()

    def teardown(self) -> None:
        try:
            self.compare_devices_with_a_fetch()
            for who in self.cast:
                self.wake_up(who)
            self.compare_devices_with_a_fetch()
        finally:
            self.published.forget()
            transaction.set_rollback(True)
            self.history.__exit__(None, None, None)

    # --- What people do --------------------------------------------------------------------------

    @rule(who=people, in_group=st.booleans())
    def send(self, who, in_group):
        body = NewMessageBody(content=f"Message {len(self.sent)}", client_id=uuid4())
        where = self.group if in_group else self.direct
        sent = self._try(send_message, who, conversation_id=where, body=body)
        if sent is not None:
            assert sent.created
            self.sent.append((who, where, body, sent.message.id))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def repeat_a_send(self, data):
        who, where, body, message_id = data.draw(st.sampled_from(self.sent))
        again = send_message(actor=self.cast[who], conversation_id=where, body=body)
        assert (again.created, again.message.id) == (False, message_id)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), text=st.sampled_from(["Changed", "Changed again"]))
    def edit(self, data, text):
        who, where, _body, message_id = data.draw(st.sampled_from(self.sent))
        self._try(edit_message, who, conversation_id=where, message_id=message_id, content=text)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def delete(self, data):
        who, where, _body, message_id = data.draw(st.sampled_from(self.sent))
        self._try(delete_message, who, conversation_id=where, message_id=message_id)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), who=people)
    def delete_for_oneself(self, data, who):
        _sender, where, _body, message_id = data.draw(st.sampled_from(self.sent))
        self._try(delete_message_for_me, who, conversation_id=where, message_id=message_id)

    @rule(who=people, up_to=seqs, in_group=st.booleans())
    def deliver(self, who, up_to, in_group):
        where = self.group if in_group else self.direct
        self._try(mark_delivered, who, conversation_id=where, up_to_seq=up_to)

    @rule(who=people, up_to=st.none() | seqs, in_group=st.booleans())
    def read(self, who, up_to, in_group):
        where = self.group if in_group else self.direct
        self._try(mark_read, who, conversation_id=where, up_to_seq=up_to)

    @rule(who=people, gives=st.booleans())
    def give_or_withhold_receipts(self, who, gives):
        PrivacySettings.objects.filter(user=self.cast[who]).update(read_receipts=gives)

    @rule(who=others)
    def leave_group(self, who):
        self._try(leave, who, conversation_id=self.group)

    @rule(who=others)
    def remove(self, who):
        self._try(remove_member, "alice", conversation_id=self.group, user_id=self.cast[who].pk)

    @rule(who=others)
    def add(self, who):
        self._try(add_members, "alice", conversation_id=self.group, user_ids=[self.cast[who].pk])

    # --- What devices do -------------------------------------------------------------------------

    @rule(who=people)
    def fall_asleep(self, who):
        self.awake[who] = False

    @rule(who=people)
    def wake_up(self, who):
        self.awake[who] = True
        self.devices[who].catch_up()

    def _try(self, operation, who, **arguments):
        try:
            return operation(actor=self.cast[who], **arguments)
        except DomainError as refusal:
            assert refusal.status in EXPECTED_REFUSALS
            return None
        finally:
            self._hand_out_events()

    def _hand_out_events(self) -> None:
        for event, user_ids in list(self.published.all):
            for name, device in self.devices.items():
                if device.owner.pk in user_ids and self.awake[name]:
                    device.receive(event)
        self.published.forget()

    # --- What always holds -----------------------------------------------------------------------

    @invariant()
    def seqs_have_no_gap(self):
        for conversation in Conversation.objects.all():
            seqs = list(conversation.messages.order_by("seq").values_list("seq", flat=True))
            assert seqs == list(range(1, conversation.last_seq + 1))

    @invariant()
    def pointers_only_move_forward(self):
        for place in Participant.objects.select_related("conversation"):
            now = (place.delivered_seq, place.private_read_seq, place.read_seq)
            assert place.conversation.last_seq >= now[0] >= now[1] >= now[2] >= 0
            before = self.reached.get(place.pk, (0, 0, 0))
            assert all(new >= old for new, old in zip(now, before, strict=True))
            self.reached[place.pk] = now

    @invariant()
    def unread_equals_a_recount(self):
        counted = Participant.objects.with_unread_count()
        unread = dict(counted.values_list("pk", "unread_count"))  # type: ignore[misc]
        for place in Participant.objects.select_related("conversation"):
            assert unread[place.pk] == sum(
                message.seq > place.private_read_seq
                and message.sender_id != place.user_id
                and message.kind == "text"
                and message.deleted_at is None
                for message in _seen_by(place)
            )

    @rule()
    def compare_devices_with_a_fetch(self):
        """Often, not after each step: it costs more than all the rest."""
        for name, device in self.devices.items():
            if self.awake[name]:
                for conversation_id in device.versions:
                    _compare(device, conversation_id)


def _seen_by(place: Participant) -> list[Message]:
    last = place.conversation.last_seq if place.left_seq is None else place.left_seq
    hidden = HiddenMessage.objects.filter(user=place.user_id, conversation=place.conversation_id)
    put_away = set(hidden.values_list("seq", flat=True))
    return [
        message
        for message in place.conversation.messages.all()
        if message.seq <= last
        and message.seq not in put_away
        and not any(first <= message.seq <= end for first, end in place.absences)
    ]


def _compare(device: Device, conversation_id: int) -> None:
    full = conversation_in_full(actor=device.owner, conversation_id=conversation_id)
    fetched = _fetch_messages(device, conversation_id)
    held = device.messages.get(conversation_id, {})
    assert held.keys() == fetched.keys()
    if not full.is_member:
        # Who left is not told of later edits and deletions, and sees them only on fetching.
        return
    assert held == fetched
    assert device.versions[conversation_id] == full.version
    assert device.pointers[conversation_id] == {
        one.user.id: (one.delivered_seq, one.read_seq, one.is_current) for one in full.participants
    }


def _fetch_messages(device: Device, conversation_id: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    after, more = 0, True
    while more:
        query = MessagesQuery(after=after, limit=7)
        page = page_of_messages(actor=device.owner, conversation_id=conversation_id, query=query)
        for message in page.messages:
            assert message.seq > after, "ascending, none twice"
            after = message.seq
            found[after] = message.model_dump(exclude=DERIVED)
        more = page.has_newer
    return found


# Long on a busy machine, and not to be cut off within a transaction of its own.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bound", [1000, 3], ids=["roomy", "tight"])
def test_any_history(alice, bob, carol, published, monkeypatch, bound):
    """Also with answers of `sync` so small that nearly each is cut."""
    monkeypatch.setattr(sync_service, "MAX_MESSAGES", bound)
    ConversationMachine.cast = {"alice": alice, "bob": bob, "carol": carol}
    ConversationMachine.published = published
    run_state_machine_as_test(
        ConversationMachine,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Message.objects.count() == 0, "each history was undone"
