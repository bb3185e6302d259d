import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conversations.management.demo.store import PASSWORD
from conversations.management.smoke.checklist import Checklist
from conversations.management.smoke.person import Person
from conversations.management.smoke.script import Script


class Command(BaseCommand):
    help = (
        "Checks a running server from outside: two people sign in and chat, by REST and by socket. "
        "Deletes its messages and signs out. Exit status 1 if anything is not as promised."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="such as http://127.0.0.1:8000")
        parser.add_argument("--email", default="alice@acme.example")
        parser.add_argument("--password", default=PASSWORD)
        parser.add_argument(
            "--target-email", default="bob@acme.example", help="the person to chat with"
        )
        parser.add_argument("--target-password", help="if it is another one")
        parser.add_argument("--target-url", help="of another server process of the same site")

    def handle(self, *args: Any, **options: Any) -> None:
        url, password = options["url"], options["password"]
        checklist = Checklist(self.stdout.write)
        one = Person(url, options["email"], password)
        other = Person(
            options["target_url"] or url,
            options["target_email"],
            options["target_password"] or password,
        )
        asyncio.run(Script(checklist, one, other).run())
        if checklist.failed:
            raise CommandError(f"{checklist.failed} checks failed, {checklist.passed} passed.")
        self.stdout.write(f"All {checklist.passed} checks passed.")
