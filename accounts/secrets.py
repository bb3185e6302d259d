"""Secrets that programs hold: shown once, kept as a hash.

Their beginning says what they are and whose, so that tools which look for leaked secrets know them:
parley_(key|hook)_[A-Za-z0-9]{40}.
"""

import secrets
import string
from dataclasses import dataclass
from hashlib import sha256

KEY, HOOK = "key", "hook"
PREFIX = "parley_"
LENGTH = 40
HINT = 4
ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Secret:
    text: str

    @classmethod
    def new(cls, kind: str) -> "Secret":
        """Of 238 bits: no slow hash is needed to guard it."""
        characters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        return cls(f"{PREFIX}{kind}_{characters}")

    @property
    def hash(self) -> str:
        return hash_of(self.text)

    @property
    def hint(self) -> str:
        return self.text[: -LENGTH + HINT]


def is_one(text: str) -> bool:
    return text.startswith(PREFIX)


def hash_of(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
