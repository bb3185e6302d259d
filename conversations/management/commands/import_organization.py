from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.core.management.base import BaseCommand, CommandError

from chatproject.errors import DomainError
from conversations.organization_archive import import_organization


class Command(BaseCommand):
    help = (
        "Brings an organization in from a file of export_organization: all of it, or nothing if anything"
        " is in the way. The same organization a second time changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                imported = import_organization(file=file)
        except DomainError as error:
            raise CommandError(error.detail) from error
        except (OSError, BadZipFile) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if not imported.created:
            self.stdout.write(f"{imported.organization.name} is here already; nothing was done.")
            return
        for name, count in imported.counts.items():
            self.stdout.write(f"{count:10} {name}")
        self.stdout.write(f"{imported.organization.name} is here as {imported.organization.slug}.")
