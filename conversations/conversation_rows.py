"""Conversations as the list and the header of a page show them."""

from dataclasses import dataclass

from django.utils import timezone

from chatproject.events import ContactShape, ConversationDetail, ConversationShape, MessageShape
from conversations.message_rows import tick_status
from conversations.models.participant import ALWAYS
from conversations.sentences import sentence
from conversations.system_lines import system_text
from conversations.templatetags.moments import spoken

PREVIEW_LENGTH = 160
NAMES_IN_HEADER = 12


@dataclass(frozen=True)
class ConversationRow:
    conversation: ConversationShape
    viewer_id: int

    @property
    def title(self) -> str:
        return title_of(self.conversation)

    @property
    def tint_id(self) -> int:
        peer = self.conversation.peer
        return peer.id if peer else self.conversation.id

    @property
    def picture_url(self) -> str | None:
        peer = self.conversation.peer
        return peer.avatar_url if peer else self.conversation.picture_url

    @property
    def sender_prefix(self) -> str:
        """In groups the preview says whose words they are; one's own carry a tick instead."""
        last = self.conversation.last_message
        if last is None or self.conversation.kind != "group" or not _is_text_of_other(last, self):
            return ""
        return sentence("message.sender", name=last.sender.display_name)

    @property
    def preview(self) -> str:
        last = self.conversation.last_message
        return preview_of(last, viewer_id=self.viewer_id) if last else ""

    @property
    def status(self) -> str:
        last = self.conversation.last_message
        if last is None or last.sender_id != self.viewer_id or last.kind == "system":
            return ""
        return "" if last.deleted_at else tick_status(last)

    @property
    def is_pinned(self) -> bool:
        return self.conversation.pinned_at is not None

    @property
    def is_muted(self) -> bool:
        until = self.conversation.muted_until
        return until is not None and timezone.now() < until

    @property
    def is_muted_for_good(self) -> bool:
        return self.conversation.muted_until == ALWAYS

    @property
    def menu_label(self) -> str:
        return sentence("row.menu", name=self.title)

    @property
    def activity_at(self) -> object:
        return self.conversation.last_message_at or self.conversation.created_at


def title_of(conversation: ConversationShape) -> str:
    return conversation.peer.display_name if conversation.peer else conversation.title


def preview_of(message: MessageShape, *, viewer_id: int) -> str:
    if message.kind == "system":
        return system_text(message, viewer_id=viewer_id)
    if message.deleted_at:
        return sentence("message.deleted")
    return " ".join(message.content.split())[:PREVIEW_LENGTH]


def status_line(conversation: ConversationDetail, *, viewer_id: int) -> str:
    """Under the title: how present the other person is, or who else is in the group."""
    if conversation.peer:
        return presence_text(conversation.peer)
    names = [
        sentence("message.you") if place.user.id == viewer_id else place.user.display_name
        for place in conversation.participants
        if place.is_current
    ]
    return sentence("names.separator").join(names[:NAMES_IN_HEADER])


def presence_text(person: ContactShape) -> str:
    if not person.is_active:
        return sentence("status.deactivated")
    if person.is_bot:
        return sentence("status.bot")
    if person.is_online:
        return sentence("status.online")
    if person.last_seen_at:
        return sentence("status.lastSeen", moment=spoken(person.last_seen_at))
    return ""


def closed_reason(conversation: ConversationShape) -> str:
    """Why nothing can be sent here; empty while it can. Also in models/closed-reason.js."""
    if conversation.can_post:
        return ""
    if not conversation.is_member:
        return sentence("composer.left")
    if conversation.kind == "group":
        return sentence("composer.admins")
    blocked = conversation.peer is not None and conversation.peer.is_blocked
    return sentence("composer.blocked" if blocked else "composer.closed")


def _is_text_of_other(message: MessageShape, row: ConversationRow) -> bool:
    return message.kind == "text" and message.sender_id != row.viewer_id and not message.deleted_at
