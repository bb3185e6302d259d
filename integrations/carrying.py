"""Carries deliveries to their endpoints; knows nothing of the database.

By the same way as pushes: only to public addresses, looked at when connecting; no redirection is followed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import aiohttp
from django.utils.translation import gettext as _

from integrations.signing import headers_of
from notifications.push.answers import seconds_of
from notifications.push.endpoints import NotPublic, post, session_for_endpoints
from notifications.push.transport import TOTAL_TIMEOUT

logger = logging.getLogger(__name__)

GONE = 410


class Verdict(Enum):
    DONE = "done"
    AGAIN = "again"
    # They want nothing more, ever; or we may not call them.
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery as it goes out."""

    pk: int
    # With the attempt, so that an answer that comes too late is known as such.
    attempt: int
    url: str
    key: str
    payload: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    # For people; holds nothing of what they said.
    reason: str = ""
    status: int | None = None
    retry_after: float | None = None


class WebhookCarrier:
    """Lives in one event loop, and keeps its connections from one round to the next."""

    def __init__(self) -> None:
        self._session = session_for_endpoints()

    async def close(self) -> None:
        await self._session.close()

    async def carry(self, item: Parcel) -> Answer:
        try:
            async with asyncio.timeout(TOTAL_TIMEOUT):
                return await self._post(item)
        except TimeoutError:
            return Answer(Verdict.AGAIN, _("It did not answer in time."))
        except (NotPublic, aiohttp.InvalidURL):
            return Answer(Verdict.AGAIN, _("This address is not on the open internet."))
        except (aiohttp.ClientError, OSError) as error:
            logger.info("A webhook could not be carried: %s", type(error).__name__)
            return Answer(Verdict.AGAIN, _("It could not be reached."))
        except Exception as error:
            # Not its words, which may name the address. Tried again, but not for ever.
            logger.error("A webhook stumbled here: %s", type(error).__name__)
            return Answer(Verdict.AGAIN, _("This server failed to send it; its log says how."))

    async def _post(self, parcel: Parcel) -> Answer:
        body = parcel.payload.encode()
        signed = headers_of(
            key=parcel.key, moment=int(time.time()), body=body, secrets=parcel.secrets
        )
        headers = {"Content-Type": "application/json"} | signed
        status, retry_after = await post(self._session, parcel.url, body=body, headers=headers)
        return answer_of(status, retry_after)


def answer_of(status: int, retry_after: str = "") -> Answer:
    reason = f"HTTP {status}"
    if 200 <= status < 300:
        return Answer(Verdict.DONE, reason, status)
    # A redirection too: what was checked is the address that was given, not another one.
    verdict = Verdict.STOP if status == GONE else Verdict.AGAIN
    return Answer(verdict, reason, status, seconds_of(retry_after) if retry_after else None)


def carry_now(parcels: Sequence[Parcel]) -> list[Answer]:
    """For who waits for the result: a test that somebody asked for."""

    async def carried() -> list[Answer]:
        carrier = WebhookCarrier()
        try:
            return await asyncio.gather(*(carrier.carry(each) for each in parcels))
        finally:
            await carrier.close()

    return asyncio.run(carried())
