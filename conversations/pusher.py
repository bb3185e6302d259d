"""The worker that pushes: decides what is due, sends it, tidies up; again and again.

Any number of them may run, as a thread of the server or by `manage.py push_worker`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Sequence

from django.db import close_old_connections
from django.utils import timezone

from conversations.services.announcing import announce_due
from conversations.services.delivering import Send, deliver_due
from notifications.housekeeping import tidy
from notifications.push.answers import Answer
from notifications.push.message import Push
from notifications.push.sender import Sender

logger = logging.getLogger(__name__)

# How soon something that is due is noticed, in seconds.
PAUSE = 0.5
TIDY_INTERVAL = 60
STOP_TIMEOUT = 5


class Pusher:
    def __init__(self, *, pause: float = PAUSE) -> None:
        self.stopping = threading.Event()
        self._pause = pause
        self._tidied_at = float("-inf")

    def run(self) -> None:
        """Until `stopping` is set. A pause of the database must not be the end of all pushing."""
        with asyncio.Runner() as runner:
            sender = runner.run(_sender())
            try:
                while not self.stopping.is_set():
                    if not self._attempt(runner, sender):
                        self.stopping.wait(self._pause)
            finally:
                runner.run(sender.close())
                close_old_connections()

    def _attempt(self, runner: asyncio.Runner, sender: Sender) -> bool:
        """True if there was something to do, so that there may be more."""
        try:

            def send(pushes: Sequence[Push]) -> Sequence[Answer]:
                return runner.run(sender.send_all(pushes))

            done = work(send)
            self._tidy_now_and_then()
        except Exception:
            logger.exception("The push worker stumbled; it goes on in a moment.")
            close_old_connections()
            return False
        return done

    def _tidy_now_and_then(self) -> None:
        if time.monotonic() - self._tidied_at >= TIDY_INTERVAL:
            tidy(now=timezone.now())
            self._tidied_at = time.monotonic()


def work(send: Send) -> bool:
    """One round."""
    announced = announce_due(now=timezone.now())
    delivered = deliver_due(now=timezone.now(), send=send)
    return bool(announced or delivered)


class PusherThread:
    """For the embedded profile: the worker as a thread of the server."""

    def __init__(self) -> None:
        self._pusher = Pusher()
        self._thread = threading.Thread(target=self._pusher.run, name="pusher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is being sent when this gives up waiting is sent again, by the next worker."""
        self._pusher.stopping.set()
        self._thread.join(STOP_TIMEOUT)


async def _sender() -> Sender:
    """Made inside the loop in which it lives."""
    return Sender()
