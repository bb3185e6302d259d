import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from integrations.teller import Teller


class Command(BaseCommand):
    help = "Tells programs outside of what happened. Any number of these may run; stops on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        teller = Teller()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            teller.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        teller.run()
