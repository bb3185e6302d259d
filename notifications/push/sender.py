"""Carries pushes to whoever delivers them, many at once; knows nothing of the database."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import httpx

from notifications.push import apns, fcm, web
from notifications.push.answers import Answer, not_public, stumbled, timed_out, unreachable
from notifications.push.endpoints import NotPublic, session_for_endpoints
from notifications.push.message import Push
from notifications.push.transport import CONNECTIONS, TOTAL_TIMEOUT, client_for_vendors

logger = logging.getLogger(__name__)


class Sender:
    """Lives in one event loop, and keeps its connections from one round to the next."""

    def __init__(self) -> None:
        self._endpoints = session_for_endpoints()
        self._vendors = client_for_vendors()
        self._firebase_tokens = fcm.FirebaseTokens()
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def close(self) -> None:
        await self._endpoints.close()
        await self._vendors.aclose()

    async def send_all(self, pushes: Sequence[Push]) -> list[Answer]:
        return await asyncio.gather(*(self.send(push) for push in pushes))

    async def send(self, push: Push) -> Answer:
        """Whatever happens is an answer: one device never holds up another."""
        async with self._free:
            try:
                async with asyncio.timeout(TOTAL_TIMEOUT):
                    return await self._carry(push)
            except (TimeoutError, httpx.TimeoutException):
                return timed_out()
            except (NotPublic, aiohttp.InvalidURL):
                return not_public()
            except (aiohttp.ClientError, httpx.HTTPError, httpx.InvalidURL) as error:
                logger.info("A push could not be carried: %s", type(error).__name__)
                return unreachable()
            except Exception as error:
                # Not its words, which may name the address. Tried again, but not for ever.
                logger.error("A push stumbled here: %s", type(error).__name__)
                return stumbled()

    async def _carry(self, push: Push) -> Answer:
        match push.kind:
            case "fcm":
                return await fcm.send(self._vendors, self._firebase_tokens, push)
            case "apns":
                return await apns.send(self._vendors, push)
        return await web.send(self._endpoints, push)


def send_now(pushes: Sequence[Push]) -> list[Answer]:
    """For who waits for the result: a test that somebody asked for."""

    async def sent() -> list[Answer]:
        sender = Sender()
        try:
            return await sender.send_all(pushes)
        finally:
            await sender.close()

    return asyncio.run(sent())
