from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from conversations.plain import PlainMessage, PlainPlace, Row

if TYPE_CHECKING:
    from accounts.models import User
    from chatproject.prepared import Given

    # Some of these stand in strings only, where the linter does not see them.
    from conversations.models import (  # noqa: F401
        Conversation,
        HiddenMessage,
        Message,
        Participant,
    )

# Without a value that could be given, so that databases know the index of just these.
UNCOUNTED = Q(system__isnull=False) | Q(deleted_at__isnull=False)


class HasAt(Func):
    """That there is an @ in a text."""

    output_field = models.BooleanField()
    template = "(instr(%(expressions)s, '@') > 0)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "(strpos(%(expressions)s, '@') > 0)"
        return self.as_sql(compiler, connection, template=template, **context)


# What can mention somebody, by name or by answering them. An index again.
MAY_MENTION = Q(HasAt("content")) | Q(reply_to__isnull=False)
NEWEST_FIRST: list[str] = ["-activity_at", "-conversation_id"]


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> ConversationQuerySet:
        """Conversations that the user is in, or was in until they left."""
        return self.filter(
            Exists(user.participations.filter(conversation_id=OuterRef("pk"))),
            organization_id=user.organization_id,
        )

    def administered_by(self, user: User) -> ConversationQuerySet:
        """For the admin: who talks with whom, which is not yet a right to read what they say."""
        return self if user.is_superuser else self.filter(organization_id=user.organization_id)

    def with_news(self) -> ConversationQuerySet:
        """Those with messages of which nobody has been notified yet."""
        return self.filter(notified_seq__lt=F("last_seq"))

    def with_names(self) -> ConversationQuerySet:
        """What `Conversation.described` needs."""
        return self.select_related("lower_user", "higher_user")


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User) -> ParticipantQuerySet:
        """Own places, in conversations of the own organization, the left ones included."""
        return self.filter(user_id=user.pk, conversation__organization_id=user.organization_id)

    def current(self) -> ParticipantQuerySet:
        return self.filter(left_seq=None)

    def of_persons(self) -> ParticipantQuerySet:
        """Without bots, whom nobody needs to notify."""
        return self.filter(user__kind="person")

    def newest_first(self) -> ParticipantQuerySet:
        """By last activity; for somebody who left it ends with their leaving."""
        return self.annotate(
            activity_at=Coalesce("left_at", "conversation__last_activity_at")
        ).order_by(*NEWEST_FIRST)

    def pinned_first(self) -> ParticipantQuerySet:
        """As the list shows them: pinned ones on top, and either part by last activity."""
        return (
            self.newest_first()
            .annotate(is_pinned=Q(pinned_at__isnull=False))
            .order_by("-is_pinned", *NEWEST_FIRST)
        )

    def after_place(
        self, *, is_pinned: bool, activity_at: datetime | Given, conversation_id: int | Given
    ) -> ParticipantQuerySet:
        """The keyset page behind this place in `pinned_first`."""
        older = Q(activity_at__lt=activity_at) | Q(
            activity_at=activity_at, conversation_id__lt=conversation_id
        )
        if is_pinned:
            return self.filter(Q(pinned_at=None) | older)
        return self.filter(older, pinned_at=None)

    def filtered(self, name: str) -> ParticipantQuerySet:
        """By the filters of ConversationsQuery."""
        match name:
            case "archived":
                return self.exclude(archived_at=None)
            case "groups":
                return self.filter(archived_at=None, conversation__kind="group")
            case "unread":
                behind = Q(private_read_seq__lt=Coalesce("left_seq", "conversation__last_seq"))
                unread = Q(unread_count__gt=0)
                return self.with_unread_count().filter(behind, unread, archived_at=None)
        return self.filter(archived_at=None)

    def named_like(self, search: str) -> ParticipantQuerySet:
        """By the title of the group, or the name of the other person."""
        found = Q(conversation__title__icontains=search)
        for side in ("lower_user", "higher_user"):
            name = {f"conversation__{side}__display_name__icontains": search}
            found |= Q(**name) & ~Q(**{f"conversation__{side}": F("user")})
        return self.filter(found)

    def with_slowest_of_others(self) -> ParticipantQuerySet:
        """Annotates how far the slowest of the others has got; None where there are none."""
        others = (
            self.model.objects.current()
            .filter(conversation_id=OuterRef("conversation_id"), confirms=True)
            .exclude(user_id=OuterRef("user_id"))
            .order_by()
            .values("conversation_id")
        )
        return self.annotate(
            others_delivered_seq=Subquery(others.annotate(n=Min("delivered_seq")).values("n")),
            others_read_seq=Subquery(others.annotate(n=Min("read_seq")).values("n")),
        )

    def as_rows(self) -> models.QuerySet[Participant, Row]:
        """For `PlainPlace._make`, on `newest_first`: all of a person's own that the list shows."""
        is_last_hidden = Exists(_hidden_from(OuterRef("user_id"), seq="conversation__last_seq"))
        shown = Case(
            When(Q(left_seq=None) & ~is_last_hidden, then=F("conversation__last_message_id")),
            default=Subquery(_latest_shown()),
        )
        places = self.with_unread_count().annotate(shown_message_id=shown)
        return places.values_list(*PlainPlace._fields)

    def with_unread_count(self) -> ParticipantQuerySet:
        """Annotates `unread_count` by the rule of `MessageQuerySet.unread_for`, whatever their number.

        All behind the pointer, less the few that do not count. Own ones are never among them, since sending
        moves the pointer; nor absences: whoever comes (back) starts with the pointer behind them.
        """
        last_seq = Coalesce("left_seq", "conversation__last_seq")
        uncounted = apps.get_model("conversations", "Message").objects.uncounted()
        hidden = apps.get_model("conversations", "HiddenMessage").objects.filter(
            ~Exists(
                uncounted.filter(conversation_id=OuterRef("conversation_id"), seq=OuterRef("seq"))
            ),
            user_id=OuterRef("user_id"),
        )
        behind = last_seq - F("private_read_seq")
        return self.annotate(
            unread_count=behind - _number_unread(uncounted) - _number_unread(hidden)
        )


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to_participant(self, participant: Participant) -> MessageQuerySet:
        """Of the participant's conversation, sent while they were a member, and not deleted for them."""
        return self.filter(visible_part(participant)).not_hidden_from(participant.user_id)

    def not_hidden_from(self, user_id: int | Given | OuterRef) -> MessageQuerySet:
        return self.filter(~Exists(_hidden_from(user_id, seq="seq")))

    def unread_for(self, participant: Participant) -> MessageQuerySet:
        """After my read pointer, not mine, no system line, not deleted."""
        return (
            self.visible_to_participant(participant)
            .filter(seq__gt=participant.private_read_seq, kind="text", deleted_at=None)
            .exclude(sender_id=participant.user_id)
        )

    def uncounted(self) -> MessageQuerySet:
        """Those that are nobody's unread messages: system lines, and what was deleted."""
        return self.filter(UNCOUNTED)

    def as_rows(self) -> models.QuerySet[Message, Row]:
        """For `PlainMessage._make`."""
        return self.values_list(*PlainMessage._fields)

    def with_people(self) -> MessageQuerySet:
        """With all that the wire shape of a message needs."""
        return self.select_related("sender", "reply_to__sender")


