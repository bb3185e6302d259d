"""One conversation as it happened, in memory: the rules of services/ without a query for each step.

Set-wise seeding cannot call the services, thousands of times and at times of its own. What is made here
must satisfy all that `check_integrity` knows, and the tests of seed_demo hold it to that.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.serializers import system_line
from notifications.models import Notification


class Timeline:
    def __init__(
        self,
        creator: User,
        others: Sequence[User],
        *,
        title: str,
        at: datetime,
        dice: random.Random,
    ) -> None:
        self.dice = dice
        self.last_seq = self.version = 0
        self.places: dict[User, Participant] = {}
        self.messages: list[Message] = []
        self.replies: list[tuple[Message, Message]] = []
        self.receipts: list[Receipt] = []
        self.notifications: list[Notification] = []
        self.conversation = Conversation(
            organization=creator.organization,
            kind=Conversation.Kind.GROUP if title else Conversation.Kind.DIRECT,
            title=title,
            created_by=creator,
            created_at=at,
            last_activity_at=at,
        )
        if title:
            self._begin_group(creator, others, at)
        else:
            self._begin_direct(creator, others[0], at)

    @property
    def members(self) -> list[User]:
        return [user for user, place in self.places.items() if place.is_current]

    # --- What people do ------------------------------------------------------------------------

    def say(
        self, user: User, text: str, at: datetime, *, reply_to: Message | None = None
    ) -> Message:
        self.read(user, at)
        message = self._append(
            user,
            at,
            content=text,
            client_id=UUID(int=self.dice.getrandbits(128), version=4),
        )
        if reply_to:
            self.replies.append((message, reply_to))
        place = self.places[user]
        place.delivered_seq = place.private_read_seq = message.seq
        place.version = message.version
        return message

    def deliver(self, user: User, at: datetime) -> None:
        if self._advance(user, Receipt.Kind.DELIVERED, at):
            self.places[user].version = self._next_version()

    def read(self, user: User, at: datetime) -> None:
        delivered = self._advance(user, Receipt.Kind.DELIVERED, at)
        if not self._advance(user, Receipt.Kind.PRIVATE_READ, at):
            return
        read = self._tells_reads() and self._advance(user, Receipt.Kind.READ, at)
        if delivered or read:
            self.places[user].version = self._next_version()
        self._clear_notifications(user, at)

    def edit(self, message: Message, text: str, at: datetime) -> None:
        message.content, message.edited_at = text, at
        message.version = self._next_version()

    def delete(self, message: Message, at: datetime) -> None:
        message.content, message.deleted_at = "", at
        message.version = self._next_version()

    def add(self, actor: User, people: Sequence[User], at: datetime) -> None:
        line = self._system(actor, at, system_line("memberAdded", list(people)))
        self._join(people, at)
        self._notify(people, Notification.Kind.ADDED_TO_GROUP, [line])

    def leave(self, user: User, at: datetime) -> None:
        line = self._system(user, at, system_line("memberLeft", [user]))
        self._depart(user, line)

    def remove(self, actor: User, user: User, at: datetime) -> None:
        line = self._system(actor, at, system_line("memberRemoved", [user]))
        self._depart(user, line)

    def rename(self, actor: User, title: str, at: datetime) -> None:
        self.conversation.title = title
        self._system(actor, at, system_line("titleChanged", [actor], title=title))

    def notify_offline(self, user: User, messages: Iterable[Message]) -> None:
        """One notification of all that others said while the person was offline."""
        missed = [each for each in messages if each.sender != user and not each.deleted_at]
        if missed:
            self._notify([user], Notification.Kind.MESSAGE, missed)

    def close(self) -> None:
        """What the conversation's row holds in the end."""
        self.conversation.last_seq, self.conversation.version = self.last_seq, self.version
        self.conversation.notified_seq = self.last_seq
        if self.messages:
            last = self.messages[-1]
            self.conversation.last_message = last
            self.conversation.last_message_at = last.created_at
            self.conversation.last_activity_at = last.created_at
        self.conversation.updated_at = self.conversation.last_activity_at

    # --- Rules ---------------------------------------------------------------------------------

    def _begin_group(self, creator: User, others: Sequence[User], at: datetime) -> None:
        title = self.conversation.title
        line = self._system(creator, at, system_line("groupCreated", list(others), title=title))
        self._join([creator], at, role=Participant.Role.ADMIN)
        self._join(others, at)
        self._notify(others, Notification.Kind.ADDED_TO_GROUP, [line])

    def _begin_direct(self, creator: User, other: User, at: datetime) -> None:
        pair = sorted([creator, other], key=lambda user: user.pk)
        self.conversation.lower_user, self.conversation.higher_user = pair
        self._next_version()
        self._join([creator, other], at)

    def _join(
        self, people: Iterable[User], at: datetime, role: str = Participant.Role.MEMBER
    ) -> None:
        hidden = max(self.last_seq - 1, 0)
        for user in people:
            assert user not in self.places, f"{user} was there before"
            self.places[user] = Participant(
                conversation=self.conversation,
                user=user,
                role=role,
                absences=[[1, hidden]] if hidden else [],
                delivered_seq=hidden,
                read_seq=hidden,
                private_read_seq=hidden,
                version=self.version,
                joined_at=at,
            )

    def _depart(self, user: User, line: Message) -> None:
        place = self.places[user]
        assert place.role == Participant.Role.MEMBER, "an administrator would need an heir"
        place.left_seq, place.left_at, place.left_version = line.seq, line.created_at, line.version
        place.version = line.version

    def _system(self, actor: User, at: datetime, system: dict[str, object]) -> Message:
        return self._append(actor, at, kind=Message.Kind.SYSTEM, system=system)

    def _append(self, sender: User, at: datetime, **fields: object) -> Message:
        self.last_seq += 1
        message = Message(
            conversation=self.conversation,
            seq=self.last_seq,
            version=self._next_version(),
            sender=sender,
            created_at=at,
            **fields,
        )
        self.messages.append(message)
        return message

    def _next_version(self) -> int:
        self.version += 1
        return self.version

    def _tells_reads(self) -> bool:
        return self.conversation.is_group or all(user.privacy.read_receipts for user in self.places)

    def _advance(self, user: User, kind: Receipt.Kind, at: datetime) -> bool:
        place, pointer = self.places[user], f"{kind}_seq"
        before = getattr(place, pointer)
        if before >= self.last_seq:
            return False
        setattr(place, pointer, self.last_seq)
        self.receipts.append(
            Receipt(
                conversation=self.conversation,
                user=user,
                kind=kind,
                from_seq=before,
                to_seq=self.last_seq,
                at=at,
            )
        )
        return True

    def _notify(self, people: Iterable[User], kind: str, messages: Sequence[Message]) -> None:
        for user in people:
            self.notifications.append(
                Notification(
                    user=user,
                    kind=kind,
                    conversation=self.conversation,
                    message=messages[-1],
                    count=len(messages),
                    created_at=messages[0].created_at,
                    updated_at=messages[-1].created_at,
                )
            )

    def _clear_notifications(self, user: User, at: datetime) -> None:
        for notification in self.notifications:
            if notification.user == user and notification.read_at is None:
                notification.read_at = at
