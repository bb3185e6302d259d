"""E-mails. A task commits with its cause, and finds the secret of its link by itself."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from accounts import audit
from accounts.links import invitation_link, password_reset_link
from accounts.models import Invitation, User


@task()
def mail_invitation(invitation_id: int) -> None:
    invitation = (
        Invitation.objects.open()
        .select_related("organization", "invited_by")
        .filter(pk=invitation_id)
        .first()
    )
    # Revoked before it was sent.
    if invitation is None:
        return
    with override(invitation.invited_by.language):
        _send(
            to=invitation.email,
            subject=_("%(inviter)s invites you to %(organization)s")
            % {
                "inviter": invitation.invited_by.display_name,
                "organization": invitation.organization.name,
            },
            template="invitation",
            invitation=invitation,
            link=invitation_link(invitation),
        )


@task()
def mail_password_reset(email: str) -> None:
    person = (
        User.objects.active().persons().select_related("organization").filter(email=email).first()
    )
    if person is None:
        return
    with transaction.atomic():
        audit.record(
            audit.PASSWORD_RESET_REQUESTED,
            actor=None,
            organization=person.organization,
            target=person,
            person=str(person),
        )
    with override(person.language):
        _send(
            to=person.email,
            subject=_("Choose a new password"),
            template="password_reset",
            person=person,
            hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
            link=password_reset_link(person),
        )


def _send(*, to: str, subject: str, template: str, **context: Any) -> None:
    message = EmailMultiAlternatives(
        # A name with a line break in it must not become a header.
        subject=" ".join(subject.split()),
        body=render_to_string(f"accounts/mail/{template}.txt", context),
        to=[to],
    )
    html = render_to_string(f"accounts/mail/{template}.html", context)
    message.attach_alternative(html, "text/html")
    message.send()
