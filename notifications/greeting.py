"""A push that somebody asks for to see whether it arrives: at once, past the outbox, and with the result."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Session, User
from chatproject.errors import NotFound
from chatproject.events import PushShape, PushTestResult
from notifications.models import PushSubscription
from notifications.push.answers import Answer, Verdict
from notifications.push.message import Push
from notifications.push.sender import send_now

MAX_DEVICES = 10


def push_greeting(
    *, actor: User, device: Session, subscription_id: int | None = None
) -> list[PushTestResult]:
    """To this device, or to another one of mine. One that is gone is forgotten."""
    own = PushSubscription.objects.visible_to(actor).select_related("session")
    chosen = own.filter(pk=subscription_id) if subscription_id else own.filter(session=device)
    subscriptions = list(chosen[:MAX_DEVICES])
    if not subscriptions:
        raise NotFound
    answers = send_now([_greeting(each) for each in subscriptions])
    pairs = list(zip(subscriptions, answers, strict=True))
    results = [_result(subscription, answer) for subscription, answer in pairs]
    for subscription, answer in pairs:
        if answer.verdict == Verdict.GONE:
            subscription.delete()
    return results


def _greeting(subscription: PushSubscription) -> Push:
    return Push(
        kind=subscription.kind,
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        shape=PushShape(
            kind="test",
            tag="test",
            title="Parley",
            body=_("Notifications reach this device."),
            url="/settings/notifications",
            at=timezone.now(),
        ),
    )


def _result(subscription: PushSubscription, answer: Answer) -> PushTestResult:
    is_delivered = answer.verdict == Verdict.SENT
    detail = _("The push service took it.") if is_delivered else answer.reason
    return PushTestResult(
        id=subscription.pk,
        device=subscription.session.label or subscription.get_kind_display(),
        is_delivered=is_delivered,
        detail=detail,
    )
