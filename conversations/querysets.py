from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Conversation, Message, Participant


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> ConversationQuerySet:
        """Conversations that the user is in, or was in until they left."""
        return self.filter(
            organization_id=user.organization_id,
            pk__in=user.participations.values("conversation_id"),
        )

    def newest_first(self) -> ConversationQuerySet:
        return self.order_by("-last_activity_at", "-id")

    def before(self, activity_at: object, pk: int) -> ConversationQuerySet:
        """The keyset page after the conversation with this place in `newest_first`."""
        return self.filter(
            Q(last_activity_at__lt=activity_at) | Q(last_activity_at=activity_at, pk__lt=pk)
        )


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User) -> ParticipantQuerySet:
        """Own places, in conversations of the own organization, the left ones included."""
        return self.filter(user=user, conversation__organization_id=user.organization_id)

    def current(self) -> ParticipantQuerySet:
        return self.filter(left_seq=None)

    def with_unread_count(self) -> ParticipantQuerySet:
        """Annotates `unread_count` by the rule of `MessageQuerySet.unread_for`.

        Absences need no filter: whoever comes (back) starts with the pointer behind them.
        """
        unread = (
            apps.get_model("conversations", "Message")
            .objects.filter(
                conversation_id=OuterRef("conversation_id"),
                seq__gt=OuterRef("private_read_seq"),
                seq__lte=Coalesce(OuterRef("left_seq"), OuterRef("conversation__last_seq")),
                kind="text",
                deleted_at=None,
            )
            .exclude(sender_id=OuterRef("user_id"))
            .order_by()
            .values("conversation_id")
            .annotate(total=Count("pk"))
            .values("total")
        )
        return self.annotate(unread_count=Coalesce(Subquery(unread), 0))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to_participant(self, participant: Participant) -> MessageQuerySet:
        """Messages of the participant's conversation, sent while they were a member."""
        messages = self.filter(conversation_id=participant.conversation_id)
        if participant.left_seq is not None:
            messages = messages.filter(seq__lte=participant.left_seq)
        for first, last in participant.absences:
            messages = messages.exclude(seq__range=(first, last))
        return messages

    def unread_for(self, participant: Participant) -> MessageQuerySet:
        """After my read pointer, not mine, no system line, not deleted."""
        return self.visible_to_participant(participant).filter(
            seq__gt=participant.private_read_seq, kind="text", deleted_at=None
        ).exclude(sender_id=participant.user_id)
