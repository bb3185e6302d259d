"""Many sends in one transaction: what services/messages.py does for one, done for all that wait.

Only what is ordinary is done here. A repeat, a refusal, a wrong reply: each of those goes through
`send_message` by itself, which knows what to answer. So there is one place that refuses, and one bad send
never fails its neighbours. tests/properties/test_batches.py holds the two ways together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import presence
from accounts.models import User
from chatproject.events import NewMessageBody
from chatproject.statements import ask, moment
from conversations import broadcasts
from conversations.models import Message, Participant, Receipt
from conversations.serializers import message_shape
from conversations.services import batch_rows
from conversations.services.batch_scene import Place, Scene
from conversations.services.membership import next_version
from conversations.services.messages import Sent, request_hash
from notifications.services import clear_conversation, lock_unread, notify_new_messages


@dataclass(frozen=True, slots=True)
class Send:
    actor: User
    conversation_id: int
    body: NewMessageBody


def send_messages(*, sends: Sequence[Send]) -> list[Sent | None]:
    """In their order. None: this one is not ordinary, and nothing was done about it."""
    with transaction.atomic():
        batch = Batch(sends)
        sent = [batch.enact(number, send) for number, send in enumerate(sends)]
        batch.store()
        batch.notify()
    return sent


class Batch:
    def __init__(self, sends: Sequence[Send]) -> None:
        self.scene = Scene(sends)
        # Only now: whoever held the locks before us has an earlier time.
        self.at = timezone.now()
        self.keys: set[tuple[int, UUID]] = set()
        self.messages: list[Message] = []
        self.receipts: list[dict[str, object]] = []
        self.changed: dict[int, Participant] = {}
        self.cleared: dict[tuple[int, int], User] = {}

    # --- One send ------------------------------------------------------------------------------

    def enact(self, number: int, send: Send) -> Sent | None:
        place = self.scene.places.get((send.conversation_id, send.actor.pk))
        if self._is_repeat(number, send) or place is None or not self._is_allowed(send, place):
            return None
        # Sending implies having read.
        self._read_everything(place)
        message = self._append(place.participant, send, self.scene.new_ids[number])
        shape = message_shape(message)
        broadcasts.message_created(shape, to=self.scene.members[send.conversation_id])
        return Sent(shape, created=True)

    def _is_repeat(self, number: int, send: Send) -> bool:
        """Also of one in this batch, whatever becomes of that."""
        key = (send.actor.pk, send.body.client_id)
        is_repeat = number in self.scene.repeated or key in self.keys
        self.keys.add(key)
        return is_repeat

    def _is_allowed(self, send: Send, place: Place) -> bool:
        if send.body.reply_to_id is None:
            return place.is_open
        quote = self._quote(send)
        absences = place.participant.absences
        return (
            place.is_open
            and quote is not None
            and not any(first <= quote.seq <= last for first, last in absences)
        )

    def _quote(self, send: Send) -> Message | None:
        return self.scene.quotes.get((send.conversation_id, send.body.reply_to_id))

    def _append(self, sender: Participant, send: Send, pk: int) -> Message:
        conversation = sender.conversation
        conversation.last_seq += 1
        message = Message(
            id=pk,
            conversation=conversation,
            seq=conversation.last_seq,
            version=next_version(conversation),
            sender=sender.user,
            content=send.body.content,
            client_id=send.body.client_id,
            reply_to=self._quote(send),
            request_hash=request_hash(conversation.pk, send.body),
            created_at=self.at,
            updated_at=self.at,
        )
        sender.private_read_seq = sender.delivered_seq = message.seq
        sender.version = message.version
        self.changed[sender.pk] = sender
        self.messages.append(message)
        return message

    # --- Reading, as services/receipts.py has it -----------------------------------------------

    def _read_everything(self, place: Place) -> None:
        reader, conversation = place.participant, place.participant.conversation
        delivered = self._advance(reader, "delivered_seq", Receipt.Kind.DELIVERED)
        if not self._advance(reader, "private_read_seq", Receipt.Kind.PRIVATE_READ):
            return
        read = place.tells_reads and self._advance(reader, "read_seq", Receipt.Kind.READ)
        if place.is_told:
            self.cleared[conversation.pk, reader.user_id] = reader.user
        if delivered or read:
            reader.version = next_version(conversation)
            self._tell(reader, read=read)
        if not read:
            broadcasts.messages_read_privately(reader, at=self.at)

    def _advance(self, reader: Participant, pointer: str, kind: Receipt.Kind) -> bool:
        before, now = getattr(reader, pointer), reader.conversation.last_seq
        if now <= before:
            return False
        self.receipts.append(
            {
                "conversation_id": reader.conversation_id,
                "user_id": reader.user_id,
                "kind": kind,
                "from_seq": before,
                "to_seq": now,
                "at": moment(self.at),
            }
        )
        setattr(reader, pointer, now)
        return True

    def _tell(self, reader: Participant, *, read: bool) -> None:
        members = self.scene.members[reader.conversation_id]
        tell = broadcasts.messages_read if read else broadcasts.messages_delivered
        tell(reader, at=self.at, to=members)

    # --- All of them ---------------------------------------------------------------------------

    def store(self) -> None:
        if not self.messages:
            return
        newest = {message.conversation_id: message for message in self.messages}
        written = [
            (batch_rows.INSERT_MESSAGES, [message_row(message) for message in self.messages]),
            (batch_rows.UPDATE_PLACES, [place_row(place) for place in self.changed.values()]),
            (batch_rows.UPDATE_CONVERSATIONS, [newest_row(each) for each in newest.values()]),
        ]
        if self.receipts:
            written.append((batch_rows.INSERT_RECEIPTS, self.receipts))
        ask(*written)

    def notify(self) -> None:
        """Who read need not be told any more; who is not here has to be."""
        news = self._news()
        if self.cleared or news:
            lock_unread({*self.cleared, *news})
        for (conversation_id, _user_id), reader in self.cleared.items():
            clear_conversation(user=reader, conversation_id=conversation_id)
        notify_new_messages(news=news)

    def _news(self) -> dict[tuple[int, int], list[Message]]:
        """By conversation and person, what they have not seen: nothing before their own last message."""
        members = self.scene.members
        concerned = {one for each in self.messages for one in members[each.conversation_id]}
        offline = set(presence.offline_among(concerned))
        news: dict[tuple[int, int], list[Message]] = defaultdict(list)
        for message in self.messages if offline else ():
            for user_id in offline.intersection(members[message.conversation_id]):
                news[message.conversation_id, user_id].append(message)
            news.pop((message.conversation_id, message.sender_id), None)
        return news


def message_row(message: Message) -> dict[str, object]:
    assert message.client_id is not None
    return {
        "id": message.pk,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "version": message.version,
        "sender_id": message.sender_id,
        "content": message.content,
        "reply_to_id": message.reply_to_id,
        "client_id": message.client_id.hex,
        "request_hash": message.request_hash,
        "at": moment(message.created_at),
    }


def place_row(place: Participant) -> dict[str, object]:
    return {
        "id": place.pk,
        "delivered_seq": place.delivered_seq,
        "read_seq": place.read_seq,
        "private_read_seq": place.private_read_seq,
        "version": place.version,
    }


def newest_row(message: Message) -> dict[str, object]:
    conversation = message.conversation
    return {
        "id": conversation.pk,
        "last_seq": conversation.last_seq,
        "version": conversation.version,
        "last_message_id": message.pk,
        "at": moment(message.created_at),
    }
