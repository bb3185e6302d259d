"""A person with very many conversations and messages, written by the database itself, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from django.db import connection
from django.utils import timezone

from accounts.models import User
from conversations.models import Conversation, Participant

numbers = count(1)

# From 1 to a number, as a table of one column `n`.
SERIES = {
    "postgresql": "(SELECT n FROM generate_series(1, {number}) AS n) AS series",
    "sqlite": "(WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
    " WHERE n < {number}) SELECT n FROM series) AS series",
}
KEY = {
    "postgresql": "CAST(lpad(to_hex(place.id * 10000000 + n), 32, '0') AS uuid)",
    "sqlite": "printf('%%032x', place.id * 10000000 + n)",
}
# In turns by the two, now and then a long one.
MESSAGES = """
    INSERT INTO conversations_message
        (conversation_id, seq, version, kind, sender_id, content, client_id, request_hash,
         created_at, updated_at)
    SELECT place.id, n, n, 'text',
           CASE WHEN n % 2 = 0 THEN place.lower_user_id ELSE place.higher_user_id END,
           'Message', {key}, '', %s, %s
    FROM conversations_conversation AS place, {series}
    WHERE place.id BETWEEN %s AND %s
    ORDER BY place.id, n
"""
RECEIPTS = """
    INSERT INTO conversations_receipt (conversation_id, user_id, kind, from_seq, to_seq, at)
    SELECT place.conversation_id, place.user_id, {kind}, (n - 1) * 10, n * 10, %s
    FROM conversations_participant AS place, {series}
    WHERE place.conversation_id = %s
"""
SUMS = """
    UPDATE conversations_conversation SET
        last_seq = %s, version = %s, last_message_at = %s,
        last_message_id = (SELECT id FROM conversations_message AS message
                           WHERE message.conversation_id = conversations_conversation.id
                             AND message.seq = %s)
    WHERE id BETWEEN %s AND %s
"""
POINTERS = """
    UPDATE conversations_participant
    SET delivered_seq = %s, private_read_seq = %s, read_seq = %s
    WHERE conversation_id BETWEEN %s AND %s
"""


@dataclass(frozen=True)
class Volume:
    reader: User
    # One conversation as long as all the others together.
    long: Conversation
    others: list[Conversation]


def write_volume(reader: User, *, conversations: int, messages: int) -> Volume:
    """Direct conversations of this person; half of all messages in the first, the rest evenly."""
    made = directs(reader, conversations)
    short = messages // 2 // (conversations - 1)
    write_messages(made[0], made[0], messages // 2)
    write_messages(made[1], made[-1], short)
    write_receipts(made[0], messages // 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    made[0].refresh_from_db()
    return Volume(reader, made[0], made[1:])


def directs(reader: User, number: int) -> list[Conversation]:
    peers = User.objects.bulk_create(
        User(
            organization=reader.organization,
            email=f"peer{next(numbers)}@acme.example",
            display_name=f"Peer {place}",
        )
        for place in range(number)
    )
    made = Conversation.objects.bulk_create(
        Conversation(
            organization=reader.organization,
            kind=Conversation.Kind.DIRECT,
            created_by=reader,
            lower_user=reader,
            higher_user=peer,
            last_activity_at=timezone.now(),
        )
        for peer in peers
    )
    Participant.objects.bulk_create(
        Participant(conversation=each, user_id=user_id)
        for each in made
        for user_id in (reader.pk, each.higher_user_id or 0)
    )
    return made


def write_messages(first: Conversation, last: Conversation, number: int) -> None:
    """So many into each of these; all but the latest few are read."""
    now, which = timezone.now(), (first.pk, last.pk)
    series = SERIES[connection.vendor].format(number=number)
    read = max(0, number - 3)
    with connection.cursor() as cursor:
        insert = MESSAGES.format(key=KEY[connection.vendor], series=series)
        cursor.execute(insert, [now, now, *which])
        cursor.execute(SUMS, [number, number, now, number, *which])
        cursor.execute(POINTERS, [number, read, read, *which])


def write_receipts(conversation: Conversation, number: int) -> None:
    series = SERIES[connection.vendor].format(number=number // 10)
    with connection.cursor() as cursor:
        for kind in ("'read'", "'private_read'"):
            insert = RECEIPTS.format(kind=kind, series=series)
            cursor.execute(insert, [timezone.now(), conversation.pk])
