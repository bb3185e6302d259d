"""Keys of bots: made, given a new secret, revoked; and looked up with each request."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import ApiKey, User
from accounts.scopes import Scope
from accounts.secrets import KEY, Secret, hash_of
from accounts.services.bots import line_of, locked_bot
from accounts.services.sessions import LAST_USED_PRECISION
from chatproject.errors import Conflict, Invalid
from chatproject.prepared import Given, prepared

MAX_KEYS = 20


def create_api_key(
    *,
    actor: User,
    bot: User,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The key, and its secret, which nobody can read again."""
    secret = Secret.new(KEY)
    with transaction.atomic():
        bot = locked_bot(actor=actor, bot=bot)
        if bot.api_keys.filter(revoked_at=None).count() >= MAX_KEYS:
            raise Conflict(_("A bot has at most %d keys.") % MAX_KEYS, code="too_many")
        key = ApiKey.objects.create(
            bot=bot,
            name=line_of(name, attr="name"),
            hint=secret.hint,
            secret_hash=secret.hash,
            scopes=_known(scopes),
            created_by=actor,
            expires_at=_in_future(expires_at),
        )
        _record(audit.API_KEY_CREATED, actor, key, scopes=", ".join(key.scopes))
    return key, secret.text


def rotate_api_key(*, actor: User, key: ApiKey) -> tuple[ApiKey, str]:
    """The secret until now opens nothing any more. Who needs both for a while makes a second key."""
    secret = Secret.new(KEY)
    with transaction.atomic():
        key = _locked(actor, key)
        if key.revoked_at:
            raise Conflict(_("This key was revoked."), code="revoked")
        key.hint, key.secret_hash = secret.hint, secret.hash
        key.save(update_fields=["hint", "secret_hash"])
        _record(audit.API_KEY_ROTATED, actor, key)
    return key, secret.text


def revoke_api_key(*, actor: User, key: ApiKey) -> None:
    """At once: each request asks."""
    with transaction.atomic():
        key = _locked(actor, key)
        if key.revoked_at:
            return
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        _record(audit.API_KEY_REVOKED, actor, key)


def live_api_key(secret: str) -> ApiKey | None:
    """With its bot and organization, in one query, and asked each time."""
    return _live_api_key().first(secret_hash=hash_of(secret))


@prepared
def _live_api_key() -> QuerySet[ApiKey]:
    keys = ApiKey.objects.live().select_related("bot__organization")
    return keys.filter(secret_hash=Given("secret_hash", CharField()))


def touch(*, key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at and now - key.last_used_at < LAST_USED_PRECISION:
        return
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _locked(actor: User, key: ApiKey) -> ApiKey:
    locked_bot(actor=actor, bot=key.bot)
    return ApiKey.objects.select_for_update(of=("self",)).select_related("bot").get(pk=key.pk)


def _known(scopes: Collection[str]) -> list[str]:
    if not scopes or set(scopes) - set(Scope.values):
        raise Invalid(_("Choose at least one scope."), attr="scopes")
    return [scope for scope in Scope.values if scope in scopes]


def _in_future(moment: datetime | None) -> datetime | None:
    if moment and moment <= timezone.now():
        raise Invalid(_("This is in the past."), attr="expiresAt")
    return moment


def _record(action: str, actor: User, key: ApiKey, **data: str) -> None:
    audit.record(
        action,
        actor=actor,
        organization=key.bot.organization,
        target=key,
        key=key.name,
        bot=key.bot.display_name,
        **data,
    )
