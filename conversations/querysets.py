from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from conversations.plain import PlainMessage, PlainPlace, Row

if TYPE_CHECKING:
    from accounts.models import User
    from chatproject.prepared import Given

    # Two of these stand in strings only, where the linter does not see them.
    from conversations.models import Conversation, Message, Participant  # noqa: F401

# Without a value that could be given, so that databases know the index of just these.
UNCOUNTED = Q(system__isnull=False) | Q(deleted_at__isnull=False)
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
        then = apps.get_model("conversations", "Message").objects.filter(
            conversation_id=OuterRef("conversation_id"), seq=OuterRef("left_seq")
        )
        shown = Case(
            When(left_seq=None, then=F("conversation__last_message_id")),
            default=Subquery(then.values("pk")),
        )
        places = self.with_unread_count().annotate(shown_message_id=shown)
        return places.values_list(*PlainPlace._fields)

    def with_unread_count(self) -> ParticipantQuerySet:
        """Annotates `unread_count` by the rule of `MessageQuerySet.unread_for`, whatever their number.

        All behind the pointer, less the few that do not count. Own ones are never among them, since sending
        moves the pointer; nor absences: whoever comes (back) starts with the pointer behind them.
        """
        last_seq = Coalesce("left_seq", "conversation__last_seq")
        uncounted = (
            apps.get_model("conversations", "Message")
            .objects.uncounted()
            .filter(
                conversation_id=OuterRef("conversation_id"),
                seq__gt=OuterRef("private_read_seq"),
                seq__lte=Coalesce(OuterRef("left_seq"), OuterRef("conversation__last_seq")),
            )
            .order_by()
            .values("conversation_id")
            .annotate(total=Count("pk"))
            .values("total")
        )
        behind = last_seq - F("private_read_seq")
        return self.annotate(unread_count=behind - Coalesce(Subquery(uncounted), 0))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to_participant(self, participant: Participant) -> MessageQuerySet:
        """Messages of the participant's conversation, sent while they were a member."""
        return self.filter(visible_part(participant))

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


def visible_part(participant: Participant | PlainPlace) -> Q:
    """The condition on messages that keeps what this person may see of the conversation."""
    condition = Q(conversation_id=participant.conversation_id)
    if participant.left_seq is not None:
        condition &= Q(seq__lte=participant.left_seq)
    for first, last in participant.absences:
        condition &= Q(seq__lt=first) | Q(seq__gt=last)
    return condition