def _hidden_from(user_id: int | Given | OuterRef, *, seq: str) -> models.QuerySet[HiddenMessage]:
    """That the message with the outer row's `seq` is hidden from this person."""
    hidden = apps.get_model("conversations", "HiddenMessage").objects
    return hidden.filter(
        user_id=user_id, conversation_id=OuterRef("conversation_id"), seq=OuterRef(seq)
    )


def _latest_shown() -> models.QuerySet[Message, Any]:
    """Of a place: what was said last while the person was there, and is not deleted for them.

    It never reaches into an absence, since the system line that ends one cannot be deleted.
    """
    messages: MessageQuerySet = apps.get_model("conversations", "Message").objects.filter(
        conversation_id=OuterRef("conversation_id"),
        seq__lte=Coalesce(OuterRef("left_seq"), OuterRef("conversation__last_seq")),
    )
    shown = messages.not_hidden_from(OuterRef(OuterRef("user_id")))
    return shown.order_by("-seq").values("pk")[:1]


def _number_unread(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of these stand behind the read pointer of a place; none of it is read but the index."""
    behind = rows.filter(
        conversation_id=OuterRef("conversation_id"),
        seq__gt=OuterRef("private_read_seq"),
        seq__lte=Coalesce(OuterRef("left_seq"), OuterRef("conversation__last_seq")),
    )
    counted = behind.order_by().values("conversation_id").annotate(total=Count("pk"))
    return Coalesce(Subquery(counted.values("total")), 0)


def visible_part(participant: Participant | PlainPlace) -> Q:
    """The condition on messages that keeps what was sent while this person was a member.

    What they deleted for themselves is another one: `MessageQuerySet.not_hidden_from`.
    """
    condition = Q(conversation_id=participant.conversation_id)
    if participant.left_seq is not None:
        condition &= Q(seq__lte=participant.left_seq)
    for first, last in participant.absences:
        condition &= Q(seq__lt=first) | Q(seq__gt=last)
    return condition
