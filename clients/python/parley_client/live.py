"""The live connection of a device: it comes back by itself, catches up, and sends each message once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from parley_client import backoff
from parley_client.connection import SIGN_IN, STOPPED, TOO_FAST, Closed, Connection, opened
from parley_client.errors import ConnectionLost, Refused, SignedOut
from parley_client.feed import Feed
from parley_client.message import Message
from parley_client.outbox import Entry, Outbox
from parley_client.position import Position

if TYPE_CHECKING:
    from parley_client.device import Parley

# Whoever was too fast comes back as if several attempts had failed.
CALMER_ATTEMPT = 4

Json = dict[str, Any]
Listener = Callable[[Json], None]


class Live:
    def __init__(self, device: Parley, *, position: Position | None, outbox: Outbox) -> None:
        self.outbox = outbox
        # How often it was there again.
        self.reconnects = -1
        self._device = device
        self._feed = Feed(device, position)
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._connection: Connection | None = None
        self._is_connected = asyncio.Event()
        self._attempt = 0
        self._running: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[Message]] = set()

    async def __aenter__(self) -> Self:
        """Returns when it is connected and up to date."""
        self._running = asyncio.create_task(self._run())
        await self._connected()
        for entry in self.outbox.waiting:
            sending = asyncio.create_task(self._bring(entry))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        tasks = [task for task in (self._running, *self._sending) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def position(self) -> Position:
        return self._feed.position

    def messages(self) -> AsyncGenerator[Message, None]:
        """Each once, in the order of its conversation, whatever the network does. Ends by SignedOut."""
        return self._feed.messages()

    def on(self, event: str, listener: Listener) -> None:
        """For the other events. What happens while there is no connection is not told again."""
        self._listeners[event].append(listener)

    # --- Sending -------------------------------------------------------------------------------

    async def send(
        self, conversation_id: int, content: str, *, reply_to_id: int | None = None
    ) -> Message:
        """Returns when the server has stored it. Raises Refused, and then it will not be sent."""
        return await self._bring(self.outbox.add(conversation_id, content, reply_to_id))

    async def ask(self, event: str, data: Json) -> Json:
        """Any command, once. ConnectionLost says that nobody knows whether it was done."""
        connection = await self._connected()
        try:
            return await connection.ask(event, data)
        except ConnectionLost:
            # Nobody answers: do not wait for the network to notice.
            if self._connection is connection:
                self._disconnected()
            connection.drop()
            raise

    async def _bring(self, entry: Entry) -> Message:
        async with self.outbox.turn(entry.conversation_id):
            while True:
                try:
                    sent = Message.of(await self.ask("sendMessage", entry.body()))
                    self.outbox.remove(entry)
                    return sent
                except ConnectionLost:
                    continue
                except Refused as refusal:
                    if refusal.retry_after is None:
                        self.outbox.remove(entry)
                        raise
                    await asyncio.sleep(refusal.retry_after)

    # --- Staying connected ---------------------------------------------------------------------

    async def _connected(self) -> Connection:
        """Whoever waits for a connection learns when there will be none any more."""
        if self._running is None:
            raise RuntimeError("Enter it first: async with parley.live() as chat")
        while self._connection is None:
            waiting = asyncio.create_task(self._is_connected.wait())
            await asyncio.wait({waiting, self._running}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if self._running.done():
                await self._running
        return self._connection

    def _disconnected(self) -> None:
        self._connection = None
        self._is_connected.clear()

    async def _run(self) -> None:
        try:
            while True:
                await self._stay()
                self._disconnected()
                await asyncio.sleep(backoff.delay(self._attempt))
                self._attempt += 1
        except Exception as over:
            self._feed.end(over)
            raise

    async def _stay(self) -> None:
        """From one opening to the end of that connection."""
        try:
            async with opened(self._device.url, await self._device.access_token()) as connection:
                await self._serve(connection)
        except Closed as closed:
            await self._learn_from(closed.code)
        except ConnectionLost:
            pass
        except Refused as refusal:
            # For a pause, while it caught up or asked for a token.
            if refusal.retry_after is None:
                raise

    async def _learn_from(self, code: int | None) -> None:
        if code == STOPPED:
            raise SignedOut
        if code == SIGN_IN and self._device.tokens:
            await self._device.renewed(self._device.tokens.access)
        if code == TOO_FAST:
            self._attempt = max(self._attempt, CALMER_ATTEMPT)

    async def _serve(self, connection: Connection) -> None:
        renewing = asyncio.create_task(self._renew(connection))
        try:
            while True:
                event = await connection.events.get()
                if isinstance(event, Closed):
                    raise event
                await self._hear(connection, event["event"], event["data"])
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, connection: Connection) -> None:
        """An open socket shows the next token before the one that it holds expires."""
        while tokens := self._device.tokens:
            await asyncio.sleep(max(tokens.seconds_left, 1))
            await connection.ask("authenticate", {"token": await self._device.access_token()})

    async def _hear(self, connection: Connection, event: str, data: Json) -> None:
        if event in ("connected", "resync") or not self._feed.hear(event, data):
            await self._feed.catch_up(connection)
        if event == "connected":
            self._attempt = 0
            self.reconnects += 1
            self._connection = connection
            self._is_connected.set()
        for listener in self._listeners[event]:
            listener(data)
