"""Calls addresses that users gave us: only public ones, and exactly the one that was looked at.

The name is resolved once; the connection goes to what was resolved, so that a name which points elsewhere
a moment later gains nothing. TLS still names and verifies the host. Redirections are not followed.
"""

import asyncio
import os
import ssl
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

from chatproject.errors import Invalid, Unavailable
from notifications.push_endpoint import addresses_of, may_be_called

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 10
# However the other side dawdles, byte by byte: then it is over.
TOTAL_TIMEOUT = 15
CONNECTIONS = 100
# Of an answer no more is of interest, and more may be sent to keep us.
MAX_ANSWER = 2048


class NotPublic(Exception):
    """The name points, among others, to an address that is none of the open internet."""


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await asyncio.to_thread(addresses_of, host)
        except (Invalid, Unavailable) as error:
            raise httpcore.ConnectError(error.detail) from error
        if not may_be_called(addresses):
            raise NotPublic
        return await self._connect_to_one(addresses, port, timeout, local_address, socket_options)

    async def _connect_to_one(
        self, addresses: Iterable[object], *rest: Any
    ) -> httpcore.AsyncNetworkStream:
        """A machine without IPv6 may still be given such addresses."""
        failure: Exception = httpcore.ConnectError()
        for address in addresses:
            try:
                return await self._network.connect_tcp(str(address), *rest)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


def client_for_endpoints() -> httpx.AsyncClient:
    context = trusting("endpoints", os.environ.get("SSL_CERT_FILE"))
    transport = httpx.AsyncHTTPTransport(verify=context)
    # httpx has no option for it: its own pool, over our network.
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=context,
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=30,
        network_backend=CheckedNetwork(),
    )
    return httpx.AsyncClient(transport=transport, timeout=timeouts(), trust_env=False)


def client_for_vendors() -> httpx.AsyncClient:
    """To the addresses of our own settings; Apple speaks HTTP/2 alone."""
    context = trusting("vendors", os.environ.get("SSL_CERT_FILE"))
    limits = httpx.Limits(max_connections=CONNECTIONS)
    return httpx.AsyncClient(http2=True, verify=context, limits=limits, timeout=timeouts())


@cache
def trusting(_whom: str, _authorities: str | None) -> ssl.SSLContext:
    """Reading all authorities takes 40 ms. One for each kind of client: they agree on other protocols."""
    return httpx.create_ssl_context()


def timeouts() -> httpx.Timeout:
    return httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT, pool=TOTAL_TIMEOUT)


async def post(client: httpx.AsyncClient, url: str, **request: Any) -> tuple[httpx.Response, bytes]:
    """The answer and the beginning of its body."""
    body = b""
    async with client.stream("POST", url, follow_redirects=False, **request) as response:
        async for part in response.aiter_raw():
            body += part
            if len(body) >= MAX_ANSWER:
                break
    return response, body[:MAX_ANSWER]
