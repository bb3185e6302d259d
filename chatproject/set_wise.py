"""Set-wise SQL: any number of rows in one parameter, decided and stored by a handful of statements.

A `SetWise` operation locks, decides about all of its rows at once, stores what it decided, and tells. Its
rules are written once, for PostgreSQL and SQLite; how the statements travel differs:

- PostgreSQL gets them as a function of the session (`pg_temp`: it comes with the program and goes with the
  connection), so that a call is one round trip, which commits. `lock` runs by itself, so that `decide` sees
  what was committed while it waited, then one statement of which `decide` and each of `store` are parts.
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

    name: str
    columns: Mapping[str, str]
    lock: str
    # A SELECT that makes the table `decided`, which the others read.
    decide: str
    store: Sequence[str]
    tell: str
    numbers: str = ""

    async def in_postgresql(self, session: AsyncConnection[Any], given: Given) -> list[Row]:
        """One round trip, and one transaction. The session is one of `postgresql_session`."""
        rows = orjson.dumps(given).decode()
        cursor = await session.execute(self.call, [rows], prepare=True)
        return rows_told(await cursor.fetchone())

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

    @property
    def call(self) -> str:
        return f"SELECT pg_temp.{self.name}($1)"

    @cached_property
    def function(self) -> str:
        """Makes what `call` calls, in the session in which it is executed."""
        parts = "".join(f", stored_{n} AS ({text})" for n, text in enumerate(self.store))
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        text = f"""
        CREATE OR REPLACE FUNCTION pg_temp.{self.name}(given_rows json) RETURNS text
        LANGUAGE plpgsql AS $function$
        DECLARE told text;
        BEGIN
            PERFORM FROM ({self.lock} FOR NO KEY UPDATE) AS locked;
            WITH decided AS MATERIALIZED ({self.decide}){parts}
            SELECT json_agg(row) INTO told FROM ({self.tell}) AS row;
            RETURN told;
        END
        $function$
        """
        return text.format(
            rows=f"json_to_recordset(given_rows) AS given({columns})",
            now="clock_timestamp()",
            next_id=f"nextval('{self.numbers}_id_seq')",
            list="json_agg",
        )

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


async def postgresql_session(*operations: SetWise) -> AsyncConnection[Any]:
    """To Django's database, past its pool: for one task, which uses it for these operations alone."""
    parameters = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "connect_timeout", "sslmode")
    session = await AsyncConnection.connect(
        autocommit=True,
        cursor_factory=AsyncRawCursor,
        options=" ".join(f"-c {name}={value}" for name, value in SESSION.items()),
        **{name: parameters[name] for name in known if name in parameters},
    )
    for operation in operations:
        await session.execute(operation.function)
    return session


def rows_told(answer: Row | None) -> list[Row]:
    """What a `call` came back with."""
    text = answer[0] if answer else None
    return [tuple(row.values()) for row in orjson.loads(text or "[]")]


def as_moment(value: datetime | str) -> datetime:
    """A time as it came back: SQLite knows texts only."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
