"""From the origin's rows to ours: people, conversations with their messages and read state, notifications.

Each conversation is a transaction of its own. What came in is known by its `client_id`, or by the pair of
people, so that a second run, or one after a crash, brings only what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Organization, User
from accounts.services.imported_people import Newcomer, import_person
from chatproject.as_given import insert_as_given
from chatproject.errors import Conflict, Invalid
from conversations.audit import HISTORY_IMPORTED
from conversations.models import Conversation, Message, Participant
from conversations.origin.source import Row, Source
from conversations.services.imported_history import (
    Saying,
    append_history,
    begin_direct,
    begin_group,
)
from notifications.models import Notification

MAX_TITLE = 100
MAX_TEXT = 300
NO_TEXT = "[no text]"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# What Node's bcrypt writes, and Django can check (and replaces at the first sign-in).
BCRYPT = ("$2a$", "$2b$", "$2y$")
# Of notifications that tell of unread messages: ours are made of what is unread.
OF_MESSAGES = ("message", "chat")


@dataclass
class Report:
    people: int = 0
    new_people: int = 0
    conversations: int = 0
    new_messages: int = 0
    notifications: int = 0
    new_notifications: int = 0
    # Each in plain words.
    skipped: list[str] = field(default_factory=list)
    # By our conversation: the sessions of the origin that became it.
    sessions: dict[int, list[Row]] = field(default_factory=dict)
    # Conversations that hold nothing but what came in now.
    fresh: set[int] = field(default_factory=set)


class Importer:
    def __init__(
        self, source: Source, organization: Organization, *, only_organization: str | None
    ) -> None:
        self.source = source
        self.organization = organization
        self.only = only_organization
        self.people: dict[str, User] = {}
        self.report = Report()

    def run(self) -> Report:
        self._import_people()
        for sessions in self._by_conversation():
            self._import_conversation(sessions)
        self._import_notifications()
        self._record()
        return self.report

    # --- People --------------------------------------------------------------------------------

    def _import_people(self) -> None:
        homes = {str(row["organization"]) for row in self.source.users() if row.get("organization")}
        if self.only is None and len(homes) > 1:
            raise Invalid(
                "The origin has people of several organizations: import them one by one, with"
                " --origin-organization."
            )
        for row in self.source.users():
            if self.only is None or str(row.get("organization")) == self.only:
                self._import_person(row)

    def _import_person(self, row: Row) -> None:
        self.report.people += 1
        try:
            person, is_new = import_person(organization=self.organization, newcomer=_newcomer(row))
        except Conflict as error:
            self.report.skipped.append(f"user {row['id']}: {error.detail}")
            return
        self.people[row["id"]] = person
        self.report.new_people += is_new

    # --- Conversations -------------------------------------------------------------------------

    def _by_conversation(self) -> Iterator[list[Row]]:
        """All sessions of the same people are one conversation here, if they are two."""
        found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for session in self.source.sessions():
            people = [pk for pk in session["people"] if pk in self.people]
            if len(people) < 2:
                # Of another organization, if only one is asked for.
                if self.only is None:
                    self.report.skipped.append(
                        f"session {session['id']}: fewer than two known people"
                    )
                continue
            is_direct = len(people) == 2
            found[(*people, *([] if is_direct else [session["id"]]))].append(session)
        yield from found.values()

    def _import_conversation(self, sessions: list[Row]) -> None:
        members = [self.people[pk] for pk in sessions[0]["people"] if pk in self.people]
        with transaction.atomic():
            conversation = self._conversation(sessions, members)
            is_fresh = not conversation.messages.exclude(kind="system").exists()
            sayings = self._sayings(sessions, members)
            self.report.new_messages += append_history(
                conversation_id=conversation.pk, sayings=sayings
            )
            if is_fresh:
                self._announce_unread(conversation.pk)
                self.report.fresh.add(conversation.pk)
        self.report.conversations += 1
        self.report.sessions.setdefault(conversation.pk, []).extend(sessions)

    def _conversation(self, sessions: Sequence[Row], members: Sequence[User]) -> Conversation:
        first, begun = sessions[0], [each.get("createdAt") for each in sessions]
        at = min((moment for moment in begun if moment), default=LONG_AGO)
        if len(members) == 2:
            return begin_direct(actor=members[0], other=members[1], at=at)
        here = Message.objects.filter(client_id__in=self._first_keys(first)).first()
        if here:
            return here.conversation
        title = first.get("title") or ", ".join(person.display_name for person in members)
        return begin_group(actor=members[0], title=title[:MAX_TITLE], others=members[1:], at=at)

    def _first_keys(self, session: Row) -> list[UUID]:
        """By which a group that came in before is known again."""
        for row in self.source.messages([session["id"]]):
            return [self.client_id_of(row)]
        return []

    def _sayings(self, sessions: Sequence[Row], members: Sequence[User]) -> Iterator[Saying]:
        ids = {person.pk for person in members}
        for row in self.source.messages([session["id"] for session in sessions]):
            sender = self.people.get(str(row["sender"]))
            if sender is None or sender.pk not in ids:
                self.report.skipped.append(f"message {row['id']}: its sender takes no part")
                continue
            read_at = _read_at(row)
            yield Saying(
                sender=sender,
                content=(row["content"] or "").replace("\x00", "") or NO_TEXT,
                at=row["createdAt"],
                updated_at=row.get("updatedAt"),
                deleted_at=row.get("deletedAt"),
                client_id=self.client_id_of(row),
                read_at=dict.fromkeys(ids - {sender.pk}, read_at) if read_at else {},
            )

    def client_id_of(self, row: Row) -> UUID:
        return uuid5(self.organization.uuid, f"origin/message/{row['id']}")

    def _announce_unread(self, conversation_id: int) -> None:
        """As those who were away would have been notified: one row that counts."""
        places = Participant.objects.filter(conversation=conversation_id)
        unread: QuerySet[Any] = places.with_unread_count()
        for place in unread.filter(unread_count__gt=0).select_related("user"):
            messages = Message.objects.unread_for(place).order_by("seq")
            first, last = messages.first(), messages.last()
            assert first and last
            insert_as_given([
                Notification(
                    user=place.user, kind=Notification.Kind.MESSAGE, message=last,
                    conversation_id=conversation_id, count=place.unread_count,
                    created_at=first.created_at, updated_at=last.created_at,
                )
            ])  # fmt: skip

    # --- Notifications -------------------------------------------------------------------------

    def _import_notifications(self) -> None:
        for row in self.source.notifications():
            person = self.people.get(str(row.get("user")))
            kind = str(row.get("type") or "").lower()
            if person is None or any(word in kind for word in OF_MESSAGES):
                continue
            self.report.notifications += 1
            self.report.new_notifications += self._import_notification(person, row)

    def _import_notification(self, person: User, row: Row) -> bool:
        parts = [str(row[name]) for name in ("title", "text") if row.get(name)]
        at = row.get("createdAt") or LONG_AGO
        _notification, created = Notification.objects.get_or_create(
            user=person,
            kind=Notification.Kind.SYSTEM,
            text=": ".join(parts)[:MAX_TEXT],
            created_at=at,
            defaults={"updated_at": at, "read_at": _read_at(row)},
        )
        return created

    def _record(self) -> None:
        with transaction.atomic():
            audit.record(
                HISTORY_IMPORTED,
                actor=None,
                organization=self.organization,
                target=self.organization,
                messages=self.report.new_messages,
                origin="the chat system of before",
            )


def _newcomer(row: Row) -> Newcomer:
    name = " ".join(str(row[part]) for part in ("name", "lastName") if row.get(part))
    password = str(row.get("password") or "")
    return Newcomer(
        key=f"origin-{row['id']}",
        email=row.get("email") or "",
        display_name=name,
        role=str(row.get("role") or "").lower(),
        about=str(row.get("about") or ""),
        is_active=row.get("isActive") is not False,
        created_at=row.get("createdAt") or timezone.now(),
        last_seen_at=row.get("lastSeen"),
        password=f"bcrypt${password}" if password.startswith(BCRYPT) else "",
    )


def _read_at(row: Mapping[str, Any]) -> datetime | None:
    """Read without a moment: it was at the latest when the row last changed."""
    if not row.get("isRead"):
        return None
    return row.get("readAt") or row.get("updatedAt") or row.get("createdAt")
