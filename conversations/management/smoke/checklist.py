"""A line per check, as it happens."""

import contextlib
from collections.abc import Callable, Iterator

import httpx
import websockets


class Unexpected(Exception):
    """The server answered, but not as promised."""


class Abandoned(Exception):
    """Nothing that follows would make sense."""


# What can go wrong with a server. A missing field of an answer is a LookupError.
FAILURES = (
    Unexpected,
    LookupError,
    OSError,
    TimeoutError,
    httpx.HTTPError,
    websockets.WebSocketException,
)


class Checklist:
    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.passed = self.failed = 0

    @contextlib.contextmanager
    def check(self, sentence: str, *, is_essential: bool = False) -> Iterator[None]:
        try:
            yield
        except FAILURES as error:
            self.failed += 1
            self._write(f"✗ {sentence}: {explain(error)}")
            if is_essential:
                raise Abandoned from error
        else:
            self.passed += 1
            self._write(f"✓ {sentence}")

    def skip(self, sentence: str, why: str) -> None:
        self._write(f"– {sentence}: not checked, {why}")


def require(condition: object, otherwise: str) -> None:
    if not condition:
        raise Unexpected(otherwise)


def explain(error: Exception) -> str:
    match error:
        case LookupError():
            return f"the answer has no {error}"
        case Unexpected():
            return str(error)
    return f"{type(error).__name__} {error}".strip()
