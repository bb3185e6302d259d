from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Position:
    """How far a client has come in each conversation.

    `versions` are what it holds without a hole, and what it tells `sync`; `seqs` are the last messages that
    its reader was given. To keep it across restarts, store `to_json()` after each that you have dealt with.
    """

    versions: dict[int, int] = field(default_factory=dict)
    seqs: dict[int, int] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps({"versions": self.versions, "seqs": self.seqs})

    @classmethod
    def from_json(cls, text: str) -> Self:
        kept = json.loads(text)
        return cls(**{name: {int(pk): at for pk, at in of.items()} for name, of in kept.items()})
