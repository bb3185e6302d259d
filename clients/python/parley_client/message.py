from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Message:
    """`content` of a system line is its English text; `raw` is all that the server said."""

    id: int
    conversation_id: int
    seq: int
    version: int
    # "text", "system", and what later servers may know besides.
    kind: str
    sender_id: int
    sender_name: str
    content: str
    client_id: str | None
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            id=raw["id"],
            conversation_id=raw["conversationId"],
            seq=raw["seq"],
            version=raw["version"],
            kind=raw["kind"],
            sender_id=raw["senderId"],
            sender_name=raw["sender"]["displayName"],
            content=raw["content"],
            client_id=raw["clientId"],
            created_at=raw["createdAt"],
            edited_at=raw["editedAt"],
            deleted_at=raw["deletedAt"],
            raw=raw,
        )
