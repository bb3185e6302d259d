"""The people of an organization: joining, roles, leaving, and what they say of themselves."""

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Organization, PrivacySettings, User
from accounts.roles import Role
from chatproject.errors import Conflict


def create_person(
    *,
    actor: User | None,
    organization: Organization,
    email: str,
    display_name: str,
    password: str | None,
    role: Role = Role.MEMBER,
    is_staff: bool = False,
) -> User:
    """Without an actor it is the person themselves who joins. Without a password they cannot sign in yet."""
    person = User(
        organization=organization,
        email=normal_email(email),
        display_name=display_name,
        role=role,
        is_staff=is_staff,
    )
    person.set_password(password)
    with transaction.atomic():
        _insert(person)
        PrivacySettings.objects.create(user=person)
        audit.record(
            audit.PERSON_CREATED,
            actor=actor or person,
            organization=organization,
            target=person,
            person=display_name,
            role=role,
        )
    return person


def normal_email(email: str) -> str:
    return email.strip().lower()


def _insert(person: User) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "Somebody signs in with this address already.", code="email_taken", attr="email"
        ) from error
