"""Chats as phones of several countries export them, into conversations, once."""

import zipfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from chatproject.errors import Invalid
from conversations.management.commands.check_integrity import CHECKS
from conversations.models import Conversation, Message, Receipt
from conversations.services.conversations import get_or_create_direct
from conversations.whatsapp.export import Export, read_export
from tests.conversations.steps import say, texts_seen_by, unread_of

ANDROID_AMERICAN = """\
12/24/23, 9:41\u202fPM - Messages and calls are end-to-end encrypted.
12/24/23, 9:41\u202fPM - Bob: Merry Christmas
12/24/23, 9:42\u202fPM - Alice: Thanks!
And to you:
\u2022 all the best
12/25/23, 12:05\u202fAM - Bob: <Media omitted>
12/25/23, 12:06\u202fAM - Bob: This message was deleted
"""
ANDROID_GERMAN = """\
24.12.23, 21:41 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.
24.12.23, 21:41 - Bob: Frohe Weihnachten
24.12.23, 21:42 - Alice: Danke: dir auch
25.12.23, 00:05 - Bob: <Medien ausgeschlossen>
"""
IPHONE = """\
\ufeff[24/12/2023, 21:41:05] Ski trip: \u200eMessages and calls are end-to-end encrypted.
[24/12/2023, 21:41:09] Bob: Merry Christmas
[24/12/2023, 21:42:00] Alice: \u200eimage omitted
\u200e[24/12/2023, 21:43:00] Bob: \u200e<attached: 00000012-PHOTO.jpg>
[24/12/2023, 21:44:00] ~\u202fZoë: Who is this?
[24/12/2023, 21:45:00] Bob: \u200eBob changed the group name to “Ski: 2024”
"""
MOMENT = datetime(2023, 12, 24, 21, 41, tzinfo=UTC)


def parsed(text: str, tmp_path: Path, **options) -> Export:
    (tmp_path / "chat.txt").write_text(text)
    return read_export(tmp_path / "chat.txt", zone=ZoneInfo("UTC"), **options)


def said(export: Export) -> list[tuple[str, str]]:
    return [(entry.name, entry.text) for entry in export.entries if entry.name]


# --- What phones write -------------------------------------------------------------------------


def test_an_american_android(tmp_path):
    export = parsed(ANDROID_AMERICAN, tmp_path)
    assert export.order == "mdy"
    assert said(export) == [
        ("Bob", "Merry Christmas"),
        ("Alice", "Thanks!\nAnd to you:\n• all the best"),
        ("Bob", "<Media omitted>"),
        ("Bob", "This message was deleted"),
    ]
    moments = [export.moment(entry) for entry in export.entries]
    assert moments[0] == MOMENT and moments[3] == datetime(2023, 12, 25, 0, 5, tzinfo=UTC)
    assert [entry.is_file for entry in export.entries] == [False] * 3 + [True, False]
    assert export.entries[-1].is_deleted


def test_a_german_android(tmp_path):
    export = parsed(ANDROID_GERMAN, tmp_path)
    assert export.order == "dmy"
    assert said(export)[1] == ("Alice", "Danke: dir auch")
    assert export.moment(export.entries[0]) == MOMENT
    assert export.entries[0].name == ""


def test_an_iphone(tmp_path):
    export = parsed(IPHONE, tmp_path)
    assert export.order == "dmy"
    assert said(export) == [
        ("Bob", "Merry Christmas"),
        ("Alice", "image omitted"),
        ("Bob", "<attached: 00000012-PHOTO.jpg>"),
        ("Zoë", "Who is this?"),
    ]
    assert sum(entry.is_file for entry in export.entries) == 2
    assert export.moment(export.entries[1]).second == 9


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("[2023-12-24, 21:41:00] Bob: Hi", "ymd"),
        ("2023/12/24, 21:41 - Bob: Hi", "ymd"),
        ("24-12-23 21.41 - Bob: Hi", "dmy"),
        ("24.12.2023 um 21:41 - Bob: Hi", "dmy"),
        ("24/12/2023 à 21:41 - Bob: Hi", "dmy"),
        ("24/12/23, 9:41 p. m. - Bob: Hi", "dmy"),
        ("[24.12.23, 21:41:00] Bob: Hi", "dmy"),
        ("[12/24/23, 9:41:00\u202fPM] Bob: Hi", "mdy"),
        ("24/12/2023, 9:41 م - Bob: Hi", "dmy"),
        ("\u200f٢٤/١٢/٢٠٢٣، ٩:٤١ م - Bob: Hi", "dmy"),
    ],
)
def test_forms_of_dates(line, order, tmp_path):
    export = parsed(f"{line}\n", tmp_path)
    assert (export.order, said(export)) == (order, [("Bob", "Hi")])
    assert export.moment(export.entries[0]) == MOMENT


def test_the_order_follows_from_what_comes_after_what(tmp_path):
    assert parsed("03/05/24, 10:00 - Bob: A\n04/02/24, 10:00 - Bob: B\n", tmp_path).order == "mdy"
    assert parsed("12/11/23, 10:00 - Bob: A\n01/12/23, 10:00 - Bob: B\n", tmp_path).order == "dmy"
    dots = "01.02.24, 10:00 - Bob: Hi\n"
    assert parsed(dots, tmp_path).order == "dmy"
    with pytest.raises(Invalid, match="--dates"):
        parsed("01/02/24, 10:00 - Bob: Hi\n", tmp_path)
    assert parsed("01/02/24, 10:00 - Bob: Hi\n", tmp_path, order="mdy").order == "mdy"
    with pytest.raises(Invalid, match="--dates"):
        parsed("24/12/23, 10:00 - Bob: A\n12/24/23, 10:00 - Bob: B\n", tmp_path)


