"""People who come in with a history from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Organization, PrivacySettings, User
from accounts.roles import Role, role_called
from accounts.services.members import normal_email
from chatproject.as_given import insert_as_given
from chatproject.errors import Conflict

# Of a domain that nobody can have: somebody without an address is a name on messages, and cannot sign in.
PLACEHOLDER_ADDRESS = "{key}@imported.invalid"
MAX_NAME = 80


@dataclass(frozen=True)
class Newcomer:
    """`key` tells people without an address apart."""

    key: str
    display_name: str
    created_at: datetime
    email: str = ""
    role: str = Role.MEMBER
    about: str = ""
    is_active: bool = True
    last_seen_at: datetime | None = None
    # As Django keeps it; empty: they ask for a link to choose one.
    password: str = ""


def import_person(*, organization: Organization, newcomer: Newcomer) -> tuple[User, bool]:
    """Who has the address here already is that person; and whether they are new. Raises Conflict if
    somebody of another organization has it. Not audited: the import tells its own story."""
    email = normal_email(newcomer.email or PLACEHOLDER_ADDRESS.format(key=newcomer.key))
    found = User.objects.select_related("organization").filter(email=email).first()
    if found:
        if found.organization_id != organization.pk:
            raise Conflict(f"{email} belongs to somebody of another organization.")
        return found, False
    name = " ".join(newcomer.display_name.split())[:MAX_NAME]
    person = User(
        organization=organization,
        email=email,
        display_name=name or email.partition("@")[0][:MAX_NAME],
        role=role_called(newcomer.role),
        about=newcomer.about[:140],
        is_active=newcomer.is_active and bool(newcomer.email),
        created_at=newcomer.created_at,
        last_seen_at=newcomer.last_seen_at,
    )
    if newcomer.password:
        person.password = newcomer.password
    else:
        person.set_unusable_password()
    with transaction.atomic():
        insert_as_given([person])
        PrivacySettings.objects.create(user=person)
    return person, True
