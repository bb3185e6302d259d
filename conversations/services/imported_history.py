"""Messages that were said elsewhere, or before: the one way by which they come in, whatever they come from.

What is set here at once is what the other services build up step by step: numbers without gaps, versions,
pointers with the receipts that moved them, the conversation's last message. `check_integrity` holds it.
Nobody is notified of what is history; clients that are there learn of it by the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.privacy import gives_read_receipts
from chatproject.as_given import insert_as_given
from conversations import broadcasts
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.serializers import system_line
from notifications.services import clear_conversation

AT_ONCE = 500


@dataclass(frozen=True)
class Saying:
    """`client_id` is made of where it comes from, so that the same one comes in only once."""

    sender: User
    content: str
    at: datetime
    client_id: UUID
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    # By user id, when others read it; who is not in it has not.
    read_at: Mapping[int, datetime] = field(default_factory=dict)


def begin_direct(*, actor: User, other: User, at: datetime) -> Conversation:
    """The one conversation of the two, as if begun then, unless it is here already."""
    lower, higher = sorted([actor, other], key=lambda person: person.pk)
    with transaction.atomic():
        # The same row lock for whoever looks for this pair: no two make it at once.
        User.objects.select_for_update(no_key=True).get(pk=lower.pk)
        found = Conversation.objects.filter(lower_user=lower, higher_user=higher).first()
        if found:
            return found
        pair = {"kind": Conversation.Kind.DIRECT, "lower_user": lower, "higher_user": higher}
        conversation = _begin(actor, at, version=1, **pair)
        _join(conversation, [actor, other], at)
        return conversation


def begin_group(*, actor: User, title: str, others: Sequence[User], at: datetime) -> Conversation:
    """With the line that tells of it; all of them see everything from the start."""
    with transaction.atomic():
        conversation = _begin(actor, at, kind=Conversation.Kind.GROUP, title=title)
        line = Message(
            kind=Message.Kind.SYSTEM,
            sender=actor,
            system=system_line("groupCreated", list(others), title=title),
            created_at=at,
            updated_at=at,
        )
        _number(conversation, line)
        insert_messages(conversation=conversation, messages=[line], replies={})
        _close(conversation, line)
        _join(conversation, [actor, *others], at)
        conversation.participants.filter(user=actor).update(role=Participant.Role.ADMIN)
        return conversation


def append_history(*, conversation_id: int, sayings: Iterable[Saying]) -> int:
    """In the order given, behind what is there. Returns how many were new."""
    with transaction.atomic():
        locked = Conversation.objects.select_for_update(no_key=True)
        conversation = locked.get(pk=conversation_id)
        places = list(conversation.participants.select_related("user").order_by("pk"))
        tells = _tells(conversation, places)
        readers = [Reader(place, tells=tells) for place in places]
        rest, count = iter(sayings), 0
        while part := list(islice(rest, AT_ONCE)):
            messages = _append(conversation, _unknown(part), readers)
            count += len(messages)
        if count:
            _finish(conversation, readers)
        return count


def insert_messages(
    *, conversation: Conversation, messages: Sequence[Message], replies: Mapping[int, int]
) -> None:
    """With the numbers and versions that they have; `replies` says which seq answers which."""
    insert_as_given(messages)
    if not replies:
        return
    answered = Message.objects.filter(conversation=conversation, seq__in=set(replies.values()))
    ids = dict(answered.values_list("seq", "pk"))
    replying = [message for message in messages if message.seq in replies]
    for message in replying:
        message.reply_to_id = ids[replies[message.seq]]
    Message.objects.bulk_update(replying, ["reply_to"], batch_size=AT_ONCE)


class Reader:
    """How far somebody has got, message by message. Speaking implies having read all before it; behind the
    first message that was not read nothing counts as read, so that no unread one is ever lost."""

    def __init__(self, place: Participant, *, tells: bool) -> None:
        self.place = place
        self.receipts: list[Receipt] = []
        self._tells = tells
        self._began_at = place.private_read_seq
        self._is_behind = Message.objects.unread_for(place).exists()
        # Up to where, and when, they have read what no receipt tells yet.
        self._pending: tuple[int, datetime] | None = None

    def follow(self, message: Message, saying: Saying) -> None:
        if not self.place.is_current:
            return
        if message.sender_id == self.place.user_id:
            self._speak(message)
        elif (moment := saying.read_at.get(self.place.user_id)) and not self._is_behind:
            if self._pending and self._pending[1] != moment:
                self.note()
            self._pending = (message.seq, moment)
        else:
            self._is_behind = True

    def note(self) -> None:
        """The receipts of what is pending."""
        if self._pending:
            self._advance(*self._pending)
            self._pending = None

    @property
    def has_read(self) -> bool:
        return self.place.private_read_seq > self._began_at

    def _speak(self, message: Message) -> None:
        self.note()
        if self.place.private_read_seq < message.seq - 1:
            self._advance(message.seq - 1, message.created_at)
        self.place.delivered_seq = self.place.private_read_seq = message.seq
        self._is_behind = False

    def _advance(self, seq: int, at: datetime) -> None:
        kinds = [Receipt.Kind.DELIVERED, Receipt.Kind.PRIVATE_READ]
        for kind in [*kinds, Receipt.Kind.READ] if self._tells else kinds:
            pointer = f"{kind}_seq"
            before = getattr(self.place, pointer)
            if seq > before:
                self.receipts.append(_receipt(self.place, kind, before, seq, at))
                setattr(self.place, pointer, seq)


def _begin(actor: User, at: datetime, **fields: object) -> Conversation:
    conversation = Conversation(
        organization_id=actor.organization_id,
        created_by=actor,
        created_at=at,
        updated_at=at,
        last_activity_at=at,
        **fields,
    )
    insert_as_given([conversation])
    return conversation


def _join(conversation: Conversation, people: Sequence[User], at: datetime) -> None:
    places = [
        Participant(
            conversation=conversation, user=person, joined_at=at, version=conversation.version
        )
        for person in people
    ]
    insert_as_given(places)


def _tells(conversation: Conversation, places: Sequence[Participant]) -> bool:
    """As services/receipts.py decides it: groups always show receipts."""
    if conversation.is_group:
        return True
    return gives_read_receipts(places[0].user, places[1].user)


def _unknown(sayings: Sequence[Saying]) -> list[Saying]:
    keys = [saying.client_id for saying in sayings]
    here = Message.objects.filter(client_id__in=keys).values_list("sender_id", "client_id")
    known = set(here)
    return [each for each in sayings if (each.sender.pk, each.client_id) not in known]


def _append(
    conversation: Conversation, sayings: Sequence[Saying], readers: Sequence[Reader]
) -> list[Message]:
    messages = [_message(conversation, saying) for saying in sayings]
    if not messages:
        return []
    insert_messages(conversation=conversation, messages=messages, replies={})
    _close(conversation, messages[-1])
    for reader in readers:
        for message, saying in zip(messages, sayings, strict=True):
            reader.follow(message, saying)
        Receipt.objects.bulk_create(reader.receipts)
        reader.receipts = []
    return messages


def _message(conversation: Conversation, saying: Saying) -> Message:
    message = Message(
        sender=saying.sender,
        content="" if saying.deleted_at else saying.content,
        client_id=saying.client_id,
        created_at=saying.at,
        updated_at=saying.updated_at or saying.at,
        deleted_at=saying.deleted_at,
    )
    _number(conversation, message)
    return message


def _number(conversation: Conversation, message: Message) -> None:
    conversation.last_seq += 1
    conversation.version += 1
    message.conversation = conversation
    message.seq, message.version = conversation.last_seq, conversation.version


def _close(conversation: Conversation, last: Message) -> None:
    conversation.last_message = last
    conversation.notified_seq = conversation.last_seq
    conversation.last_message_at = conversation.last_activity_at = last.created_at
    conversation.save()


def _finish(conversation: Conversation, readers: Sequence[Reader]) -> None:
    for reader in readers:
        reader.note()
        Receipt.objects.bulk_create(reader.receipts)
        conversation.version += 1
        reader.place.version = conversation.version
        if reader.has_read:
            clear_conversation(user=reader.place.user, conversation_id=conversation.pk)
    places = [reader.place for reader in readers]
    pointers = ["delivered_seq", "read_seq", "private_read_seq", "version"]
    Participant.objects.bulk_update(places, pointers)
    conversation.save()
    members = [place.user_id for place in places if place.is_current]
    broadcasts.conversation_updated(
        conversation, changed=places, member_count=len(members), to=members
    )


def _receipt(place: Participant, kind: str, start: int, end: int, at: datetime) -> Receipt:
    return Receipt(
        conversation_id=place.conversation_id,
        user_id=place.user_id,
        kind=kind,
        from_seq=start,
        to_seq=end,
        at=at,
    )
