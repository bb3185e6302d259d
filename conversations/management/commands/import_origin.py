import sys
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from chatproject.errors import DomainError
from conversations.origin.importing import Importer
from conversations.origin.source import open_source
from conversations.origin.verification import verify


class Command(BaseCommand):
    help = (
        "Brings in people, conversations, messages, read state and notifications of the chat system that"
        " Parley replaces, from its PostgreSQL database, which is only read. Safe to repeat: only what is new"
        " comes in. Exit status 1 if not everything of it is here afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="postgres://…, of the origin")
        parser.add_argument("--organization", required=True, help="the slug of the one here")
        parser.add_argument("--origin-organization", help="only people with this organizationId")
        parser.add_argument("--table", action="append", default=[], metavar="Message=messages")
        parser.add_argument("--column", action="append", default=[], metavar="Message.content=body")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']}.")
        tables, columns = _pairs(options["table"]), _pairs(options["column"])
        try:
            with open_source(options["url"], tables=tables, columns=columns) as source:
                importer = Importer(
                    source, organization, only_organization=options["origin_organization"]
                )
                importer.run()
                findings = list(verify(importer))
        except DomainError as error:
            raise CommandError(error.detail) from error
        except psycopg.Error as error:
            raise CommandError(f"The origin's database says: {error}") from error
        for finding in findings:
            self.stdout.write(("✓ " if finding.is_good else "✗ ") + finding.sentence)
        if not all(finding.is_good for finding in findings):
            sys.exit(1)


def _pairs(given: list[str]) -> dict[str, str]:
    wrong = [each for each in given if "=" not in each]
    if wrong:
        raise CommandError(f"{wrong[0]}: write it as name=name.")
    return dict(each.split("=", 1) for each in given)
