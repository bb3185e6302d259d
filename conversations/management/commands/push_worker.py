import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from conversations.pusher import Pusher


class Command(BaseCommand):
    help = "Tells devices of what people miss. Any number of these may run; stops on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        pusher = Pusher()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            pusher.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        pusher.run()