def test_what_is_no_export(tmp_path):
    with pytest.raises(Invalid, match="no chat"):
        parsed("Dear diary\n", tmp_path)


# --- Into a conversation -----------------------------------------------------------------------


@pytest.fixture
def file(tmp_path) -> Path:
    (tmp_path / "chat.txt").write_text(ANDROID_AMERICAN)
    return tmp_path / "chat.txt"


def run(file: Path, *options: str) -> str:
    output = StringIO()
    whose = ("--organization", "acme", "--as", "alice@acme.example")
    call_command("import_whatsapp", str(file), *whose, *options, stdout=output)
    return output.getvalue()


def is_whole() -> bool:
    return not [check.sentence for check in CHECKS if list(check.find())]


def test_a_direct_conversation_of_people_who_are_here(alice, bob, file):
    told = run(file)
    assert "4 messages, 4 of them new" in told and "1 lines of the system were left out" in told
    conversation = Conversation.objects.get()
    assert (conversation.lower_user, conversation.higher_user) == (alice, bob)
    assert texts_seen_by(bob, conversation.pk) == [
        "Merry Christmas",
        "Thanks!\nAnd to you:\n• all the best",
        "<Media omitted>",
        "",
    ]
    first = Message.objects.get(seq=1)
    assert (first.created_at, first.sender, conversation.created_at) == (MOMENT, bob, MOMENT)
    assert unread_of(alice, conversation.pk) == unread_of(bob, conversation.pk) == 0
    assert Receipt.objects.filter(kind="read", user=alice).exists()
    assert AuditEntry.objects.get().data == {"messages": 4, "origin": "WhatsApp"}
    assert is_whole()


def test_a_second_time_only_what_is_new_comes_in(alice, bob, file):
    run(file)
    before = list(Message.objects.values_list("pk", "content"))
    assert "4 messages, 0 of them new" in run(file)
    later = ANDROID_AMERICAN.split("\n", 2)[2] + "12/26/23, 8:00\u202fAM - Bob: Thanks!\n" * 2
    file.write_text(later)
    assert "5 messages, 2 of them new" in run(file), "which begins further down"
    assert list(Message.objects.values_list("pk", "content"))[:4] == before
    assert Message.objects.filter(content="Thanks!").count() == 2, "the same twice is said twice"
    assert is_whole()


def test_names_without_an_account_in_a_group(alice, bob, tmp_path):
    (tmp_path / "chat.zip").touch()
    with zipfile.ZipFile(tmp_path / "chat.zip", "w") as archive:
        archive.writestr("_chat.txt", IPHONE)
        archive.writestr("00000012-PHOTO.jpg", b"picture")
    for _run in range(2):
        told = run(tmp_path / "chat.zip", "--group", "Ski trip", "--time-zone", "Europe/Berlin")
    group = Conversation.objects.get()
    zoe = User.objects.get(display_name="Zoë")
    assert (group.title, group.participants.count(), zoe.is_active) == ("Ski trip", 3, False)
    assert zoe.email.endswith("@imported.invalid") and not zoe.has_usable_password()
    assert "2 messages were files" in told
    assert Message.objects.get(seq=2).created_at == datetime(2023, 12, 24, 20, 41, 9, tzinfo=UTC)
    (tmp_path / "more.txt").write_text(IPHONE + "[25/12/2023, 09:00:00] Carol: Me too\n")
    run(tmp_path / "more.txt", "--group", "Ski trip", "--time-zone", "Europe/Berlin")
    assert texts_seen_by(alice, group.pk)[-2:] == ["memberAdded", "Me too"]
    assert is_whole()


def test_names_are_mapped(alice, bob, carol, tmp_path):
    (tmp_path / "chat.txt").write_text(
        ANDROID_AMERICAN.replace("Bob:", "Bobby:").replace("Alice:", "Me:")
    )
    (tmp_path / "people.csv").write_text("Bobby,carol@acme.example\n")
    run(tmp_path / "chat.txt", "--person", "Me=alice@acme.example",
        "--people", str(tmp_path / "people.csv"))  # fmt: skip
    assert Message.objects.get(seq=1).sender == carol
    assert User.objects.count() == 3


def test_it_goes_behind_what_was_said_here(alice, bob, file):
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    say(bob, place.conversation_id, "unread")
    run(file)
    assert unread_of(alice, place.conversation_id) == 0, "who speaks has read what stands before"
    assert is_whole()


def test_refusals_change_nothing(alice, bob, mallory, file):
    for options, complaint in (
        (["--person", "Bob=mallory@globex.example"], "Nobody in Acme"),
        (["--person", "Eve=bob@acme.example"], "Nobody is called Eve"),
        (["--person", "Alice=bob@acme.example", "--person", "Bob=bob@acme.example"], "is Alice"),
        (["--time-zone", "Mars/Olympus"], "time zone"),
        (["--person", "Bob"], "NAME=EMAIL"),
        (["--as", "mallory@globex.example"], "Nobody in acme"),
    ):
        with pytest.raises(CommandError, match=complaint):
            run(file, *options)
    with pytest.raises(CommandError, match="No such file"):
        run(file.parent / "nothing.txt")
    assert not Conversation.objects.exists() and User.objects.count() == 3
