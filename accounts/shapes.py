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
    """Changes with the picture, so that caches never show an old one."""
    if not user.avatar.name:
        return None
    return f"{reverse('avatar', args=[user.pk])}?v={user.avatar.name.rpartition('/')[2][:12]}"
