"""Changing a password, and getting back in without one."""

from axes.utils import reset as forgive_failures
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _

from accounts import audit, notices, tasks
from accounts.models import Session, User
from accounts.passwords import require_strong
from accounts.services import sessions
from accounts.services.members import normal_email
from chatproject.errors import Invalid


def change_password(
    *, actor: User, current_password: str, new_password: str, keep: Session
) -> None:
    """Every other device is signed out: whoever knew the old password may be on one."""
    with transaction.atomic():
        person = _lock(actor.pk)
        if not person.check_password(current_password):
            raise Invalid(
                _("This is not your password."), code="wrong_password", attr="currentPassword"
            )
        require_strong(new_password, person, attr="newPassword")
        _set_password(person, new_password)
        notices.tell_of_new_password(person)
        audit.record(
            audit.PASSWORD_CHANGED, actor=person, organization=person.organization, target=person
        )
        sessions.revoke_sessions(
            actor=person, user=person, reason=sessions.Reason.PASSWORD_CHANGED, keep=keep
        )


def request_password_reset(*, email: str) -> None:
    """The same answer, in the same time, whether somebody has this address or not: the task looks."""
    tasks.mail_password_reset.enqueue(normal_email(email))


def reset_password(*, uid: str, token: str, new_password: str) -> User:
    """By the mailed link, once: the token is bound to the password that it replaces."""
    with transaction.atomic():
        person = person_of_link(uid=uid, token=token, lock=True)
        if person is None:
            raise Invalid(
                _("This link was used or has expired. Ask for a new one."),
                code="bad_link",
                attr="token",
            )
        require_strong(new_password, person, attr="newPassword")
        _set_password(person, new_password)
        notices.tell_of_new_password(person)
        audit.record(
            audit.PASSWORD_RESET, actor=person, organization=person.organization, target=person
        )
        sessions.revoke_sessions(actor=person, user=person, reason=sessions.Reason.PASSWORD_RESET)
        forgive_failures(username=person.email)
    return person


def person_of_link(*, uid: str, token: str, lock: bool = False) -> User | None:
    people = User.objects.active().select_related("organization")
    if lock:
        people = people.select_for_update(of=("self",))
    person = people.filter(pk=_pk(uid)).first()
    return person if default_token_generator.check_token(person, token) else None


def _pk(uid: str) -> int:
    try:
        return int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        return 0


def _lock(pk: int) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)


def _set_password(person: User, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
