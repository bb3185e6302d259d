"""How long anybody is waited for, whom to trust, and calls to the vendors of our own settings.

Addresses that users gave us are called by endpoints.py.
"""

import os
import ssl
from functools import cache
from typing import Any

import httpx

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 10
# However the other side dawdles, byte by byte: then it is over.
TOTAL_TIMEOUT = 15
CONNECTIONS = 100
# So long a connection that nobody uses is kept for the next push.
KEPT = 15
# Of an answer no more is of interest, and more may be sent to keep us.
MAX_ANSWER = 2048


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
