from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from secrets import token_hex
from typing import IO, Any
from uuid import UUID

import orjson
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction

from accounts import audit
from accounts.models import AuditEntry, Organization, User
from chatproject.as_given import insert_as_given
from chatproject.errors import Conflict, Invalid
from conversations.models import Conversation, Message
from conversations.organization_archive.exporting import FORMAT, VERSION, is_file
from conversations.organization_archive.tables import TABLES, Table, target_of
from conversations.services.imported_history import insert_messages

AT_ONCE = 500
SHOWN = 10
# What a conversation knows of its messages, which are not there yet when it is written.
OF_MESSAGES = ("last_seq", "notified_seq", "last_message_at")

Row = dict[str, Any]


@dataclass(frozen=True)
class Imported:
    organization: Organization
    counts: dict[str, int]
    # False: it was here already, and nothing was done.
    created: bool = True


def import_organization(*, file: IO[bytes]) -> Imported:
    """All of it or nothing. The same organization twice is no error, and changes nothing.

    Raises Invalid (no archive of ours, or of a newer version), Conflict (an address is in use here).
    """
    with zipfile.ZipFile(file) as archive:
        manifest = _manifest(archive)
        present = Organization.objects.filter(uuid=UUID(manifest["uuid"])).first()
        if present:
            return Imported(present, counts={}, created=False)
        importer = Importer(archive)
        try:
            with transaction.atomic():
                return importer.run()
        except BaseException:
            importer.remove_files()
            raise


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads(archive.read("manifest.json"))
    except (KeyError, orjson.JSONDecodeError) as error:
        raise Invalid("This is no archive of an organization.") from error
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        raise Invalid("This archive is of another version.")
    return manifest


class Importer:
    """Remembers which number of the archive became which row."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        # By model, in the order of their numbers, which begin with 1.
        self.ids: dict[str, list[int]] = {}
        self.counts: dict[str, int] = {}
        self.stored: list[str] = []

    def run(self) -> Imported:
        for table in TABLES:
            self._read(table)
        organization = Organization.objects.get(pk=self.ids["accounts.organization"][0])
        audit.record(
            audit.ORGANIZATION_IMPORTED,
            actor=None,
            organization=organization,
            target=organization,
            entries=self.counts["accounts.auditentry"],
        )
        return Imported(organization, self.counts)

    def remove_files(self) -> None:
        for name in self.stored:
            default_storage.delete(name)

    def _read(self, table: Table) -> None:
        label = table.model._meta.label_lower
        self.ids[label], self.counts[label] = [], 0
        match table.model._meta.object_name:
            case "AuditEntry":
                self._read_audit_log(table)
            case "Message":
                self._read_messages(table)
            case _:
                for rows in batches(self._rows(table)):
                    self._insert(table, rows)

    def _rows(self, table: Table) -> Iterator[Row]:
        known = {field.name for field in table.fields}
        with self.archive.open(table.name) as entry:
            for line in entry:
                row = orjson.loads(line)
                if unknown := row.keys() - known:
                    names = ", ".join(sorted(unknown))
                    raise Invalid(f"This archive was made by a newer version, which knows {names}.")
                yield row

    def _insert(self, table: Table, rows: list[Row]) -> None:
        label = table.model._meta.label_lower
        self._make_way(table, rows)
        made = [self._instance(table, row) for row in rows]
        insert_as_given(made)
        self.ids[label] += [each.pk for each in made]
        self.counts[label] += len(made)

    def _make_way(self, table: Table, rows: list[Row]) -> None:
        """For what must be unique on the whole server."""
        if table.model is User:
            taken = User.objects.filter(email__in=[row["email"] for row in rows])
            if addresses := list(taken.values_list("email", flat=True)[:SHOWN]):
                known = ", ".join(addresses)
                raise Conflict(f"Somebody here signs in with these addresses already: {known}.")
        if table.model is Organization:
            (row,) = rows
            if Organization.objects.filter(slug=row["slug"]).exists():
                row["slug"] = f"{row['slug'][:50]}-{token_hex(4)}"

    def _instance(self, table: Table, row: Row) -> models.Model:
        fields = {field.name: field for field in table.fields}
        values = {
            fields[name].attname: self._value(fields[name], value) for name, value in row.items()
        }
        if table.model is Conversation:
            values |= {"last_seq": 0, "notified_seq": 0, "last_message_at": None}
        return table.model(**values)

    def _value(self, field: models.Field, value: Any) -> Any:
        if value is None:
            return None
        if field.related_model is Message:
            conversation, seq = value
            place = {"conversation": self._id("conversations.conversation", conversation)}
            return Message.objects.values_list("pk", flat=True).get(**place, seq=seq)
        if field.is_relation:
            return self._id(target_of(field), value)
        if is_file(field):
            return self._stored_file(value) if value else ""
        if field.name == "system":
            return {
                **value,
                "userIds": [self._id("accounts.user", one) for one in value["userIds"]],
            }
        return field.to_python(value)

    def _id(self, label: str, number: int) -> int:
        return self.ids[label][number - 1]

    def _stored_file(self, name: str) -> str:
        try:
            entry = self.archive.open(f"files/{name}")
        except KeyError:
            # It was lost before.
            return ""
        with entry:
            stored = default_storage.save(name, File(entry))
        self.stored.append(stored)
        return stored

    # --- Messages ------------------------------------------------------------------------------

    def _read_messages(self, table: Table) -> None:
        for number, rows in groupby(self._rows(table), key=lambda row: row["conversation"]):
            pk = self._id("conversations.conversation", number)
            conversation = Conversation.objects.get(pk=pk)
            for part in batches(rows):
                replies = {row["seq"]: row.pop("reply_to") for row in part}
                insert_messages(
                    conversation=conversation,
                    messages=[self._instance(table, row) for row in part],  # type: ignore[misc]
                    replies={seq: to[1] for seq, to in replies.items() if to},
                )
                self.counts["conversations.message"] += len(part)
        self._close_conversations()

    def _close_conversations(self) -> None:
        (table,) = (each for each in TABLES if each.model is Conversation)
        fields = {field.name: field for field in table.fields}
        for part in batches(
            zip(self.ids["conversations.conversation"], self._rows(table), strict=True)
        ):
            closed = [self._closed(pk, row, fields) for pk, row in part if row["last_seq"]]
            Conversation.objects.bulk_update(closed, [*OF_MESSAGES, "last_message"])

    def _closed(self, pk: int, row: Row, fields: dict[str, models.Field]) -> Conversation:
        values = {name: fields[name].to_python(row[name]) for name in OF_MESSAGES}
        last = Message.objects.only("pk").get(conversation_id=pk, seq=row["last_seq"])
        return Conversation(pk=pk, last_message=last, **values)

    # --- The audit log -------------------------------------------------------------------------

    def _read_audit_log(self, table: Table) -> None:
        organization = Organization.objects.get(pk=self.ids["accounts.organization"][0])
        entries = (self._entry(table, row) for row in self._rows(table))
        self.counts["accounts.auditentry"] = audit.restore(organization, entries)

    def _entry(self, table: Table, row: Row) -> AuditEntry:
        number, label = row["target_id"], row["target_type"]
        entry = self._instance(table, {**row, "target_id": None})
        assert isinstance(entry, AuditEntry)
        entry.target_id = number and self._id(label, number)
        return entry


def batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        yield part
