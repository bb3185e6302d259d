"""What the chat pages show: the list on the left, and a conversation on the right."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from accounts.models import User
from chatproject.events import (
    DEFAULT_PAGE,
    MAX_MESSAGE_LENGTH,
    MAX_PAGE,
    ConversationDetail,
    ConversationShape,
    ConversationsPage,
    ConversationsQuery,
    MessageShape,
    MessagesPage,
    MessagesQuery,
)
from conversations.conversation_rows import ConversationRow, closed_reason, status_line
from conversations.forms import EditForm, MessageForm
from conversations.message_rows import message_days, single_row
from conversations.services.hiding import last_deleted_for_me
from conversations.services.history import page_of_messages
from conversations.services.listing import (
    archived_ids,
    conversation_in_full,
    page_of_conversations,
)
from conversations.services.message_info import MessageInFull
from conversations.services.versions import versions_held

FILTERS = (("all", _("All")), ("unread", _("Unread")), ("groups", _("Groups")))
LIST_LENGTH = 50
UNREAD = ConversationsQuery(filter="unread", limit=MAX_PAGE)
# With more unread than this the page opens where they begin, not at the end.
UNREAD_ON_LATEST_PAGE = 40


def list_context(
    user: User, *, query: ConversationsQuery | None = None, open_id: int | None = None
) -> dict[str, Any]:
    query = (query or ConversationsQuery()).model_copy(update={"limit": LIST_LENGTH})
    is_narrowed = query.search != "" or query.filter != "all"
    versions, deleted_for_me = versions_held(actor=user), last_deleted_for_me(actor=user)
    page = page_of_conversations(actor=user, query=query)
    is_all = not (is_narrowed or query.cursor or page.next_cursor)
    known = page.conversations if is_all else [*page.conversations, *_unread_elsewhere(user, page)]
    return {
        "rows": [ConversationRow(one, user.pk) for one in page.conversations],
        "states": [one.as_json() for one in known],
        "archived": archived_ids(actor=user),
        "versions": versions,
        "deleted_for_me": deleted_for_me,
        "filters": FILTERS,
        "filter": query.filter,
        "search": query.search,
        "is_narrowed": is_narrowed,
        "next_cursor": page.next_cursor,
        "next_query": _query_behind(query, page.next_cursor),
        "open_id": open_id,
    }


def list_query(asked: QueryDict) -> ConversationsQuery:
    """What the address of the list asks for; all conversations, if it is none of our words."""
    given = {name: asked[name] for name in ("filter", "search", "cursor") if asked.get(name)}
    try:
        return ConversationsQuery.model_validate(given, strict=False)
    except ValidationError:
        return ConversationsQuery()


def _unread_elsewhere(user: User, page: ConversationsPage) -> list[ConversationShape]:
    """The title of the tab counts these too."""
    there = {one.id for one in page.conversations}
    unread = page_of_conversations(actor=user, query=UNREAD).conversations
    return [one for one in unread if one.id not in there]


def _query_behind(query: ConversationsQuery, cursor: str | None) -> str:
    kept = {"filter": query.filter, "search": query.search, "cursor": cursor or ""}
    return urlencode({name: value for name, value in kept.items() if value not in ("", "all")})


@dataclass(frozen=True)
class ConversationPage:
    user: User
    detail: ConversationDetail
    messages: MessagesPage

    @classmethod
    def load(cls, user: User, conversation_id: int, asked: QueryDict) -> "ConversationPage":
        detail = conversation_in_full(actor=user, conversation_id=conversation_id)
        query = _query_in(asked) or _opening_query(detail)
        messages = page_of_messages(actor=user, conversation_id=conversation_id, query=query)
        return cls(user, detail, messages)

    def context(self, *, form: MessageForm | None, reply_to_id: int | None) -> dict[str, Any]:
        reply_to = self._message(reply_to_id)
        shown = self.messages.messages
        return {
            "row": ConversationRow(self.detail, self.user.pk),
            "status_line": status_line(self.detail, viewer_id=self.user.pk),
            "closed_reason": closed_reason(self.detail),
            "page": self.messages,
            "days": message_days(shown, viewer_id=self.user.pk, read_seq=self.detail.read_seq),
            "unread_count": self.detail.unread_count,
            "first_seq": shown[0].seq if shown else 0,
            "last_seq": shown[-1].seq if shown else 0,
            "detail": self.detail.as_json(),
            "form": form or MessageForm.blank(reply_to_id=reply_to.id if reply_to else None),
            "reply_to": reply_to,
            "max_length": MAX_MESSAGE_LENGTH,
            "edit_window": settings.EDIT_WINDOW_SECONDS,
        }

    def _message(self, pk: int | None) -> MessageShape | None:
        return next((one for one in self.messages.messages if one.id == pk), None)


def message_context(found: MessageInFull, *, user: User, form: EditForm | None) -> dict[str, Any]:
    return {
        "row": single_row(found.message, viewer_id=user.pk),
        "sheet": found,
        "form": form or EditForm(initial={"content": found.message.content}),
    }


def _query_in(asked: QueryDict) -> MessagesQuery | None:
    bounds = {name: asked[name] for name in ("before", "after", "around") if asked.get(name)}
    return MessagesQuery.model_validate(bounds, strict=False) if bounds else None


def _opening_query(conversation: ConversationShape) -> MessagesQuery:
    behind = conversation.last_seq - conversation.read_seq
    if conversation.unread_count and behind > UNREAD_ON_LATEST_PAGE:
        return MessagesQuery(around=conversation.read_seq, limit=DEFAULT_PAGE)
    return MessagesQuery()
