from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import orjson
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, Organization
from chatproject.errors import Conflict
from chatproject.snapshot import snapshot
from conversations.models import Message
from conversations.organization_archive.tables import LEFT_OUT, TABLES, Table, target_of

FORMAT, VERSION = "parley-organization", 1
# Rows of these are many, and nothing but messages is referred to from outside their conversation.
UNNUMBERED = {"conversations.message", "conversations.receipt", "conversations.participant"}
CHUNK = 2000

Numbers = dict[str, dict[int, int]]


def export_organization(*, organization: Organization, file: IO[bytes]) -> dict[str, Any]:
    """All of it as it is at one moment. Returns the manifest."""
    with snapshot():
        verification = audit.verify_chain(organization)
        if not verification.is_whole:
            # The import seals the entries anew, and would make them look whole.
            raise Conflict("The audit log was tampered with: check_integrity tells where.")
        manifest = _write(organization, file)
    with transaction.atomic():
        audit.record(
            audit.ORGANIZATION_EXPORTED,
            actor=None,
            organization=organization,
            target=organization,
            messages=manifest["counts"][Message._meta.label_lower],
        )
    return manifest


def _write(organization: Organization, file: IO[bytes]) -> dict[str, Any]:
    numbers: Numbers = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        files: list[str] = []
        counts = {
            table.model._meta.label_lower: _write_table(
                archive, table, organization, numbers, files
            )
            for table in TABLES
        }
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "uuid": organization.uuid,
            "name": organization.name,
            "exportedAt": timezone.now(),
            "counts": counts,
            "files": sum(_write_file(archive, name) for name in files),
            "leftOut": {model._meta.label_lower: why for model, why in LEFT_OUT.items()},
        }
        archive.writestr("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _write_table(
    archive: zipfile.ZipFile,
    table: Table,
    organization: Organization,
    numbers: Numbers,
    files: list[str],
) -> int:
    own: dict[int, int] = {}
    count = 0
    with archive.open(table.name, "w", force_zip64=True) as entry:
        for pk, row in _rows(table, organization, numbers):
            if row is None:
                continue
            count += 1
            if table.model._meta.label_lower not in UNNUMBERED:
                own[pk] = count
            files += [row[one.name] for one in table.fields if is_file(one) and row[one.name]]
            entry.write(orjson.dumps(row) + b"\n")
    numbers[table.model._meta.label_lower] = own
    return count


def _rows(
    table: Table, organization: Organization, numbers: Numbers
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """None for a row that hangs on somebody of another organization: an invitation by an operator."""
    columns = ["pk", *(column for field in table.fields for column in _columns(field))]
    rows = table.rows_of(organization).values_list(*columns).iterator(chunk_size=CHUNK)
    for pk, *values in rows:
        given = iter(values)
        row = {field.name: _value(field, given, numbers) for field in table.fields}
        if table.model is AuditEntry:
            row["target_id"] = numbers.get(row["target_type"], {}).get(row["target_id"])
        required = (field for field in table.fields if field.is_relation and not field.null)
        is_whole = table.model is Organization or all(row[one.name] for one in required)
        yield pk, row if is_whole else None


def _columns(field: models.Field) -> tuple[str, ...]:
    if field.related_model is Message:
        return (f"{field.name}__conversation_id", f"{field.name}__seq")
    return (field.attname,)


def _value(field: models.Field, given: Iterator[Any], numbers: Numbers) -> Any:
    value = next(given)
    if field.related_model is Message:
        seq = next(given)
        return seq and [numbers["conversations.conversation"][value], seq]
    if field.is_relation:
        return value and numbers[target_of(field)].get(value)
    if field.name == "system" and value:
        people = numbers["accounts.user"]
        return {**value, "userIds": [people.get(pk) for pk in value["userIds"]]}
    return value


def is_file(field: models.Field) -> bool:
    return isinstance(field, models.FileField)


def _write_file(archive: zipfile.ZipFile, name: str) -> bool:
    """One that the disk has lost is told by the count, not by a failure."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name) as source, archive.open(f"files/{name}", "w") as entry:
        shutil.copyfileobj(source, entry)
    return True
