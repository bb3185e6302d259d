"""Set-wise SQL: any number of rows in one parameter, decided and stored by a handful of statements.

A `SetWise` operation locks, decides about all of its rows at once, stores what it decided, and tells. Its
rules are written once, for PostgreSQL and SQLite; how the statements travel differs:

- PostgreSQL gets them in one round trip, which commits: `lock` by itself, so that `decide` sees what was
  committed while it waited, then one statement of which `decide` and each of `store` are parts.
- SQLite has no round trips to save: `decide` fills a temporary table, which the others read.

Rows travel as JSON: one text of SQL, and one plan, for one row as for hundreds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone
from psycopg import AsyncConnection, AsyncRawCursor

Row = tuple[Any, ...]
Given = Sequence[Mapping[str, Any]]

# As for a program that knows its few statements: planned once, by index, in the order in which the tables are
# named. (A new database has no statistics, and a plan that reads whole tables would be kept until it has.)
SESSION = {
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "join_collapse_limit": "1",
    **dict.fromkeys(
        (
            "enable_seqscan",
            "enable_bitmapscan",
            "enable_hashjoin",
            "enable_mergejoin",
            "enable_material",
            "enable_memoize",
        ),
        "off",
    ),
}


@dataclass(frozen=True)
class SetWise:
    """`{rows}` in a text is the table of what was given, with `columns` of these PostgreSQL types. In
    `decide`, `{now}` is the time once the locks are held, and `{next_id}` a new id of the table `numbers`.
    `{list}` makes a JSON array of a column.
    """

    columns: Mapping[str, str]
    lock: str
    # A SELECT that makes the table `decided`, which the others read.
    decide: str
    store: Sequence[str]
    tell: str
    numbers: str = ""

    async def in_postgresql(self, session: AsyncConnection[Any], given: Given) -> list[Row]:
        """One round trip, and one transaction. The session is one of `postgresql_session`."""
        lock, whole = self.for_postgresql
        rows = [orjson.dumps(given).decode()]
        async with session.pipeline():
            await session.execute(lock, rows, prepare=True)
            cursor = await session.execute(whole, rows, prepare=True)
        return await cursor.fetchall()

    def in_sqlite(self, given: Given) -> list[Row]:
        decide, *rest = self._for_sqlite
        # `BEGIN IMMEDIATE`: the one write lock is ours before we look at the clock.
        with transaction.atomic(), connection.cursor() as cursor:
            at = timezone.now().astimezone(UTC).replace(tzinfo=None)
            cursor.execute(decide, {"rows": orjson.dumps(given).decode(), "now": str(at)})
            for text in rest:
                cursor.execute(text)
            told = cursor.fetchall()
            cursor.execute("DROP TABLE temp.decided")
        return told

    @cached_property
    def for_postgresql(self) -> tuple[str, str]:
        """To lock, and to do the rest. Each takes the rows as its one parameter."""
        parts = "".join(f", stored_{n} AS ({text})" for n, text in enumerate(self.store))
        whole = f"WITH decided AS MATERIALIZED ({self.decide}){parts} {self.tell}"
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        words = {
            "rows": f"json_to_recordset($1::json) AS given({columns})",
            "now": "clock_timestamp()",
            "next_id": f"nextval(pg_get_serial_sequence('{self.numbers}', 'id'))",
            "list": "json_agg",
        }
        return f"{self.lock} FOR NO KEY UPDATE".format(**words), whole.format(**words)

    @cached_property
    def _for_sqlite(self) -> list[str]:
        columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in self.columns)
        last_id = f"coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{self.numbers}'), 0)"
        words = {
            "rows": f"(SELECT {columns} FROM json_each(%(rows)s)) AS given",
            "now": "%(now)s",
            "next_id": f"{last_id} + row_number() OVER (ORDER BY number)",
            "list": "json_group_array",
        }
        decide = f"CREATE TEMP TABLE decided AS {self.decide}"
        return [text.format(**words) for text in (decide, *self.store, self.tell)]


async def postgresql_session() -> AsyncConnection[Any]:
    """To Django's database, past its pool: for one task, which uses it for nothing but set-wise
    operations."""
    parameters = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "connect_timeout", "sslmode")
    return await AsyncConnection.connect(
        autocommit=True,
        cursor_factory=AsyncRawCursor,
        options=" ".join(f"-c {name}={value}" for name, value in SESSION.items()),
        **{name: parameters[name] for name in known if name in parameters},
    )


def as_moment(value: datetime | str) -> datetime:
    """A time as it came back: SQLite knows texts only."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
