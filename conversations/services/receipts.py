"""Delivered and read: pointers that only move forward, and a row per advance that keeps the time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.privacy import gives_read_receipts
from conversations import broadcasts, policies
from conversations.models import Participant, Receipt
from conversations.services.membership import (
    locked_participation,
    member_ids,
    next_version,
    participation,
)
from notifications.services import clear_conversation


def mark_delivered(
    *, actor: User, conversation_id: int, up_to_seq: int | None = None
) -> Participant:
    """A device of the actor confirms to hold everything up to `up_to_seq` (default: all)."""
    place = participation(actor=actor, conversation_id=conversation_id)
    if _target(place, up_to_seq) <= place.delivered_seq:
        return place
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        at = timezone.now()
        if _advance_delivered(place, _target(place, up_to_seq), at):
            _stamp_and_tell(place, at, delivered=True, read=False)
    return place


def mark_read(*, actor: User, conversation_id: int, up_to_seq: int | None = None) -> Participant:
    """The actor has seen everything up to `up_to_seq` (default: all). Read implies delivered."""
    place = participation(actor=actor, conversation_id=conversation_id)
    if _target(place, up_to_seq) <= place.private_read_seq:
        return place
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        _read_up_to(place, _target(place, up_to_seq))
    return place


def read_everything(place: Participant) -> None:
    """For who holds the conversation's lock already."""
    _read_up_to(place, place.last_visible_seq)


def _read_up_to(place: Participant, seq: int) -> None:
    at = timezone.now()
    delivered = _advance_delivered(place, seq, at)
    if not _advance_private_read(place, seq, at):
        return
    read = _tells_reads(place) and _advance_read(place, seq, at)
    _stamp_and_tell(place, at, delivered=delivered, read=read)
    if not (read and place.is_current):
        broadcasts.messages_read_privately(place, at=at)
    clear_conversation(user=place.user, conversation_id=place.conversation_id)


def _target(place: Participant, up_to_seq: int | None) -> int:
    """Nobody confirms what does not exist yet or was never shown to them."""
    last = place.last_visible_seq
    return last if up_to_seq is None else min(up_to_seq, last)


def _tells_reads(place: Participant) -> bool:
    """Groups always show receipts; in direct conversations both sides must give them."""
    peer = policies.other_person(place)
    return peer is None or gives_read_receipts(peer, place.user)


def _advance_delivered(place: Participant, seq: int, at: datetime) -> bool:
    if seq <= place.delivered_seq:
        return False
    _record(place, Receipt.Kind.DELIVERED, place.delivered_seq, seq, at)
    place.delivered_seq = seq
    return True


def _advance_private_read(place: Participant, seq: int, at: datetime) -> bool:
    if seq <= place.private_read_seq:
        return False
    _record(place, Receipt.Kind.PRIVATE_READ, place.private_read_seq, seq, at)
    place.private_read_seq = seq
    return True


def _advance_read(place: Participant, seq: int, at: datetime) -> bool:
    if seq <= place.read_seq:
        return False
    _record(place, Receipt.Kind.READ, place.read_seq, seq, at)
    place.read_seq = seq
    return True


def _record(place: Participant, kind: str, from_seq: int, to_seq: int, at: datetime) -> None:
    Receipt.objects.create(
        conversation_id=place.conversation_id,
        user_id=place.user_id,
        kind=kind,
        from_seq=from_seq,
        to_seq=to_seq,
        at=at,
    )


def _stamp_and_tell(place: Participant, at: datetime, *, delivered: bool, read: bool) -> None:
    """A private read changes nothing that others can see: no version, no event to them."""
    if delivered or read:
        place.version = next_version(place.conversation)
        place.conversation.save(update_fields=["version"])
    place.save(update_fields=["delivered_seq", "read_seq", "private_read_seq", "version"])
    if not (delivered or read):
        return
    members = member_ids(place.conversation)
    if read:
        broadcasts.messages_read(place, at=at, to=members)
    else:
        broadcasts.messages_delivered(place, at=at, to=members)
