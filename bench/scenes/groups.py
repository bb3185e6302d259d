"""Groups with a founder who writes, and members who read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.scenes.people import people, tokens
from conversations.services.conversations import create_group


def make(*, sizes: Sequence[int]) -> list[dict[str, Any]]:
    sender, *members = people(1 + max(sizes))
    keys = tokens([sender, *members])
    return [
        {
            "conversation": create_group(
                actor=sender,
                title=f"Group of {size}",
                member_ids=[one.pk for one in members[:size]],
            ).conversation_id,
            "sender": keys[0],
            "members": keys[1 : size + 1],
        }
        for size in sizes
    ]
