"""What people say and show of themselves."""

from typing import IO, TypedDict, Unpack
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import avatars, broadcasts
from accounts.models import Block, PrivacySettings, User
from chatproject.errors import Invalid


class ProfileChanges(TypedDict, total=False):
    display_name: str
    about: str
    time_zone: str
    language: str


class PrivacyChanges(TypedDict, total=False):
    last_seen: str
    online: str
    photo: str
    about: str
    groups: str
    read_receipts: bool


class MyChanges(TypedDict, total=False):
    profile: ProfileChanges
    privacy: PrivacyChanges
    avatar: IO[bytes] | None


def update_me(*, actor: User, changes: MyChanges) -> User:
    """Everything that a person sets for themselves, all of it or nothing."""
    with transaction.atomic():
        if "avatar" in changes:
            change_avatar(actor=actor, picture=changes["avatar"])
        if "privacy" in changes:
            update_privacy(actor=actor, **changes["privacy"])
        if "profile" in changes:
            update_profile(actor=actor, **changes["profile"])
    return actor


def update_profile(*, actor: User, **changes: Unpack[ProfileChanges]) -> User:
    if "display_name" in changes:
        actor.display_name = _visible(changes["display_name"])
    if "about" in changes:
        actor.about = changes["about"].strip()
    if "time_zone" in changes:
        actor.time_zone = _known(changes["time_zone"], available_timezones(), "timeZone")
    if "language" in changes:
        actor.language = _known(changes["language"], dict(settings.LANGUAGES), "language")
    actor.save(update_fields=list(changes))
    return actor


def update_privacy(*, actor: User, **changes: Unpack[PrivacyChanges]) -> PrivacySettings:
    privacy, _created = PrivacySettings.objects.update_or_create(user=actor, defaults=changes)
    return privacy


def change_avatar(*, actor: User, picture: IO[bytes] | None) -> User:
    """None removes it."""
    old = actor.avatar.name
    if picture is None:
        actor.avatar = ""
    else:
        actor.avatar.save(avatars.new_name(), avatars.square(picture), save=False)
    actor.save(update_fields=["avatar"])
    if old:
        # After commit: a rollback would leave the row pointing at a deleted file.
        transaction.on_commit(lambda: actor.avatar.storage.delete(old))
    return actor


def block(*, actor: User, person: User) -> Block:
    if actor.pk == person.pk:
        raise Invalid(_("You cannot block yourself."), code="oneself", attr="userId")
    with transaction.atomic():
        blocked, created = Block.objects.get_or_create(blocker=actor, blocked=person)
        if created:
            broadcasts.block_changed(blocked, is_blocked=True)
    return blocked


def unblock(*, actor: User, person: User) -> None:
    with transaction.atomic():
        block = Block.objects.filter(blocker=actor, blocked=person).first()
        if block:
            broadcasts.block_changed(block, is_blocked=False)
            block.delete()


def _visible(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Invalid(_("A name needs visible characters only."), attr="displayName")
    return name


def _known(value: str, choices: object, attr: str) -> str:
    if value not in choices:  # type: ignore[operator]
        raise Invalid(_("This choice does not exist."), code="invalid_choice", attr=attr)
    return value
