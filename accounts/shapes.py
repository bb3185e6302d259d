"""People as the wire shows them; shared by every app."""

from functools import lru_cache

from django.urls import reverse

from accounts.models import User
from accounts.plain import PlainPerson
from chatproject.events import PersonShape

# Of cards that are kept ready: the same few people stand beside all the messages of a page.
MAX_CARDS = 4096


def person_shape(user: User | PlainPerson) -> PersonShape:
    avatar = user.avatar if isinstance(user, PlainPerson) else user.avatar.name
    return person_card(user.pk, user.display_name, avatar, user.role, user.is_active, user.is_bot)


@lru_cache(MAX_CARDS)
def person_card(
    pk: int, display_name: str, avatar: str | None, role: str, is_active: bool, is_bot: bool
) -> PersonShape:
    """From plain values, which are all that it depends on."""
    return PersonShape(
        id=pk,
        display_name=display_name,
        avatar_url=avatar_address(pk, avatar),
        role=role,
        is_active=is_active,
        is_bot=is_bot,
    )


def avatar_url(user: User) -> str | None:
    return avatar_address(user.pk, user.avatar.name)


def avatar_address(user_id: int, name: str | None) -> str | None:
    """Changes with the picture, so that caches never show an old one."""
    if not name:
        return None
    return f"{reverse('avatar', args=[user_id])}?v={name.rpartition('/')[2][:12]}"
