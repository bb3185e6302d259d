"""The people of an organization: joining, roles, leaving, and coming back."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import audit, policies, tasks
from accounts.models import Organization, PrivacySettings, User
from accounts.roles import Role, is_for_bots
from accounts.services import sessions
from chatproject.errors import Conflict, Forbidden


def create_person(
    *,
    actor: User,
    organization: Organization,
    email: str,
    display_name: str,
    password: str | None = None,
    role: str = Role.MEMBER,
) -> User:
    """Without a password they are mailed a link to choose one."""
    if not policies.may_give_role(actor, organization, role):
        raise Forbidden
    with transaction.atomic():
        person = insert_person(
            organization=organization,
            email=email,
            display_name=display_name,
            password=password,
            role=role,
        )
        audit.record(
            audit.PERSON_CREATED,
            actor=actor,
            organization=organization,
            target=person,
            person=display_name,
            role=role,
        )
        if password is None:
            tasks.mail_password_reset.enqueue(person.email)
    return person


def insert_person(
    *,
    organization: Organization,
    email: str,
    display_name: str,
    password: str | None,
    role: str,
) -> User:
    """Not audited: each way to join tells its own story."""
    person = User(
        organization=organization,
        email=normal_email(email),
        display_name=display_name.strip(),
        role=role,
        # As they read the page by which they came.
        language=get_language() or settings.LANGUAGE_CODE,
        time_zone=get_current_timezone_name(),
    )
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            PrivacySettings.objects.create(user=person)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody signs in with this address already."), code="email_taken", attr="email"
        ) from error
    return person


def change_membership(
    *, actor: User, person: User, role: str | None = None, is_active: bool | None = None
) -> User:
    with transaction.atomic():
        if role is not None:
            change_role(actor=actor, person=person, role=role)
        if is_active is not None:
            (reactivate if is_active else deactivate)(actor=actor, person=person)
    person.refresh_from_db()
    return person


def change_role(*, actor: User, person: User, role: str) -> None:
    with transaction.atomic():
        person = _lock_person(actor, person)
        if not policies.may_give_role(actor, person.organization, role):
            raise Forbidden
        if person.is_bot and not is_for_bots(role):
            raise Forbidden(_("A bot manages nothing."))
        if person.role == role:
            return
        before, person.role = person.role, role
        keep_an_owner(person)
        person.save(update_fields=["role"])
        audit.record(
            audit.ROLE_CHANGED,
            actor=actor,
            organization=person.organization,
            target=person,
            person=str(person),
            before=before,
            after=role,
        )


def deactivate(*, actor: User, person: User) -> None:
    """They are signed out everywhere at once. What they wrote remains."""
    with transaction.atomic():
        person = _lock_person(actor, person)
        if not person.is_active:
            return
        person.is_active = False
        keep_an_owner(person)
        person.save(update_fields=["is_active"])
        sessions.revoke_sessions(actor=actor, user=person, reason=sessions.Reason.DEACTIVATED)
        _record(audit.PERSON_DEACTIVATED, actor, person)


def reactivate(*, actor: User, person: User) -> None:
    with transaction.atomic():
        person = _lock_person(actor, person)
        if person.is_active:
            return
        person.is_active = True
        person.save(update_fields=["is_active"])
        _record(audit.PERSON_REACTIVATED, actor, person)


def normal_email(email: str) -> str:
    return email.strip().lower()


def _lock_person(actor: User, person: User) -> User:
    person = lock_person(person.pk)
    if not policies.may_manage(actor, person):
        raise Forbidden
    if person.deleted_at:
        raise Conflict(_("This account was deleted."), code="deleted")
    return person


def lock_person(pk: int) -> User:
    """With the organization's row first: else two owners could demote each other at once.

    Not the keys: a send that refers to the person, and holds a conversation, need not wait.
    """
    person = User.objects.get(pk=pk)
    Organization.objects.select_for_update(no_key=True).get(pk=person.organization_id)
    return (
        User.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=pk)
    )


def keep_an_owner(person: User) -> None:
    owners = User.objects.filter(
        organization_id=person.organization_id, role=Role.OWNER, is_active=True
    )
    if policies.is_active_owner(person) or owners.exclude(pk=person.pk).exists():
        return
    raise Conflict(_("An organization needs an active owner."), code="last_owner")


def _record(action: str, actor: User, person: User) -> None:
    audit.record(
        action, actor=actor, organization=person.organization, target=person, person=str(person)
    )
