"""A signed-in device: REST, and the tokens that go with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from parley_client.errors import ConnectionLost, Refused, SignedOut
from parley_client.live import Live
from parley_client.outbox import Outbox
from parley_client.position import Position
from parley_client.tokens import Tokens

TIMEOUT = 30

Json = dict[str, Any]


class Parley:
    """`keep_tokens` is told each new pair: a program that restarts gives the last one as `tokens`."""

    def __init__(
        self,
        url: str,
        *,
        tokens: Tokens | None = None,
        keep_tokens: Callable[[Tokens | None], None] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.tokens = tokens
        self._keep_tokens = keep_tokens
        self._http = httpx.AsyncClient(base_url=f"{self.url}/api/", timeout=TIMEOUT)
        self._refreshing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    # --- Who this is ---------------------------------------------------------------------------

    async def sign_in(self, email: str, password: str, *, device: str = "Python") -> None:
        account = {"email": email, "password": password, "device": device}
        self._hold(await self._ask("POST", "auth/token", account))

    async def sign_out(self) -> None:
        await self.post("auth/logout")
        self._forget()

    async def access_token(self) -> str:
        """One that still holds for a while."""
        tokens = self._tokens()
        return await self.renewed(tokens.access) if tokens.seconds_left <= 0 else tokens.access

    async def renewed(self, access: str) -> str:
        """The token after this one. Whoever comes while it is being fetched waits for the same.

        A refresh token is good once: two at a time would look like a theft, and sign this device out.
        """
        async with self._refreshing:
            tokens = self._tokens()
            if tokens.access != access:
                return tokens.access
            try:
                answer = await self._ask("POST", "auth/token/refresh", {"refresh": tokens.refresh})
            except Refused as refusal:
                if refusal.status != 401:
                    raise
                self._forget()
                raise SignedOut from refusal
            return self._hold(answer).access

    def _tokens(self) -> Tokens:
        if self.tokens is None:
            raise SignedOut
        return self.tokens

    def _hold(self, pair: Json) -> Tokens:
        self.tokens = Tokens(pair["access"], pair["refresh"])
        if self._keep_tokens:
            self._keep_tokens(self.tokens)
        return self.tokens

    def _forget(self) -> None:
        self.tokens = None
        if self._keep_tokens:
            self._keep_tokens(None)

    # --- REST ----------------------------------------------------------------------------------

    async def get(self, path: str, **query: Any) -> Json:
        return await self.request("GET", path, query=query)

    async def post(self, path: str, body: Json | None = None) -> Json:
        return await self.request("POST", path, body)

    async def patch(self, path: str, body: Json | None = None) -> Json:
        return await self.request("PATCH", path, body)

    async def delete(self, path: str) -> Json:
        return await self.request("DELETE", path)

    async def request(
        self, method: str, path: str, body: Json | None = None, *, query: Json | None = None
    ) -> Json:
        """Asked again once with a fresh token, should this one have expired meanwhile."""
        access = await self.access_token()
        try:
            return await self._ask(method, path, body, query, access)
        except Refused as refusal:
            if refusal.status != 401:
                raise
        return await self._ask(method, path, body, query, await self.renewed(access))

    async def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: Json | None = None,
        access: str | None = None,
    ) -> Json:
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        try:
            response = await self._http.request(
                method, path, json=body, params=query, headers=headers
            )
        except httpx.TransportError as error:
            raise ConnectionLost(str(error)) from error
        if response.is_success:
            answer: Json = response.json() if response.content else {}
            return answer
        raise _refusal(response)

    # --- Live ----------------------------------------------------------------------------------

    def live(self, *, position: Position | None = None, outbox: Outbox | None = None) -> Live:
        return Live(self, position=position, outbox=outbox or Outbox())


def _refusal(response: httpx.Response) -> Exception:
    """What is not in our words comes from something in between, a proxy perhaps."""
    try:
        body = response.json()
        body["errors"][0]["code"]
    except (ValueError, LookupError, TypeError):
        return ConnectionLost(f"{response.status_code} from something in between")
    wait = response.headers.get("Retry-After")
    return Refused(body, status=response.status_code, retry_after=float(wait) if wait else None)
