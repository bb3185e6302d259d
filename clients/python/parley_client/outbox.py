"""What is to be sent: one after the other in each conversation, each with a `clientId` of its own.

The server answers a repeat of a `clientId` with the first result, so that repeating is safe.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class Entry:
    conversation_id: int
    content: str
    client_id: str
    reply_to_id: int | None = None

    def body(self) -> dict[str, Any]:
        return {
            "conversationId": self.conversation_id,
            "content": self.content,
            "clientId": self.client_id,
            "replyToId": self.reply_to_id,
        }


class Outbox:
    """With a `file`, what was not acknowledged survives a restart."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._entries: dict[str, Entry] = {}
        self._turns: dict[int, asyncio.Lock] = {}
        if file and file.exists():
            for line in file.read_text().splitlines():
                entry = Entry(**json.loads(line))
                self._entries[entry.client_id] = entry

    @property
    def waiting(self) -> list[Entry]:
        return list(self._entries.values())

    def turn(self, conversation_id: int) -> asyncio.Lock:
        """Its waiters come in their order, and so do their messages."""
        return self._turns.setdefault(conversation_id, asyncio.Lock())

    def add(self, conversation_id: int, content: str, reply_to_id: int | None = None) -> Entry:
        entry = Entry(conversation_id, content, str(uuid4()), reply_to_id)
        self._entries[entry.client_id] = entry
        self._write()
        return entry

    def remove(self, entry: Entry) -> None:
        self._entries.pop(entry.client_id, None)
        self._write()

    def _write(self) -> None:
        """Whole or not at all, whenever the power goes."""
        if self._file is None:
            return
        lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in self.waiting)
        draft = self._file.with_suffix(".new")
        with draft.open("w") as stream:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self._file)
