"""Pairs with a direct conversation: one to write, one to read."""

from __future__ import annotations

from typing import Any

from bench.scenes.conversations import directs
from bench.scenes.people import people, tokens


def make(*, count: int) -> list[dict[str, Any]]:
    everybody = people(2 * count)
    senders, readers = everybody[:count], everybody[count:]
    conversations = directs(zip(senders, readers, strict=True))
    sides = zip(senders, readers, conversations, tokens(senders), tokens(readers), strict=True)
    return [
        {
            "conversation": conversation.pk,
            "members": [sender.pk, reader.pk],
            "sender": sender_token,
            "reader": reader_token,
        }
        for sender, reader, conversation, sender_token, reader_token in sides
    ]
