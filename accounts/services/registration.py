"""New organizations."""

from secrets import token_hex

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts import audit, passwords
from accounts.models import Organization, User
from accounts.roles import Role
from accounts.services import organizations
from accounts.services.members import insert_person
from chatproject.errors import NotFound

MAX_SLUG_STEM = 50


def register_organization(*, name: str, email: str, display_name: str, password: str) -> User:
    """Makes the organization and its first owner, whom it returns."""
    if not settings.REGISTRATION_OPEN:
        raise NotFound
    passwords.require_strong(password, User(email=email, display_name=display_name))
    with transaction.atomic():
        organization = create_organization(name=name)
        owner = insert_person(
            organization=organization,
            email=email,
            display_name=display_name,
            password=password,
            role=Role.OWNER,
        )
        audit.record(
            audit.ORGANIZATION_REGISTERED,
            actor=owner,
            organization=organization,
            target=organization,
            name=name,
        )
    return owner


def create_organization(*, name: str) -> Organization:
    """With its table of who may write to whom, for administrators to edit."""
    organization = _insert(name.strip())
    organizations.complete_chat_permissions(organization=organization)
    return organization


def _insert(name: str) -> Organization:
    stem = slugify(name)[:MAX_SLUG_STEM] or "organization"
    try:
        with transaction.atomic():
            return Organization.objects.create(name=name, slug=stem)
    except IntegrityError:
        # Names may be alike, slugs not.
        return Organization.objects.create(name=name, slug=f"{stem}-{token_hex(4)}")
