"""A device as a careful client writes it: holds state, applies events, asks for gaps.

Independent of the server's code on purpose: it knows nothing but the wire.
"""

from __future__ import annotations

from typing import Any

from accounts.models import User
from chatproject.events import ConversationChanges, Event, MessageDeletedForMe
from conversations.services.sync import sync

# Of a message, what depends on who looks, and what is repeated from another message.
DERIVED = {"is_delivered", "is_read", "read_at", "reply_to"}


class Device:
    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.versions: dict[int, int] = {}
        self.messages: dict[int, dict[int, dict[str, Any]]] = {}
        self.pointers: dict[int, dict[int, tuple[int, int, bool]]] = {}
        self.deleted_for_me: int | None = None

    # --- Catching up -----------------------------------------------------------------------------

    def catch_up(self) -> None:
        for _attempt in range(200):
            page = sync(
                actor=self.owner,
                held=self.versions,
                deleted_for_me_after=self.deleted_for_me,
            )
            for changes in page.conversations:
                self._take_over(changes)
            for deleted in page.deleted_for_me:
                self._put_away(deleted.conversation_id, deleted.seq)
            self.deleted_for_me = page.deleted_for_me_up_to
            for gone in page.gone:
                self.versions.pop(gone)
            if not page.limited:
                return
        raise AssertionError("sync never came to an end")

    def _take_over(self, changes: ConversationChanges) -> None:
        pk = changes.conversation.id
        assert changes.version >= self.versions.get(pk, 0), "versions never go back"
        for message in changes.messages:
            fields = message.model_dump(exclude=DERIVED)
            self.messages.setdefault(pk, {})[message.seq] = fields
        for one in changes.participants:
            self._place(pk, one.user.id, one.delivered_seq, one.read_seq, one.is_current)
        self.versions[pk] = changes.version

    # --- Live events -----------------------------------------------------------------------------

    def receive(self, event: Event) -> None:
        """A jump of the version is a gap: ask for it. An old version is old news."""
        if isinstance(event, MessageDeletedForMe):
            self._hear_of_deletion(event)
            return
        pk, version = _whereabouts(event)
        if pk is None or version is None or getattr(event, "is_private", False):
            return
        held = self.versions.get(pk)
        if held is None or version > held + 1:
            self.catch_up()
        elif version >= held:
            self._apply(event, pk)
            self.versions[pk] = version

    def _hear_of_deletion(self, event: MessageDeletedForMe) -> None:
        held = self.deleted_for_me or 0
        if event.number > held + 1:
            self.catch_up()
        else:
            self._put_away(event.conversation_id, event.seq)
            self.deleted_for_me = max(held, event.number)

    def _put_away(self, pk: int, seq: int) -> None:
        self.messages.get(pk, {}).pop(seq, None)

    def _apply(self, event: Event, pk: int) -> None:
        data = event.model_dump()
        match event.name:
            case "newMessage":
                fields = {key: value for key, value in data.items() if key not in DERIVED}
                self.messages.setdefault(pk, {})[data["seq"]] = fields
                if data["kind"] == "text":
                    self._advance(pk, data["sender_id"], data["seq"], read=False)
            case "messageEdited":
                edited = ("content", "edited_at", "updated_at", "version")
                self._change(pk, data["seq"], {key: data[key] for key in edited})
            case "messageDeleted":
                deleted = ("deleted_at", "updated_at", "version")
                self._change(pk, data["seq"], {"content": ""} | {key: data[key] for key in deleted})
            case "messageDelivered":
                self._advance(pk, data["user_id"], data["up_to_seq"], read=False)
            case "messagesRead":
                self._advance(pk, data["user_id"], data["up_to_seq"], read=True)
            case "conversationUpdated":
                for one in event.participants:  # type: ignore[attr-defined]
                    self._place(pk, one.user.id, one.delivered_seq, one.read_seq, one.is_current)

    def _change(self, pk: int, seq: int, fields: dict[str, Any]) -> None:
        if seq in self.messages[pk]:
            self.messages[pk][seq] |= fields

    def _advance(self, pk: int, user_id: int, seq: int, *, read: bool) -> None:
        delivered, seen, is_current = self.pointers[pk][user_id]
        self._place(pk, user_id, max(delivered, seq), max(seen, seq) if read else seen, is_current)

    def _place(self, pk: int, user_id: int, delivered: int, read: int, is_current: bool) -> None:
        self.pointers.setdefault(pk, {})[user_id] = (delivered, read, is_current)


def _whereabouts(event: Event) -> tuple[int | None, int | None]:
    if event.name == "conversationUpdated":
        conversation = event.conversation  # type: ignore[attr-defined]
        return conversation.id, conversation.version
    return getattr(event, "conversation_id", None), getattr(event, "version", None)
