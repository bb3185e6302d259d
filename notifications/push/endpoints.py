"""Calls addresses that users gave us: only public ones, and exactly the one that was looked at.

A name is resolved once; the connection goes to what was resolved, so that a name which points elsewhere
a moment later gains nothing. TLS still names and verifies the host. Redirections are not followed.
"""

import asyncio
import os
import socket
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from chatproject.errors import Invalid, Unavailable
from notifications.push.transport import (
    CONNECT_TIMEOUT,
    CONNECTIONS,
    KEPT,
    MAX_ANSWER,
    READ_TIMEOUT,
    trusting,
)
from notifications.push_endpoint import addresses_of, may_be_called

# However many connections are opened at a time, a name is looked up once.
LOOKED_UP_FOR = 10


class NotPublic(Exception):
    """The name points, among others, to an address that is none of the open internet."""


class PublicResolver(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            addresses = await asyncio.to_thread(addresses_of, host)
        except (Invalid, Unavailable) as error:
            raise OSError(error.detail) from error
        if not may_be_called(addresses):
            raise NotPublic
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if address.version == 6 else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None: ...


def socket_to(target: aiohttp.AddrInfoType) -> socket.socket:
    """Asked before each connection, also where the address is a literal and no name was looked up."""
    family, kind, protocol, _name, place = target
    if not may_be_called([ip_address(str(place[0]).partition("%")[0])]):
        raise NotPublic
    return socket.socket(family, kind, protocol)


def session_for_endpoints() -> aiohttp.ClientSession:
    """Within a running event loop. Keeps no cookies, and reads no proxy from the environment."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=PublicResolver(),
            socket_factory=socket_to,
            ssl=trusting("endpoints", os.environ.get("SSL_CERT_FILE")),
            limit=CONNECTIONS,
            keepalive_timeout=KEPT,
            ttl_dns_cache=LOOKED_UP_FOR,
        ),
        timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT, sock_read=READ_TIMEOUT),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"User-Agent": "Parley"},
        trust_env=False,
    )


async def post(
    session: aiohttp.ClientSession, url: str, *, body: bytes, headers: dict[str, str]
) -> tuple[int, str]:
    """The status, and what is said of when to come again."""
    try:
        return await _post(session, url, body, headers)
    except aiohttp.ServerDisconnectedError:
        # They gave up the kept connection in this moment. Should they have read it: the same topic again.
        return await _post(session, url, body, headers)


async def _post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
) -> tuple[int, str]:
    async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
        # Whoever says more than that loses the connection.
        await response.content.read(MAX_ANSWER)
        return response.status, response.headers.get("Retry-After", "")
