"""The audit log: who did what, for ever.

To add an action, three steps:
1. Register its name and sentence, below or in your app's audit.py:
   `THING_DONE = register("thing.done", "{actor} did {what}")`.
2. Call `record(THING_DONE, actor=..., organization=..., what=...)` in the service, inside the transaction
   that does it.
3. Assert the entry in that service's test.

Entries of one organization form a chain: each carries the hash of the one before it, and the chain's head
remembers the last number and hash, so that an edit, a gap and a cut tail are all noticed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from itertools import islice
from string import Formatter
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import AuditChain, AuditEntry, Organization, User

RESTORED_AT_ONCE = 500
SENTENCES: dict[str, str] = {}


def register(name: str, sentence: str) -> str:
    if name in SENTENCES:
        raise ValueError(f"The audit action {name} is registered twice.")
    SENTENCES[name] = sentence
    return name


ORGANIZATION_REGISTERED = register(
    "organization.registered", "{actor} registered the organization {name}"
)
ORGANIZATION_CHANGED = register(
    "organization.changed", "{actor} changed {field} of the organization from {before} to {after}"
)
ORGANIZATION_EXPORTED = register(
    "organization.exported", "{actor} exported the organization, with {messages} messages"
)
ORGANIZATION_IMPORTED = register(
    "organization.imported",
    "{actor} imported the organization; its log, of {entries} entries, was sealed anew",
)
CHAT_PERMISSION_CHANGED = register(
    "chat_permission.changed",
    "{actor} set whether {initiator_role} may write to {target_role}: {allowed}",
)
PERSON_CREATED = register("person.created", "{actor} added {person} as {role}")
PERSON_DEACTIVATED = register("person.deactivated", "{actor} deactivated {person}")
PERSON_REACTIVATED = register("person.reactivated", "{actor} reactivated {person}")
ACCOUNT_DELETED = register("account.deleted", "{actor} deleted the account number {number}")
ROLE_CHANGED = register("person.role_changed", "{actor} changed {person} from {before} to {after}")
INVITATION_CREATED = register("invitation.created", "{actor} invited {invited} as {role}")
INVITATION_REVOKED = register("invitation.revoked", "{actor} revoked the invitation of {invited}")
INVITATION_ACCEPTED = register(
    "invitation.accepted", "{actor} joined as {role}, invited by {invited_by}"
)
PASSWORD_CHANGED = register("password.changed", "{actor} changed their password")
PASSWORD_RESET_REQUESTED = register(
    "password.reset_requested", "Somebody asked for a link to reset the password of {person}"
)
PASSWORD_RESET = register("password.reset", "{actor} set a new password by a mailed link")
EXPORT_REQUESTED = register("export.requested", "{actor} asked for a copy of their data")
BOT_CREATED = register("bot.created", "{actor} made the bot {bot}")
BOT_CHANGED = register("bot.changed", "{actor} changed the bot {before} to {bot}")
API_KEY_CREATED = register(
    "api_key.created", "{actor} made the key {key} of the bot {bot}, for {scopes}"
)
API_KEY_ROTATED = register(
    "api_key.rotated", "{actor} replaced the secret of the key {key} of the bot {bot}"
)
API_KEY_REVOKED = register("api_key.revoked", "{actor} revoked the key {key} of the bot {bot}")
SESSION_STARTED = register("session.started", "{actor} signed in on {device}")
SESSION_REVOKED = register(
    "session.revoked", "{actor} ended the session of {person} on {device}: {reason}"
)
REFRESH_TOKEN_REUSED = register(
    "session.refresh_token_reused",
    "A refresh token of {person} on {device} was used twice; the session was ended",
)


def record(
    action: str,
    *,
    actor: User | None,
    organization: Organization,
    target: models.Model | None = None,
    ip_address: str | None = None,
    **data: Any,
) -> AuditEntry:
    """Appends to the organization's chain. The chain's row lock puts entries in one order."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs to the transaction that does what it tells.")
    _check_data(action, data)
    chain, _ = AuditChain.objects.select_for_update().get_or_create(organization=organization)
    entry = AuditEntry(
        organization=organization,
        number=chain.last_number + 1,
        action=action,
        actor=actor,
        target_type=target._meta.label_lower if target else "",
        target_id=target.pk if target else None,
        data=data,
        ip_address=ip_address,
        at=timezone.now(),
        previous_hash=chain.last_hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    chain.last_number, chain.last_hash = entry.number, entry.hash
    chain.save()
    return entry


def restore(organization: Organization, entries: Iterable[AuditEntry]) -> int:
    """Seals the entries of a log that was whole anew, in an organization that has none yet."""
    chain = AuditChain.objects.create(organization=organization)
    rest = iter(entries)
    while part := list(islice(rest, RESTORED_AT_ONCE)):
        for entry in part:
            entry.organization = organization
            entry.previous_hash = chain.last_hash
            entry.hash = hash_of(entry)
            chain.last_number, chain.last_hash = entry.number, entry.hash
        AuditEntry.objects.bulk_create(part)
    chain.save()
    return chain.last_number


def sentence_of(entry: AuditEntry) -> str:
    sentence = SENTENCES.get(entry.action)
    if sentence is None:
        return entry.action
    return sentence.format_map({**entry.data, "actor": entry.actor or "The system"})


@dataclass(frozen=True)
class Verification:
    """`broken_number` is the first entry that cannot be trusted, None if the chain is whole."""

    checked: int
    broken_number: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken_number is None


def verify_chain(organization: Organization) -> Verification:
    # The head is read first: entries that are appended meanwhile come after it.
    head = AuditChain.objects.filter(organization=organization).first() or AuditChain()
    entries = AuditEntry.objects.filter(organization=organization).order_by("number")
    number, previous_hash = 0, ""
    for entry in entries.filter(number__lte=head.last_number).iterator():
        if reason := _flaw(entry, number + 1, previous_hash):
            return Verification(number, number + 1, reason)
        number, previous_hash = entry.number, entry.hash
    if number < head.last_number:
        return Verification(number, number + 1, "The entries from here to the end are missing.")
    if previous_hash != head.last_hash:
        return Verification(number, number, "The head of the chain holds another hash.")
    return Verification(number)


def hash_of(entry: AuditEntry) -> str:
    return sha256((entry.previous_hash + canonical_text(entry)).encode()).hexdigest()


def canonical_text(entry: AuditEntry) -> str:
    """The same text on every database: sorted keys, and microseconds even when they are zero."""
    return json.dumps(
        {
            "organization": entry.organization_id,
            "number": entry.number,
            "action": entry.action,
            "actor": entry.actor_id,
            "target_type": entry.target_type,
            "target_id": entry.target_id,
            "data": entry.data,
            "ip_address": entry.ip_address,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def _check_data(action: str, data: dict[str, Any]) -> None:
    wanted = {name for _, name, _, _ in Formatter().parse(SENTENCES[action]) if name} - {"actor"}
    if missing := wanted - data.keys():
        raise ValueError(f"The audit action {action} needs {', '.join(sorted(missing))}.")


def _flaw(entry: AuditEntry, number: int, previous_hash: str) -> str:
    if entry.number != number:
        return "The entry is missing."
    if entry.previous_hash != previous_hash:
        return "The entry does not follow the one before it."
    if entry.hash != hash_of(entry):
        return "The entry was changed."
    return ""
