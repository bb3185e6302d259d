"""A person with very many conversations and messages, written by the database itself, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench.scenes.conversations import directs
from bench.scenes.history import POSTGRESQL, SQLITE, write_history
from bench.scenes.people import people
from conversations.models import Conversation

# One advance for ten messages, of either.
RECEIPTS = """
    INSERT INTO conversations_receipt (conversation_id, user_id, kind, from_seq, to_seq, at)
    SELECT place.conversation_id, place.user_id, {kind}, (n - 1) * 10, n * 10, %s
    FROM conversations_participant AS place, ({series}) AS numbers
    WHERE place.conversation_id = %s
"""


@dataclass(frozen=True)
class Volume:
    reader: User
    # One conversation as long as all the others together.
    long: Conversation


def write_volume(*, conversations: int, messages: int) -> Volume:
    """Direct conversations of one person, the first of which holds half of all messages."""
    reader, *peers = people(conversations + 1)
    long, *others = directs((reader, peer) for peer in peers)
    write_history([long], messages=messages // 2)
    write_history(others, messages=messages // 2 // len(others))
    write_receipts(long, messages // 2)
    long.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Volume(reader, long)


def write_receipts(conversation: Conversation, messages: int) -> None:
    words = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    series = words["series"].format(count=messages // 10)
    with connection.cursor() as cursor:
        for kind in ("'read'", "'private_read'"):
            insert = RECEIPTS.format(kind=kind, series=series)
            cursor.execute(insert, [timezone.now(), conversation.pk])
    conversation.participants.update(
        delivered_seq=messages, private_read_seq=messages - 3, read_seq=messages - 3
    )
