"""Clients of the system that we replace never say what they received: what they were handed is delivered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chatproject.socket_io.packets import Seen, confirmation

if TYPE_CHECKING:
    from chatproject.socket_io.client import Client

# They count as the client's own commands do, so at most this often, whatever arrives meanwhile, in seconds.
INTERVAL = 0.2


class Confirmations:
    """Said in the client's name, until it begins to do so itself."""

    __slots__ = ("_client", "_is_wanted", "_timer", "_upto")

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_wanted = True
        self._upto: dict[int, int] = {}
        self._timer: asyncio.Handle | None = None

    def add(self, message: Seen) -> None:
        if self._is_wanted:
            known = self._upto.get(message.conversation_id, 0)
            self._upto[message.conversation_id] = max(known, message.seq)
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_soon(self._confirm)

    def stop(self) -> None:
        self._is_wanted = False
        self._upto.clear()
        if self._timer:
            self._timer.cancel()

    def _confirm(self) -> None:
        """One conversation at a time, and nothing that still waits for a poll."""
        self._timer = None
        if not self._upto:
            return
        if self._client.session.has_handed_over:
            conversation_id = next(iter(self._upto))
            self._client.tell_chat(confirmation(conversation_id, self._upto.pop(conversation_id)))
        self._timer = asyncio.get_running_loop().call_later(INTERVAL, self._confirm)
