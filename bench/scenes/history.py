"""Messages by the hundred thousand: written by the database itself, in one statement, on either of the two.

What the product keeps of a conversation beside its messages (its last one, version, who was told) is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from conversations.models import Conversation, Message

TEXT = "The quick brown fox jumps over the lazy dog, and nobody minds: "

# What the two databases spell differently. The last message of each conversation has a time of its own.
POSTGRESQL = {
    "series": "SELECT generate_series(1, {count}) AS n",
    "key": "gen_random_uuid()",
    "moment": "now() - make_interval(secs => {count} - n + c.id)",
}
SQLITE = {
    "series": "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
    " WHERE n < {count}) SELECT n FROM counted",
    "key": "lower(hex(randomblob(16)))",
    "moment": "datetime('now', (n - {count} - c.id) || ' seconds')",
}
INSERT = """
    INSERT INTO conversations_message ({columns}) SELECT {values}
    FROM conversations_conversation AS c, ({series}) AS numbers WHERE c.id IN ({ids})
"""
UPDATE = """
    UPDATE conversations_conversation AS c SET last_seq = {count}, version = {count}, notified_seq = {count},
    (last_message_id, last_message_at, last_activity_at) = (
        SELECT id, created_at, created_at FROM conversations_message
        WHERE conversation_id = c.id AND seq = {count}
    ) WHERE id IN ({ids})
"""


def write_history(conversations: Sequence[Conversation], *, messages: int) -> None:
    """So many messages in each of these direct conversations, which are empty; the two take turns."""
    words = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    values, given = message_values(words)
    blanks = {
        "columns": ", ".join(f'"{name}"' for name in values),
        "values": ", ".join(values.values()),
        "series": words["series"],
        "ids": ", ".join(str(conversation.pk) for conversation in conversations),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Each row points at what was just read: no need to look for it a million times.
            cursor.execute("SET LOCAL session_replication_role = replica")
        for statement, parameters in ((INSERT, given), (UPDATE, [])):
            # Twice: what is filled in has a blank of its own.
            sql = statement.format(**blanks, count="{count}").format(count=messages)
            cursor.execute(sql, parameters)


def message_values(words: dict[str, str]) -> tuple[dict[str, str], list[Any]]:
    """Each column's expression, and their parameters: a column that is new here gets the model's default."""
    expressions = {
        "conversation_id": "c.id",
        "seq": "n",
        "version": "n",
        "sender_id": "CASE n & 1 WHEN 0 THEN c.lower_user_id ELSE c.higher_user_id END",
        "content": f"'{TEXT}' || n",
        "client_id": words["key"],
        "created_at": words["moment"],
        "updated_at": words["moment"],
    }
    fields = [field for field in Message._meta.concrete_fields if not field.primary_key]
    defaults = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in fields
        if field.column not in expressions
    }
    return {**expressions, **dict.fromkeys(defaults, "%s")}, list(defaults.values())


def settle_statistics() -> None:
    """What autovacuum would have done by the time that so many messages have been written."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
