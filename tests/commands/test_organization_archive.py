"""Everything of an organization goes out in one file, and comes back the same."""

import json
import shutil
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.models import AuditEntry, Organization, User
from accounts.roles import Role
from accounts.services import deletion, invitations, profiles
from conversations.management.commands.check_integrity import CHECKS
from conversations.management.demo.store import PASSWORD, store_demo
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.organization_archive.tables import LEFT_OUT, TABLES
from conversations.services.conversations import create_group
from notifications.models import Notification, NotificationPreferences, OrganizationNotifications
from tests.cast import organization, person
from tests.conversations.steps import say, texts_seen_by

OURS = ("accounts", "conversations", "notifications")


def export(slug: str, path: Path) -> str:
    output = StringIO()
    call_command("export_organization", slug, str(path), stdout=output)
    return output.getvalue()


def bring_in(path: Path) -> str:
    output = StringIO()
    call_command("import_organization", str(path), stdout=output)
    return output.getvalue()


def contents(path: Path) -> dict[str, list[bytes]]:
    """Line by line; without the moment at which it was made."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name).splitlines() for name in archive.namelist()}
    del found["manifest.json"]
    return found


@pytest.fixture
def acme_with_everything(db) -> Organization:
    store_demo(timezone.now() - timedelta(days=1))
    acme = Organization.objects.get(slug="acme")
    owner, second, third, *_ = acme.people.order_by("pk")
    owner.avatar.save("owner.webp", ContentFile(b"a picture"))
    profiles.block(actor=owner, person=third)
    invitations.create_invitation(actor=owner, email="new@acme.example")
    OrganizationNotifications.objects.create(organization=acme, digest_after_hours=3)
    NotificationPreferences.objects.create(user=owner, preview=True, quiet_days="01")
    group = create_group(actor=owner, title="Pictures", member_ids=[second.pk]).conversation
    group.picture.save("group.webp", ContentFile(b"another picture"))
    say(second, group.pk)
    deletion.delete_account(actor=owner, person=second)
    return acme


@pytest.mark.django_db(transaction=True)
def test_an_archive_of_what_was_imported_is_the_same_again(acme_with_everything, tmp_path):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    exported_before = AuditEntry.objects.filter(organization=acme_with_everything).count()
    export("acme", first)
    call_command("flush", interactive=False)
    for folder in ("avatars", "groups"):
        shutil.rmtree(default_storage.path(folder))
    # Ids do not begin where they did.
    mallory = person("Mallory", organization("Globex"), Role.OWNER)
    moll = person("Moll", mallory.organization)
    say(mallory, create_group(actor=mallory, title="Ours", member_ids=[moll.pk]).conversation_id)

    assert "is here as acme." in bring_in(first)

    export("acme", second)
    before, after = contents(first), contents(second)
    *log, imported = after.pop("accounts.auditentry.jsonl")
    assert log == before.pop("accounts.auditentry.jsonl") and len(log) == exported_before
    assert json.loads(imported)["action"] == "organization.imported"
    for name in before:
        assert after[name] == before[name], name
    assert len(before["conversations.message.jsonl"]) > 500
    assert not [check.sentence for check in CHECKS if list(check.find())]
    assert verify_chain(Organization.objects.get(slug="acme")).is_whole


@pytest.fixture
def archive(alice, bob, tmp_path) -> Path:
    """Of Acme, with a group of alice and bob; its file is `acme.zip`."""
    group = create_group(actor=alice, title="Chess", member_ids=[bob.pk]).conversation_id
    hello = say(alice, group)
    say(bob, group, "Yes", reply_to_id=hello.id)
    export("acme", tmp_path / "acme.zip")
    return tmp_path / "acme.zip"


def test_twice_is_once(alice, archive):
    before = rows()
    assert "is here already" in bring_in(archive)
    assert rows() == before


def test_an_address_in_use_undoes_everything(alice, archive):
    Organization.objects.update(uuid="00000000-0000-4000-8000-000000000000")
    alice.avatar.save("a.webp", ContentFile(b"picture"))
    before = rows()
    with pytest.raises(CommandError, match="alice@acme.example"):
        bring_in(archive)
    assert rows() == before


def test_people_use_it_as_before(alice, archive, client):
    Organization.objects.update(uuid="00000000-0000-4000-8000-000000000000")
    for one in User.objects.all():
        one.email = f"old-{one.email}"
        one.save()
    text = bring_in(archive)
    imported = Organization.objects.latest("pk")
    assert imported.slug.startswith("acme-") and f"as {imported.slug}." in text
    again = User.objects.get(email="alice@acme.example")
    assert again.organization == imported and again.check_password(PASSWORD)
    (place,) = Participant.objects.filter(user=again)
    assert texts_seen_by(again, place.conversation_id) == ["groupCreated", "Hello", "Yes"]
    say(again, place.conversation_id, "Here we go on")
    entry = AuditEntry.objects.filter(organization=imported).latest("number")
    assert entry.action == "organization.imported"
    assert not [check.sentence for check in CHECKS if list(check.find())]


def test_operators_of_one_server_are_none_of_another(alice, archive, tmp_path):
    User.objects.update(is_superuser=True)
    export("acme", tmp_path / "again.zip")
    (line, *_) = contents(tmp_path / "again.zip")["accounts.user.jsonl"]
    assert "is_superuser" not in json.loads(line)


def test_a_file_is_not_overwritten_and_for_its_owner_alone(archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="already"):
        export("acme", archive)


def test_what_is_no_archive_is_told(db, archive, tmp_path):
    (tmp_path / "text.zip").write_text("This is no ZIP")
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    for name, complaint in (
        ("text.zip", "not a zip"),
        ("empty.zip", "no archive"),
        ("-", "No such"),
    ):
        with pytest.raises(CommandError, match=complaint):
            bring_in(tmp_path / name)
    with pytest.raises(CommandError, match="no organization"):
        export("initech", tmp_path / "initech.zip")


def test_a_log_that_was_tampered_with_is_not_washed(alice, archive, tmp_path):
    AuditEntry.objects.bulk_create([AuditEntry(
        organization=alice.organization, number=1000, action="planted", at=timezone.now(), hash="x"
    )])  # fmt: skip
    chain = alice.organization.audit_chain
    chain.last_number = 1000
    chain.save()
    with pytest.raises(CommandError, match="tampered"):
        export("acme", tmp_path / "again.zip")
    assert not (tmp_path / "again.zip").exists()


@pytest.mark.once
def test_every_table_is_said_to_go_along_or_not():
    known = {table.model for table in TABLES} | set(LEFT_OUT)
    ours = {model for label in OURS for model in apps.get_app_config(label).get_models()}
    assert known == ours, "say in organization_archive/tables.py whether it goes along"


def rows() -> list[int]:
    counted = (Organization, User, Conversation, Message, Participant, Receipt, Notification)
    files = len(list(Path(default_storage.path("")).rglob("*.webp")))
    return [*(model.objects.count() for model in counted), files]
