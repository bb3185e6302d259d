"""The tables of the origin, as one snapshot, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.rows import dict_row

from chatproject.errors import Invalid

BATCH = 1000
CONNECT_TIMEOUT = 10
# The usual names, in order; the first that the table has.
USUAL = {
    "User.email": ("email", "emailAddress"),
    "User.name": ("displayName", "name", "fullName", "username", "firstName"),
    "User.lastName": ("lastName",),
    "User.password": ("password", "passwordHash", "hashedPassword"),
    "User.role": ("role",),
    "User.about": ("about", "bio", "status"),
    "User.isActive": ("isActive", "active"),
    "User.createdAt": ("createdAt", "created_at"),
    "User.lastSeen": ("lastSeen", "lastSeenAt", "lastActiveAt"),
    "User.organization": ("organizationId", "organisationId", "companyId"),
    "ChatSession.title": ("title", "name"),
    "ChatSession.createdAt": ("createdAt", "startedAt", "created_at"),
    "ChatSession.lastMessageAt": ("lastMessageAt",),
    "ChatSession.unreadCount": ("unreadCount",),
    "Message.session": ("chatSessionId", "sessionId", "conversationId", "chatId"),
    "Message.sender": ("senderId", "fromUserId", "fromId", "authorId", "userId"),
    "Message.content": ("content", "text", "message", "body"),
    "Message.createdAt": ("createdAt", "sentAt", "timestamp", "created_at"),
    "Message.updatedAt": ("updatedAt",),
    "Message.isRead": ("isRead", "read"),
    "Message.readAt": ("readAt",),
    "Message.deletedAt": ("deletedAt",),
    "Notification.user": ("userId", "recipientId"),
    "Notification.type": ("type", "kind"),
    "Notification.title": ("title",),
    "Notification.text": ("message", "body", "content", "text"),
    "Notification.isRead": ("isRead", "read"),
    "Notification.readAt": ("readAt",),
    "Notification.createdAt": ("createdAt", "created_at"),
}
REQUIRED = (
    "User.email", "Message.session", "Message.sender", "Message.content", "Message.createdAt",
)  # fmt: skip
TABLES = ("User", "ChatSession", "Message", "Notification")

Row = dict[str, Any]


@dataclass(frozen=True)
class Pairing:
    """Where it stands who takes part: two columns of the session, or rows of a table between."""

    table: str
    session: str
    users: tuple[str, ...]


class Source:
    def __init__(
        self,
        connection: psycopg.Connection[Row],
        tables: Mapping[str, str],
        columns: Mapping[str, str],
    ) -> None:
        self.connection = connection
        self.tables = {name: tables.get(name, name) for name in TABLES}
        self.columns = {**self._usual_columns(), **columns}
        missing = [name for name in REQUIRED if name not in self.columns]
        if missing:
            raise Invalid(f"Say by --column which column is {', '.join(missing)}.")
        self.pairing = self._find_pairing()

    # --- What is there -------------------------------------------------------------------------

    def users(self) -> Iterator[Row]:
        return self._rows("User", order=("id",))

    def sessions(self) -> Iterator[Row]:
        """With `people`, the ids of those who take part, as texts."""
        people = self._people()
        for row in self._rows("ChatSession", order=("id",)):
            yield {**row, "people": sorted(people.get(row["id"], ()))}

    def messages(self, session_ids: Sequence[str]) -> Iterator[Row]:
        return self._rows(
            "Message",
            order=(self.columns["Message.createdAt"], "id"),
            among=(self.columns["Message.session"], session_ids),
        )

    def notifications(self) -> Iterator[Row]:
        has_table = bool(self._columns_of("Notification"))
        return self._rows("Notification", order=("id",)) if has_table else iter(())

    def count(self, name: str) -> int:
        if not self._columns_of(name):
            return 0
        query = sql.SQL("SELECT count(*) AS n FROM {}").format(self._table(name))
        row = self.connection.execute(query).fetchone()
        return int(row["n"]) if row else 0

    # --- How it is laid out --------------------------------------------------------------------

    def _usual_columns(self) -> dict[str, str]:
        found = {}
        for name, candidates in USUAL.items():
            here = self._columns_of(name.partition(".")[0])
            column = next((each for each in candidates if each in here), None)
            if column:
                found[name] = column
        return found

    def _columns_of(self, name: str) -> set[str]:
        rows = self.connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            [self.tables[name]],
        )
        return {row["column_name"] for row in rows}

    def _find_pairing(self) -> Pairing:
        session, user = self.tables["ChatSession"], self.tables["User"]
        keys: dict[str, dict[str, list[str]]] = {}
        for row in self.connection.execute(FOREIGN_KEYS):
            targets = keys.setdefault(row["source"], {})
            targets.setdefault(row["target"], []).append(row["source_column"])
        own = sorted(keys.get(session, {}).get(user, []))
        if len(own) >= 2:
            return Pairing(session, "id", tuple(own[:2]))
        others = set(keys) - {self.tables["Message"], self.tables["Notification"]}
        for table in sorted(others):
            of_session, of_user = keys[table].get(session, []), keys[table].get(user, [])
            if of_session and of_user:
                return Pairing(table, of_session[0], (of_user[0],))
        raise Invalid(
            "No foreign keys tell who takes part in a ChatSession: neither two of its own to User, nor"
            " a table with one to each."
        )

    def _people(self) -> dict[str, set[str]]:
        pairing = self.pairing
        people: dict[str, set[str]] = {}
        for column in pairing.users:
            query = sql.SQL("SELECT {}::text AS session, {}::text AS person FROM {}").format(
                sql.Identifier(pairing.session),
                sql.Identifier(column),
                sql.Identifier(pairing.table),
            )
            for row in self.connection.execute(query):
                if row["person"] is not None:
                    people.setdefault(row["session"], set()).add(row["person"])
        return people

    # --- Rows ----------------------------------------------------------------------------------

    def _rows(
        self,
        name: str,
        *,
        order: Sequence[str],
        among: tuple[str, Sequence[str]] | None = None,
    ) -> Iterator[Row]:
        """By our own names, ids as texts, moments in UTC, by a cursor of the server's."""
        query = sql.SQL("SELECT *, id::text AS id_text FROM {}").format(self._table(name))
        if among:
            condition = sql.SQL(" WHERE {}::text = ANY(%s)").format(sql.Identifier(among[0]))
            query += condition
        query += sql.SQL(" ORDER BY ") + sql.SQL(", ").join(map(sql.Identifier, order))
        parameters = [list(among[1])] if among else []
        with self.connection.cursor(name=f"parley_{name.lower()}") as cursor:
            cursor.itersize = BATCH
            cursor.execute(query, parameters)
            for row in cursor:
                yield self._renamed(name, row)

    def _renamed(self, name: str, row: Row) -> Row:
        renamed = {
            ours.partition(".")[2]: _plain(row[column])
            for ours, column in self.columns.items()
            if ours.startswith(f"{name}.")
        }
        return {**renamed, "id": row["id_text"]}

    def _table(self, name: str) -> sql.Identifier:
        return sql.Identifier(self.tables[name])


FOREIGN_KEYS = """
    SELECT source.relname AS source, target.relname AS target, attribute.attname AS source_column
    FROM pg_constraint
    JOIN pg_class AS source ON source.oid = conrelid
    JOIN pg_class AS target ON target.oid = confrelid
    JOIN pg_attribute AS attribute ON attribute.attrelid = conrelid AND attribute.attnum = conkey[1]
    WHERE contype = 'f' AND source.relnamespace = current_schema()::regnamespace
"""


@contextmanager
def open_source(
    url: str, *, tables: Mapping[str, str], columns: Mapping[str, str]
) -> Iterator[Source]:
    """One moment of it, and nothing can be written."""
    # Prisma's own parameter, which PostgreSQL's library refuses.
    address, _, query = url.partition("?")
    options = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    schema = options.pop("schema", "public")
    kept = "&".join(f"{name}={value}" for name, value in options.items() if name in LIBPQ)
    with psycopg.connect(
        f"{address}?{kept}" if kept else address,
        connect_timeout=CONNECT_TIMEOUT,
        row_factory=dict_row,
    ) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        yield Source(connection, tables, columns)


LIBPQ = {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "host", "options"}


def _plain(value: Any) -> Any:
    """Prisma keeps UTC in columns without a time zone."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value
