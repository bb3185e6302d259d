"""A send costs the same whatever was sent before, also by a plan that was made on the first day."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from psycopg import RawCursor

from bench.scenes.conversations import directs
from bench.scenes.history import write_history
from bench.scenes.people import people
from chatproject.events import NewMessageBody
from chatproject.set_wise import SESSION, Given, SetWise, rows_told
from conversations.models import Conversation
from conversations.services.batch_sql import RECEIPTS, SENDS
from conversations.services.batches import Reading, Send, rows_of_readings, rows_of_sends

MESSAGES = 2000
# Entries of indexes, for a batch of one.
MAX_READ = 10
READ = """
    SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index
    WHERE indrelid IN ('conversations_message'::regclass, 'conversations_receipt'::regclass)
"""


@pytest.fixture
def conversation(db) -> Conversation:
    alice, bob = people(2)
    return directs([(alice, bob)])[0]


def test_what_was_said_before_costs_nothing(conversation):
    alice = conversation.lower_user
    body = NewMessageBody(content="Hello", client_id=uuid4())
    sends = rows_of_sends([Send(alice, conversation.pk, body)])
    readings = rows_of_readings([Reading(alice, conversation.pk, MESSAGES, MESSAGES)])
    check = check_postgresql if connection.vendor == "postgresql" else check_sqlite
    check(conversation, SENDS, sends)
    check(conversation, RECEIPTS, readings)


def check_postgresql(conversation: Conversation, operation: SetWise, given: Given) -> None:
    """As in a session of the writer's that is older than the messages: what it planned, it keeps."""
    with RawCursor(connection.connection) as cursor:
        for name, value in SESSION.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
        cursor.execute(operation.function)
        cursor.execute(operation.call, ["[]"])
        if not conversation.messages.exists():
            write_history([conversation], messages=MESSAGES)
        before = read_so_far(cursor)
        cursor.execute(operation.call, [orjson.dumps(given).decode()])
        assert len(rows_told(cursor.fetchone())) == len(given)
        assert read_so_far(cursor) - before <= MAX_READ


def read_so_far(cursor: Any) -> int:
    return int(cursor.execute(READ).fetchone()[0])


def check_sqlite(_conversation: Conversation, operation: SetWise, given: Given) -> None:
    decide = operation._for_sqlite[0].partition(" AS ")[2]
    with connection.cursor() as cursor:
        rows = {"rows": orjson.dumps(given).decode(), "now": "2026-01-01"}
        cursor.execute(f"EXPLAIN QUERY PLAN {decide}", rows)
        details = [detail for *_, detail in cursor.fetchall()]
    assert not [each for each in details if each.startswith("SCAN") and "message" in each]
    if operation is SENDS:
        assert [each for each in details if "(sender_id=? AND client_id=?)" in each]
