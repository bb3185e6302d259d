import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from chatproject.errors import DomainError
from conversations.organization_archive import export_organization


class Command(BaseCommand):
    help = "Writes everything of an organization into one ZIP, for import_organization."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="of the organization, as the admin shows it")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["slug"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['slug']}.")
        # It holds everybody's messages and password hashes: for its owner alone, and never over another file.
        try:
            descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{options['file']} is there already.") from error
        try:
            with open(descriptor, "wb") as file:
                manifest = export_organization(organization=organization, file=file)
        except DomainError as error:
            options["file"].unlink()
            raise CommandError(error.detail) from error
        except BaseException:
            options["file"].unlink()
            raise
        for name, count in manifest["counts"].items():
            self.stdout.write(f"{count:10} {name}")
        self.stdout.write(f"{manifest['files']:10} files")
