"""What is known of each conversation without a hole, and what is told of it: each message once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley_client.connection import Connection
from parley_client.message import Message
from parley_client.position import Position

if TYPE_CHECKING:
    from parley_client.device import Parley

PAGE = 100

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """Once the reader has come to it, everything up to this version and this message was told."""

    conversation_id: int
    version: int | None = None
    seq: int | None = None


class Feed:
    """`position` is where the reader is. What came further already waits in a queue in between."""

    def __init__(self, device: Parley, position: Position | None) -> None:
        self.position = position or Position()
        # Without a position, what was said before is none of this reader's business.
        self._is_new = position is None
        self._device = device
        self._versions = dict(self.position.versions)
        self._seqs = dict(self.position.seqs)
        self._queue: asyncio.Queue[Message | Step | Exception] = asyncio.Queue()

    async def messages(self) -> AsyncGenerator[Message, None]:
        while True:
            match await self._queue.get():
                case Step(conversation_id, version, seq):
                    self._move(conversation_id, version, seq)
                case Message() as message:
                    self._move(message.conversation_id, None, message.seq)
                    yield message
                case Exception() as over:
                    raise over

    def end(self, over: Exception) -> None:
        self._queue.put_nowait(over)

    def _move(self, conversation_id: int, version: int | None, seq: int | None) -> None:
        if version is not None:
            self.position.versions[conversation_id] = version
        if seq is not None:
            self.position.seqs[conversation_id] = seq

    # --- Events --------------------------------------------------------------------------------

    def hear(self, event: str, data: Json) -> bool:
        """False: something before it was missed, so ask by `catch_up`."""
        conversation_id, version = _place_of(event, data)
        if conversation_id is None or version is None:
            return True
        held = self._versions.get(conversation_id)
        if held is None or version > held + 1:
            return False
        if event == "newMessage":
            self._tell(Message.of(data))
        self._hold(conversation_id, max(held, version))
        return True

    def _hold(self, conversation_id: int, version: int) -> None:
        self._versions[conversation_id] = version
        self._queue.put_nowait(Step(conversation_id, version))

    def _tell(self, message: Message) -> None:
        if message.seq > self._seqs.get(message.conversation_id, 0):
            self._seqs[message.conversation_id] = message.seq
            self._queue.put_nowait(message)

    # --- Catching up ---------------------------------------------------------------------------

    async def catch_up(self, connection: Connection) -> None:
        versions, found = dict(self._versions), defaultdict[int, list[Message]](list)
        is_limited = True
        while is_limited:
            # Conversations that are new to us come by themselves.
            page = await connection.ask("sync", {"conversations": versions})
            for changes in page["conversations"]:
                await self._begin(changes["conversation"])
                versions[changes["conversation"]["id"]] = changes["version"]
                for message in map(Message.of, changes["messages"]):
                    found[message.conversation_id].append(message)
            for conversation_id in page["gone"]:
                versions.pop(conversation_id, None)
            is_limited = page["limited"]
        self._settle(versions, found)

    def _settle(self, versions: dict[int, int], found: dict[int, list[Message]]) -> None:
        """Only now: what was edited since comes later in a long answer than what was said after it."""
        for messages in found.values():
            for message in sorted(messages, key=lambda one: one.seq):
                self._tell(message)
        for conversation_id, version in versions.items():
            if self._versions.get(conversation_id) != version:
                self._hold(conversation_id, version)
        self._is_new = False

    async def _begin(self, conversation: Json) -> None:
        """Of one that is new to us `sync` has the latest messages only."""
        conversation_id, last = conversation["id"], conversation["lastSeq"]
        if conversation_id in self._versions:
            return
        if self._is_new:
            self._seqs[conversation_id] = last
            self._queue.put_nowait(Step(conversation_id, seq=last))
            return
        path, has_more = f"chat/conversations/{conversation_id}/messages", True
        while has_more:
            after = self._seqs.get(conversation_id, 0)
            page = await self._device.get(path, after=after, limit=PAGE)
            for message in map(Message.of, page["messages"]):
                self._tell(message)
            has_more = page["hasNewer"]


def _place_of(event: str, data: Json) -> tuple[int | None, int | None]:
    """Of which conversation, and which version it makes of it. A private read makes none."""
    if event == "conversationUpdated":
        return data["conversation"]["id"], data["conversation"]["version"]
    if data.get("isPrivate"):
        return None, None
    return data.get("conversationId"), data.get("version")
