"""Redis is a help, not a condition: while it does not answer, we go on without it."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure Redis is left alone for so long, in seconds: threads must not queue up at its timeouts.
PAUSE = 2

Answer = TypeVar("Answer")


class Breaker:
    def __init__(self, name: str) -> None:
        self._name = name
        self._pause_ends = 0.0

    def ask(self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        if monotonic() < self._pause_ends:
            return otherwise
        try:
            return question()
        except RedisError as error:
            self._pause_ends = monotonic() + PAUSE
            logger.warning("%s goes on without Redis, which does not answer: %s", self._name, error)
            return otherwise
