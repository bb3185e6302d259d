"""One conversation, as far as its participant may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from chatproject.events import MAX_PAGE, ConversationDetail, MessageShape, MessagesQuery
from conversations.message_rows import message_days
from conversations.models import Message, Participant, Receipt
from conversations.personal_archive.zip_file import Archive
from conversations.services.history import page_of_messages
from conversations.services.listing import conversation_in_full
from conversations.services.membership import participation

TOLD = (Receipt.Kind.DELIVERED, Receipt.Kind.READ)


@dataclass(frozen=True)
class Summary:
    title: str
    folder: str
    message_count: int
    last_activity_at: datetime

    @property
    def entry(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "folder": self.folder,
            "messageCount": self.message_count,
            "lastActivityAt": self.last_activity_at,
        }


def write_conversation(archive: Archive, person: User, conversation_id: int) -> Summary:
    place = participation(actor=person, conversation_id=conversation_id)
    detail = conversation_in_full(actor=person, conversation_id=conversation_id)
    folder = f"conversations/{conversation_id}/"
    archive.json(f"{folder}conversation.json", detail)
    archive.picture(f"{folder}picture.webp", place.conversation.picture)
    archive.json_list(f"{folder}messages.json", _messages(person, place))
    archive.json_list(f"{folder}receipts.json", map(_receipt, _receipts(place).iterator()))
    title = title_of(detail)
    count = archive.pages(
        folder,
        "archive/conversation.html",
        _messages(person, place),
        lambda page: {
            "title": title,
            "conversation": detail,
            "days": message_days(page, viewer_id=person.pk, read_seq=detail.last_seq),
        },
    )
    return Summary(
        title=title,
        folder=folder,
        message_count=count,
        last_activity_at=detail.last_message_at or detail.created_at,
    )


def title_of(conversation: ConversationDetail) -> str:
    return conversation.title or (conversation.peer.display_name if conversation.peer else "")


def _messages(person: User, place: Participant) -> Iterator[MessageShape]:
    """By the API's own pages; what is said while this is written comes along, or not."""
    after = 0
    while True:
        page = page_of_messages(
            actor=person,
            conversation_id=place.conversation_id,
            query=MessagesQuery(after=after, limit=MAX_PAGE),
        )
        yield from page.messages
        if not page.has_newer:
            return
        after = page.messages[-1].seq


def _receipts(place: Participant) -> QuerySet[Receipt]:
    """My own, the private ones too; of others those by which they got or read something of mine."""
    said = Message.objects.visible_to_participant(place).filter(
        sender_id=place.user_id,
        kind=Message.Kind.TEXT,
        seq__gt=OuterRef("from_seq"),
        seq__lte=OuterRef("to_seq"),
    )
    told = Q(kind__in=TOLD) & Q(Exists(said))
    if place.left_at is not None:
        told &= Q(at__lte=place.left_at)
    receipts = Receipt.objects.filter(conversation_id=place.conversation_id)
    return receipts.filter(told | Q(user_id=place.user_id)).order_by("at", "pk")


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "userId": receipt.user_id,
        "kind": receipt.kind,
        "afterSeq": receipt.from_seq,
        "upToSeq": receipt.to_seq,
        "at": receipt.at,
    }
