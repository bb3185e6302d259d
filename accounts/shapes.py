"""People as the wire shows them; shared by every app."""

from django.urls import reverse

from accounts.models import User
from chatproject.events import PersonShape


def person_shape(user: User) -> PersonShape:
    return PersonShape(
        id=user.pk,
        display_name=user.display_name,
        avatar_url=avatar_url(user),
        role=user.role,
        is_active=user.is_active,
    )


def avatar_url(user: User) -> str | None:
    return avatar_address(user.pk, user.avatar.name)


def avatar_address(user_id: int, name: str | None) -> str | None:
    """Changes with the picture, so that caches never show an old one."""
    if not name:
        return None
    return f"{reverse('avatar', args=[user_id])}?v={name.rpartition('/')[2][:12]}"
