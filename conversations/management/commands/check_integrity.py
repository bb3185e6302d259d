import sys
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand

from chatproject.snapshot import snapshot
from conversations.management.integrity import announcements, order, pointers, walls
from conversations.management.integrity.check import Check

CHECKS = [
    each
    for module in (order, pointers, walls, announcements)
    for each in vars(module).values()
    if isinstance(each, Check)
]
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Checks what must be true of the database at any moment; exit status 1 if anything is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with snapshot():
            whole = [self.run(check) for check in CHECKS]
        if not all(whole):
            sys.exit(1)

    def run(self, check: Check) -> bool:
        broken = list(check.find())
        if not broken:
            self.stdout.write(f"✓ {check.sentence}")
            return True
        ids = ", ".join(str(pk) for pk in islice(broken, SHOWN))
        more = f" and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        self.stdout.write(f"✗ {check.sentence}: {check.noun} {ids}{more}", self.style.ERROR)
        return False
