"""What somebody missed, by e-mail, once they were away for as long as their organization says.

Names conversations and counts; never quotes. Each digest tells only what no earlier one told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override
from django_tasks import task

from accounts import presence
from accounts.models import User
from chatproject.errors import NotFound
from notifications.models import (
    Notification,
    NotificationPreferences,
    NotificationQuerySet,
    OrganizationNotifications,
)
from notifications.preferences import preferences_of
from notifications.serializers import title_of

BATCH = 200
SHOWN = 20
MAILED_KINDS = ("message", "mention", "added_to_group", "system")
SALT = "notifications.unsubscribe"


def enqueue_digests(*, now: datetime) -> int:
    """Mails commit with the note that they were sent. Returns how many people get one."""
    count = 0
    for organization in OrganizationNotifications.objects.exclude(digest_after_hours=None):
        since = now - timedelta(hours=organization.digest_after_hours or 0)
        people = _away(organization.organization_id, since)
        offline = set(presence.offline_among([person.pk for person in people]))
        count += sum(_enqueue(each, since, now) for each in people if each.pk in offline)
    return count


def _away(organization_id: int, since: datetime) -> list[User]:
    missed = Notification.objects.unread().filter(
        Q(user__notification_preferences__digest_sent_at=None)
        | Q(updated_at__gt=F("user__notification_preferences__digest_sent_at")),
        user_id=OuterRef("pk"),
        kind__in=MAILED_KINDS,
        updated_at__lte=since,
    )
    people = User.objects.active().filter(Exists(missed), organization_id=organization_id)
    return list(people.filter(Q(last_seen_at=None) | Q(last_seen_at__lte=since))[:BATCH])


def _enqueue(person: User, since: datetime, now: datetime) -> bool:
    with transaction.atomic():
        NotificationPreferences.objects.get_or_create(user=person)
        preferences = NotificationPreferences.objects.select_for_update().get(user=person)
        after = preferences.digest_sent_at
        # Another worker was faster, or this one has just done it.
        if after is not None and after > since:
            return False
        preferences.digest_sent_at = now
        preferences.save(update_fields=["digest_sent_at"])
        if not missed_by(person, after=after, until=now).exists():
            return False
        mail_digest.enqueue(person.pk, after.isoformat() if after else None, now.isoformat())
    return True


def missed_by(person: User, *, after: datetime | None, until: datetime) -> NotificationQuerySet:
    preferences = preferences_of(person)
    wanted = [kind for kind in MAILED_KINDS if preferences.wants(channel="email", kind=kind)]
    found = Notification.objects.visible_to(person).unread().filter(kind__in=wanted)
    if after is not None:
        found = found.filter(updated_at__gt=after)
    return found.filter(updated_at__lte=until)


@task()
def mail_digest(user_id: int, after: str | None, until: str) -> None:
    person = User.objects.active().select_related("organization").filter(pk=user_id).first()
    if person is None:
        return
    begin = datetime.fromisoformat(after) if after else None
    found = missed_by(person, after=begin, until=datetime.fromisoformat(until))
    notifications = list(found.with_sources().newest_first()[:SHOWN])
    # They were here in the meantime, and read it.
    if notifications:
        with override(person.language):
            _mail(person, notifications)


def _mail(person: User, notifications: Sequence[Notification]) -> None:
    count = sum(each.count for each in notifications)
    link = unsubscribe_link(person)
    context = {
        "person": person,
        "rows": [(title_of(each), each.count) for each in notifications],
        "link": settings.SITE_URL + reverse("notifications"),
        "unsubscribe": link,
    }
    message = EmailMultiAlternatives(
        subject=ngettext("You missed %d thing", "You missed %d things", count) % count,
        body=render_to_string("notifications/mail/digest.txt", context),
        to=[person.email],
        headers={
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    html = render_to_string("notifications/mail/digest.html", context)
    message.attach_alternative(html, "text/html")
    message.send()


def unsubscribe_link(person: User) -> str:
    token = signing.dumps(person.pk, salt=SALT)
    return settings.SITE_URL + reverse("unsubscribe", args=[token])


def person_of(token: str) -> User:
    """Whose mails a link of ours ends. It keeps working: old mails are found and read late."""
    try:
        user_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise NotFound from error
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise NotFound
    return person


def end_digests(*, person: User) -> None:
    NotificationPreferences.objects.update_or_create(
        user=person, defaults={f"email_{kind}": False for kind in MAILED_KINDS}
    )
