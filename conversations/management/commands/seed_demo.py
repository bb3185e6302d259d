from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization, User
from conversations.management.demo.script import ORGANIZATIONS
from conversations.management.demo.store import PASSWORD, store_demo


class Command(BaseCommand):
    help = "Two organizations with people whom you can be, and weeks of what they said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if anybody is there already"
        )
        parser.add_argument(
            "--yes", action="store_true", help="also on a server that is not for development"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and User.objects.exists():
            return
        if not settings.DEBUG and not options["yes"]:
            raise CommandError("The demo people have a known password. If you mean it, add --yes.")
        if Organization.objects.filter(slug__in=ORGANIZATIONS).exists():
            raise CommandError("The demo organizations are there already.")
        self.present(store_demo(timezone.now()))

    def present(self, people: list[User]) -> None:
        for user in people:
            self.stdout.write(
                f"{user.organization.name:8} {user.role:8} {user.email:24} {user.display_name}"
            )
        self.stdout.write(f'\nThe password of each is "{PASSWORD}".')
