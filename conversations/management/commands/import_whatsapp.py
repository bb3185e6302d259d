import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from chatproject.errors import DomainError
from conversations.whatsapp.dates import ORDERS
from conversations.whatsapp.export import Export, read_export
from conversations.whatsapp.importing import Outcome, import_whatsapp


class Command(BaseCommand):
    help = (
        "Brings in a chat that WhatsApp exported, as .txt or .zip. Names become the people who are called so,"
        " or whom --person names; others become names without an account. Safe to repeat, also with a later"
        " export of the same chat: only what is new comes in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, help="its slug")
        parser.add_argument(
            "--as", required=True, dest="exporter", metavar="EMAIL", help="who exported the chat"
        )
        parser.add_argument(
            "--group", default="", metavar="TITLE", help="into a group of this title"
        )
        parser.add_argument("--person", action="append", default=[], metavar="NAME=EMAIL")
        parser.add_argument(
            "--people", type=Path, help="the same as a file: a name, a comma, an address"
        )
        parser.add_argument("--dates", choices=ORDERS, help="if the dates leave it open")
        parser.add_argument("--time-zone", help="of the phone; otherwise that of the exporter")

    def handle(self, *args: Any, **options: Any) -> None:
        exporter = self.exporter(options["organization"], options["exporter"])
        people = dict(_pair(each) for each in options["person"])
        if options["people"]:
            with options["people"].open(encoding="utf-8-sig", newline="") as file:
                people |= {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}
        try:
            zone = ZoneInfo(options["time_zone"] or exporter.time_zone)
            export = read_export(options["file"], zone=zone, order=options["dates"])
            outcome = import_whatsapp(
                actor=exporter, export=export, people=people, title=options["group"]
            )
        except ZoneInfoNotFoundError as error:
            raise CommandError(f"There is no time zone {options['time_zone']}.") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.tell(export, outcome)

    def exporter(self, slug: str, email: str) -> User:
        people = User.objects.active().select_related("organization")
        found = people.filter(organization__slug=slug, email=email.lower()).first()
        if found is None:
            raise CommandError(f"Nobody in {slug} is active by the address {email}.")
        return found

    def tell(self, export: Export, outcome: Outcome) -> None:
        write = self.stdout.write
        for name, (person, is_new) in outcome.people.items():
            write(f"{name}: {'a name without an account' if is_new else person.email}")
        write(
            f"{outcome.messages} messages, {outcome.new_messages} of them new, in conversation"
            f" {outcome.conversation.pk}. Dates were read as {export.order}."
        )
        write(f"{outcome.system_lines} lines of the system were left out.")
        write(f"{outcome.files} messages were files: their names came in, the files did not.")


def _pair(given: str) -> tuple[str, str]:
    name, _, address = given.rpartition("=")
    if not name:
        raise CommandError(f"{given}: write it as NAME=EMAIL.")
    return name, address
