import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode


class Command(BaseCommand):
    help = "Makes the key by which push services know this server (VAPID), and stores it for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="Keep one that is there.")
        parser.add_argument(
            "--print", action="store_true", help="Print it as a line for .env, and store nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
        elif not settings.VAPID_PRIVATE_KEY:
            self._store()
        elif not options["if_missing"]:
            raise CommandError(
                "There is a key already. With another one every device would have to subscribe again."
            )

    def _store(self) -> None:
        file = settings.VAPID_KEY_FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else may read it, also not for a moment; and two of us make only one.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as text:
            text.write(new_private_key())
        self.stdout.write(f"The key is in {file}. Start the server again to use it.")


def new_private_key() -> str:
    vapid = Vapid02()
    vapid.generate_keys()
    number: int = vapid.private_key.private_numbers().private_value
    key: str = b64urlencode(number.to_bytes(32, "big"))
    return key
