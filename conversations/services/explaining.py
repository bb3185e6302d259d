"""Why was I told, or not told? For any message, as long as the log is kept."""

from __future__ import annotations

from accounts.models import User
from chatproject.errors import NotFound
from chatproject.events import NotificationReason, PushFate
from conversations.models import Message
from conversations.services.membership import participation
from notifications.decide import Reason
from notifications.deliveries import tag_of_conversation
from notifications.models import OutboxEntry, PushDecision, PushDelivery


def explain_notification(
    *, actor: User, conversation_id: int, message_id: int
) -> NotificationReason:
    """What was decided about a message for the actor, why, and what became of it on each device."""
    place = participation(actor=actor, conversation_id=conversation_id)
    message = Message.objects.visible_to_participant(place).filter(pk=message_id).first()
    if message is None:
        raise NotFound
    decision = (
        PushDecision.objects.visible_to(actor)
        .filter(conversation_id=conversation_id, from_seq__lte=message.seq, to_seq__gte=message.seq)
        .order_by("-pk")
        .first()
    )
    if decision:
        return _told(decision, _fates(actor, message))
    return _untold(actor, message)


def _told(decision: PushDecision, devices: list[PushFate]) -> NotificationReason:
    return NotificationReason(
        outcome=decision.outcome,
        reason=decision.reason,
        detail=decision.reason_text,
        decided_at=decision.decided_at,
        devices=devices if decision.outcome == "push" else [],
    )


def _untold(actor: User, message: Message) -> NotificationReason:
    """Nothing is noted of people without a device: for them there was nothing to decide."""
    if message.sender_id == actor.pk:
        reason, outcome = Reason.OWN, "nothing"
    elif OutboxEntry.objects.filter(message=message).exists():
        reason, outcome = Reason.PENDING, None
    elif not actor.push_subscriptions.exists():
        reason, outcome = Reason.NO_DEVICE, "in_app"
    else:
        reason, outcome = Reason.FORGOTTEN, None
    return NotificationReason(
        outcome=outcome, reason=reason, detail=str(reason.label), decided_at=None, devices=[]
    )


def _fates(actor: User, message: Message) -> list[PushFate]:
    """Of each device the first push that told of it, with others or alone."""
    told = PushDelivery.objects.visible_to(actor).filter(
        tag=tag_of_conversation(message.conversation_id), message__seq__gte=message.seq
    )
    first: dict[tuple[int | None, str], PushDelivery] = {}
    for delivery in told.order_by("message__seq", "pk")[:100]:
        first.setdefault((delivery.subscription_id, delivery.device), delivery)
    return [
        PushFate(
            device=each.device or each.get_kind_display(),
            state=each.state,
            label=each.get_state_display(),
            reason=reason_text(each.reason),
            at=each.finished_at or each.created_at,
        )
        for each in first.values()
    ]


def reason_text(reason: str) -> str:
    """Of a delivery: one of ours as a sentence, or what a push service said."""
    return str(Reason(reason).label) if reason in Reason.values else reason
