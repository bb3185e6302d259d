"""The past costs nothing: what an answer reads is bounded, over a million messages and 500 conversations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatproject.events import ConversationsQuery, MessagesQuery
from conversations.services.contacts import contacts
from conversations.services.history import page_of_messages
from conversations.services.listing import conversation_in_full, page_of_conversations
from conversations.services.sync import sync
from conversations.services.versions import versions_held
from tests.volume import Volume, write_volume

CONVERSATIONS = 500
# SQLite's plans do not depend on how many there are.
MESSAGES = {"postgresql": 1_000_000, "sqlite": 100_000}
# Of all tables together, in one statement: some for each of a person's conversations, not of messages.
MAX_ROWS = 10 * CONVERSATIONS
LARGE = {"conversations_message", "conversations_receipt"}

Node = dict[str, Any]


@pytest.fixture
def volume(db) -> Volume:
    return write_volume(conversations=CONVERSATIONS, messages=MESSAGES[connection.vendor])


def test_what_is_read_does_not_grow_with_the_messages(volume, django_assert_max_num_queries):
    for name, operation in operations(volume).items():
        with CaptureQueriesContext(connection) as queries:
            operation()
        assert 0 < len(queries) <= 14, name
        for query in queries:
            check = check_postgresql if connection.vendor == "postgresql" else check_sqlite
            check(f"{name}: {query['sql']}", query["sql"])


def operations(volume: Volume) -> dict[str, Callable[[], Any]]:
    reader, pk, last = volume.reader, volume.long.pk, volume.long.last_seq
    held = versions_held(actor=reader)

    def history(**bounds: int) -> Callable[[], Any]:
        query = MessagesQuery(**bounds)
        return lambda: page_of_messages(actor=reader, conversation_id=pk, query=query)

    def conversations(**query: Any) -> Any:
        return page_of_conversations(actor=reader, query=ConversationsQuery(**query))

    return {
        "latest page": history(),
        "a page half-way down": history(before=last // 2),
        "the first page": history(after=0),
        "around a message": history(around=last // 3),
        "the list": conversations,
        "its second page": lambda: conversations(cursor=conversations().next_cursor),
        "the unread ones": lambda: conversations(filter="unread"),
        "one in full": lambda: conversation_in_full(actor=reader, conversation_id=pk),
        "nothing new": lambda: sync(actor=reader, held=held),
        "10,000 missed": lambda: sync(actor=reader, held={**held, pk: last - 10_000}),
        "contacts": lambda: contacts(actor=reader),
    }


def check_postgresql(where: str, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}".replace("%", "%%"), [])
        ((found,),) = cursor.fetchall()
    plan = found if isinstance(found, list) else json.loads(found)
    nodes = list(nodes_of(plan[0]["Plan"]))
    for node in nodes:
        in_order = node["Node Type"] == "Seq Scan"
        assert not (in_order and node["Relation Name"] in LARGE), where
    read = sum(rows_read(node) for node in nodes if "Relation Name" in node)
    assert read <= MAX_ROWS, (read, where)


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for part in node.get("Plans", []):
        yield from nodes_of(part)


def rows_read(node: Node) -> float:
    """Those that were found, and those that were looked at in vain."""
    kept, dropped = node["Actual Rows"], node.get("Rows Removed by Filter", 0)
    return float((kept + dropped) * node["Actual Loops"])


def check_sqlite(where: str, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"), [])
        details = [detail for *_, detail in cursor.fetchall()]
    for detail in details:
        # "SCAN series" is a table of one value; "USING INDEX" reads what it needs in order.
        is_scan = detail.startswith("SCAN conversations_") and "USING" not in detail
        assert not is_scan, (detail, where)
