"""Which endpoints want to hear what: known to each process, and asked anew when it has changed.

A version in the cache tells: it is gone as soon as an endpoint changes, and by itself after a minute, since a
bot may be deactivated, or the cache lose what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

from integrations.models import WebhookEndpoint

VERSION = "integrations.listeners"
LIFETIME = 60


@dataclass(frozen=True)
class Listener:
    endpoint_id: int
    bot_id: int
    organization_id: int
    # Empty while it is switched off.
    events: frozenset[str]


_known: tuple[str, tuple[Listener, ...]] = ("", ())


def listeners() -> tuple[Listener, ...]:
    global _known
    version, known = cache.get(VERSION), _known
    if version is not None and version == known[0]:
        return known[1]
    if version is None:
        version = uuid4().hex
        cache.set(VERSION, version, LIFETIME)
    _known = (version, _load())
    return _known[1]


def forget_listeners() -> None:
    """Now, for this transaction, and once it is committed, for all others."""
    cache.delete(VERSION)
    transaction.on_commit(lambda: cache.delete(VERSION), robust=True)


def _load() -> tuple[Listener, ...]:
    rows = WebhookEndpoint.objects.select_related("bot__organization")
    return tuple(_listener(each) for each in rows)


def _listener(endpoint: WebhookEndpoint) -> Listener:
    bot = endpoint.bot
    is_on = endpoint.disabled_at is None and bot.is_active and bot.organization.is_active
    events = frozenset(endpoint.events if is_on else ())
    return Listener(endpoint.pk, bot.pk, bot.organization_id, events)
