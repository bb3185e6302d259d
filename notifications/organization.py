"""What administrators do about the notifications of their whole organization."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import audit as log
from accounts.models import Organization, User
from accounts.roles import Permission, allows, roles_with
from chatproject.errors import Forbidden, Invalid
from notifications import audit, broadcasts
from notifications.models import Notification, OrganizationNotifications
from notifications.outbox import announce_notifications

MAX_TEXT = 300
MAX_HOURS = 24 * 14


def may_manage_notifications(actor: User) -> bool:
    return allows(actor.role, Permission.MANAGE_PEOPLE)


def check_may_manage(*, actor: User) -> None:
    """For who would not even see a form's complaint."""
    if not may_manage_notifications(actor):
        raise Forbidden


def tell_organization(*, actor: User, text: str) -> int:
    """A system message to everybody of the actor's organization. Returns how many they are."""
    text = " ".join(text.split())
    check_may_manage(actor=actor)
    if not text or len(text) > MAX_TEXT or not text.isprintable():
        raise Invalid(_("Write between 1 and %d characters.") % MAX_TEXT, attr="text")
    with transaction.atomic():
        notifications = _notices(User.objects.visible_to(actor).persons().active(), text)
        announce_notifications(notifications)
        for notification in notifications:
            broadcasts.notification_created(notification)
        log.record(audit.ORGANIZATION_TOLD, actor=actor, organization=actor.organization, text=text)
    return len(notifications)


def _notices(people: Iterable[User], text: str) -> list[Notification]:
    now = timezone.now()
    return Notification.objects.bulk_create(
        Notification(
            user=person, kind=Notification.Kind.SYSTEM, text=text, created_at=now, updated_at=now
        )
        for person in people
    )


def tell_managers(
    *, organization: Organization, permission: Permission, text: Callable[[], str]
) -> None:
    """Those who may do something about it, each in their language. The caller is in a transaction."""
    people = organization.people.persons().filter(is_active=True, role__in=roles_with(permission))
    notices = []
    for person in people:
        with override(person.language):
            notices += _notices([person], text()[:MAX_TEXT])
    announce_notifications(notices)
    for notice in notices:
        broadcasts.notification_created(notice)


def digest_after_hours(user: User) -> int | None:
    """After how many hours away the organization mails what somebody missed; None: never."""
    found = OrganizationNotifications.objects.filter(organization_id=user.organization_id).first()
    return found.digest_after_hours if found else None


def change_digest(*, actor: User, hours: int | None) -> None:
    check_may_manage(actor=actor)
    if hours is not None and not 1 <= hours <= MAX_HOURS:
        raise Invalid(_("Between 1 and %d hours.") % MAX_HOURS, attr="hours")
    with transaction.atomic():
        OrganizationNotifications.objects.update_or_create(
            organization=actor.organization, defaults={"digest_after_hours": hours}
        )
        log.record(
            audit.DIGEST_CHANGED, actor=actor, organization=actor.organization, hours=hours or "-"
        )
