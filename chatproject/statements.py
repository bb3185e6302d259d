"""Set-wise SQL: one text for PostgreSQL and SQLite, any number of rows in one parameter.

Rows travel to the database as JSON, and `{rows}` in a statement is the table that they make there. So a
statement costs the same text, plan and round trip for one row as for hundreds, and has no second spelling
for the other database. Several statements that do not wait for each other's answers go out together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson
import psycopg
from django.db import connection

Row = tuple[Any, ...]
Given = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Statement:
    """`columns` are those of `{rows}`, with their PostgreSQL types."""

    sql: str
    columns: Mapping[str, str]
    # For the few that have to be said differently there.
    sqlite: str = ""

    @cached_property
    def for_postgresql(self) -> str:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return self.sql.format(
            rows=f"json_to_recordset(%s::json) AS given({columns})", lock="FOR NO KEY UPDATE"
        )

    @cached_property
    def for_sqlite(self) -> str:
        columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in self.columns)
        # A transaction of ours holds the one write lock from its beginning (`BEGIN IMMEDIATE`).
        return (self.sqlite or self.sql).format(
            rows=f"(SELECT {columns} FROM json_each(%s)) AS given", lock=""
        )


def ask(*questions: tuple[Statement, Given]) -> list[list[Row]]:
    """In their order, in one round trip; each sees what those before it did."""
    if connection.vendor == "postgresql":
        return _ask_postgresql(questions)
    return [_ask_sqlite(statement, given) for statement, given in questions]


def moment(at: datetime) -> str:
    """As SQLite keeps it, and as PostgreSQL reads it in a connection that Django set to UTC."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def _ask_postgresql(questions: Sequence[tuple[Statement, Given]]) -> list[list[Row]]:
    connection.ensure_connection()
    # Past Django's cursor, which puts the values into the text: nothing could be prepared.
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline():
        cursors = [
            psycopg.Cursor(raw).execute(
                statement.for_postgresql,
                [_as_json(given)],
                prepare=True,
            )
            for statement, given in questions
        ]
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _ask_sqlite(statement: Statement, given: Given) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement.for_sqlite, [_as_json(given)])
        return cursor.fetchall() if cursor.description else []


def _as_json(given: Given) -> str:
    return orjson.dumps(given).decode()
