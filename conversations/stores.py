"""Where set-wise operations are carried out for the event loop: one way for each database, one at a time."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

import psycopg
from django.db import IntegrityError, OperationalError, connection

from chatproject.errors import Unavailable
from chatproject.set_wise import Given, Row, SetWise, postgresql_session
from chatproject.threads import in_thread
from conversations.services.batch_sql import RECEIPTS, SENDS

logger = logging.getLogger(__name__)

# How long the database may take, for a session and for an operation, in seconds.
PATIENCE = 10


class KeyTaken(Exception):
    """Nothing was stored: a constraint that spans processes was hit."""


class Store(Protocol):
    async def run(self, operation: SetWise, given: Given) -> list[Row]:
        """Committed on return. Raises KeyTaken, Unavailable."""

    async def close(self) -> None: ...


def store_of_this_database() -> Store:
    return PostgresqlStore() if connection.vendor == "postgresql" else SqliteStore()


class PostgresqlStore:
    """A session of its own in the event loop: no thread stands between a message and its COMMIT."""

    def __init__(self) -> None:
        self._session: psycopg.AsyncConnection[Any] | None = None

    async def run(self, operation: SetWise, given: Given) -> list[Row]:
        try:
            async with asyncio.timeout(PATIENCE):
                if self._session is None:
                    self._session = await postgresql_session(SENDS, RECEIPTS)
                return await operation.in_postgresql(self._session, given)
        except psycopg.IntegrityError as error:
            raise KeyTaken from error
        except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
            logger.warning("The database does not answer: %s", error)
            await self.close()
            raise Unavailable(retry_after=1) from error

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()


class SqliteStore:
    """Django's own connections, in a thread."""

    async def run(self, operation: SetWise, given: Given) -> list[Row]:
        try:
            return await in_thread(operation.in_sqlite, given)
        except IntegrityError as error:
            raise KeyTaken from error
        except OperationalError as error:
            logger.warning("The database does not answer: %s", error)
            raise Unavailable(retry_after=1) from error

    async def close(self) -> None: ...
