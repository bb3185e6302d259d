"""A copy of what is kept about somebody: all of it, nothing of others, and for nobody else."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from django.utils import timezone

from accounts.models import AuditEntry, PersonalExport, Session
from accounts.services import exports, members, profiles
from conversations import personal_archive
from conversations.models import Message
from conversations.personal_archive import zip_file
from conversations.services.conversations import create_group
from conversations.services.members import add_members, remove_member
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_read
from notifications.models import Notification
from tests.conversations.steps import say, withhold_receipts
from tests.history import write_history

URL = "/api/auth/exports"


class Contents:
    def __init__(self, data: bytes) -> None:
        self.zip = ZipFile(BytesIO(data))
        assert self.zip.testzip() is None

    def json(self, name: str):
        return json.loads(self.zip.read(name))

    def html(self, name: str) -> str:
        return self.zip.read(name).decode()

    @property
    def text(self) -> str:
        return "".join(self.zip.read(name).decode(errors="ignore") for name in self.zip.namelist())


def archive_of(person) -> Contents:
    file = BytesIO()
    personal_archive.write(person=person, file=file)
    return Contents(file.getvalue())


def test_it_is_asked_for_made_told_of_and_fetched(alice, bob, chat, api, run_tasks):
    say(alice, chat, "The lantern")
    phone = api(bob)
    asked = phone.post(URL)
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert phone.post(URL).json()["id"] == asked.json()["id"], "asking twice makes one"
    assert phone.get(f"{URL}/{asked.json()['id']}/file").status_code == 404

    run_tasks()

    (export,) = phone.get(URL).json()
    assert export["state"] == "ready" and export["size"] > 1000
    answer = phone.get(f"{URL}/{export['id']}/file")
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/zip",
        "private, no-store",
    )
    assert "The lantern" in Contents(answer.getvalue()).text
    assert Notification.objects.get(user=bob, kind="security").text.startswith("The copy of your")
    assert AuditEntry.objects.get(action="export.requested").actor == bob


def test_everything_about_the_person_is_in_it(alice, bob, carol, chat):
    profiles.update_me(actor=bob, changes={"profile": {"about": "Climbs"}})
    profiles.block(actor=bob, person=carol)
    bob.avatar.save("bob.webp", ContentFile(b"picture"))
    Session.objects.create(user=bob, kind="api", label="Phone", ip_address="192.0.2.7")
    members.change_role(actor=alice, person=bob, role="admin")
    hello = say(bob, chat, "Hello <b>Alice</b>")
    mark_read(actor=alice, conversation_id=chat)
    say(alice, chat, "Well?", reply_to_id=hello.id)

    contents = archive_of(bob)

    profile = contents.json("profile.json")
    assert (profile["email"], profile["about"]) == ("bob@acme.example", "Climbs")
    assert profile["privacy"]["readReceipts"] is True
    assert contents.zip.read("picture.webp") == b"picture"
    assert contents.json("devices.json")[0]["ipAddress"] == "192.0.2.7"
    assert contents.json("blocked-people.json")[0]["name"] == "Carol"
    assert contents.json("notifications.json")[0]["body"] == "Well?"
    sentences = [each["sentence"] for each in contents.json("audit-log.json")]
    assert "Alice changed Bob from member to admin" in sentences
    folder = f"conversations/{chat}/"
    assert contents.json("conversations.json")[0]["folder"] == folder
    first, second = contents.json(f"{folder}messages.json")
    assert (first["content"], first["isRead"], second["replyTo"]["id"]) == (
        "Hello <b>Alice</b>",
        True,
        hello.id,
    )
    kinds = [(each["userId"], each["kind"]) for each in contents.json(f"{folder}receipts.json")]
    assert kinds == [(alice.pk, "delivered"), (alice.pk, "read")]
    page = contents.html(f"{folder}1.html")
    assert "Hello &lt;b&gt;Alice&lt;/b&gt;" in page and "Well?" in page
    assert f"{folder}1.html" in contents.html("index.html")
    assert "Alice changed Bob" in contents.html("audit-log/1.html")


def test_what_the_person_may_not_see_is_not_in_it(alice, bob, carol, mallory, chat):
    group = create_group(actor=alice, title="Chess", member_ids=[carol.pk]).conversation_id
    say(alice, group, "before bob")
    add_members(actor=alice, conversation_id=group, user_ids=[bob.pk])
    say(alice, group, "with bob")
    gone = say(alice, group, "regretted")
    delete_message(actor=alice, conversation_id=group, message_id=gone.id)
    wrong = say(alice, group, "first words")
    edit_message(actor=alice, conversation_id=group, message_id=wrong.id, content="last words")
    remove_member(actor=alice, conversation_id=group, user_id=bob.pk)
    say(alice, group, "after bob")
    withhold_receipts(alice)
    say(bob, chat, "Read this")
    mark_read(actor=alice, conversation_id=chat)
    secret = create_group(actor=alice, title="Lantern", member_ids=[carol.pk]).conversation_id
    say(carol, secret, "not for bob")
    Session.objects.create(user=alice, kind="api", label="Alice's tablet", ip_address="192.0.2.9")

    contents = archive_of(bob)

    assert "with bob" in contents.text and "last words" in contents.text
    for hidden in ("before bob", "after bob", "regretted", "first words", "Lantern", "not for bob",
                   "Mallory", "192.0.2.9", "tablet", "alice@acme.example"):  # fmt: skip
        assert hidden not in contents.text, hidden
    receipts = contents.json(f"conversations/{chat}/receipts.json")
    assert {each["kind"] for each in receipts} == {"delivered"}, "she reads privately"
    assert any(each["deletedAt"] for each in contents.json(f"conversations/{group}/messages.json"))


def test_it_speaks_the_language_of_the_person(alice, bob, chat):
    profiles.update_profile(actor=bob, language="ar", time_zone="Asia/Tokyo")
    assert 'dir="rtl"' in archive_of(bob).html("index.html")


def test_nobody_else_opens_it(alice, bob, mallory, api, browser_of, run_tasks):
    pk = api(bob).post(URL).json()["id"]
    run_tasks()
    for other in (alice, mallory):
        assert api(other).get(f"{URL}/{pk}").status_code == 404
        assert api(other).get(f"{URL}/{pk}/file").status_code == 404
        assert browser_of(other).get(f"/settings/data/exports/{pk}").status_code == 404
        assert api(other).get(URL).json() == []
    assert browser_of(bob).get(f"/settings/data/exports/{pk}").status_code == 200


def test_it_ends(bob, api, run_tasks):
    pk = api(bob).post(URL).json()["id"]
    run_tasks()
    export = PersonalExport.objects.get()
    storage, name = export.file.storage, str(export.file.name)
    PersonalExport.objects.update(expires_at=timezone.now())
    assert api(bob).get(f"{URL}/{pk}/file").status_code == 404
    assert storage.exists(name)
    run_commits(lambda: exports.discard_expired_exports(now=timezone.now()))
    assert not storage.exists(name) and not PersonalExport.objects.exists()


def test_a_new_one_takes_the_place_of_the_last(bob, api, run_tasks):
    first = api(bob).post(URL).json()["id"]
    run_tasks()
    second = api(bob).post(URL).json()["id"]
    assert first != second
    assert [each["id"] for each in api(bob).get(URL).json()] == [second]


def test_one_whose_worker_was_killed_does_not_stand_in_the_way(bob, api):
    first = api(bob).post(URL).json()["id"]
    PersonalExport.objects.update(requested_at=timezone.now() - timedelta(days=1))
    assert api(bob).post(URL).json()["id"] != first


def test_a_failure_is_told(bob, api, browser_of, settings):
    settings.PERSONAL_ARCHIVE = "tests.conversations.test_personal_export.no_archive"
    pk = api(bob).post(URL).json()["id"]
    with pytest.raises(OSError, match="full"):
        exports.make_export.func(pk)
    assert api(bob).get(URL).json()[0]["state"] == "failed"
    assert "Try again" in browser_of(bob).get("/settings/data").content.decode()


def no_archive(**_given) -> None:
    raise OSError("The disk is full.")


def test_a_page_asks_and_offers(bob, browser_of, run_tasks):
    browser = browser_of(bob)
    page = browser.post("/settings/data/exports", follow=True).content.decode()
    assert "not ready yet" in page
    run_tasks()
    assert "Download (" in browser.get("/settings/data").content.decode()


@pytest.mark.once
def test_memory_does_not_grow_with_the_history(alice, bob, chat, monkeypatch, tmp_path):
    monkeypatch.setattr(zip_file, "ITEMS_ON_A_PAGE", 20)
    peaks = []
    for count in (200, 201):
        write_history(chat, count=count)
        Message.objects.update(content=10_000 * "x")
        peaks.append(peak_of(bob, tmp_path))
    assert peaks[1] < peaks[0] + 1024**2, "although there are 2 MB more of it"
    contents = Contents((tmp_path / "archive.zip").read_bytes())
    assert contents.json("conversations.json")[0]["messageCount"] == 401
    names = contents.zip.namelist()
    assert f"conversations/{chat}/21.html" in names and f"conversations/{chat}/22.html" not in names


def peak_of(person, directory) -> int:
    tracemalloc.start()
    with open(directory / "archive.zip", "wb") as file:
        personal_archive.write(person=person, file=file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def run_commits(operation: Callable[[], None]) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        operation()
