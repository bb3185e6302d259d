"""Reading others' messages takes a right and a reason, and leaves an entry in the audit log."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry, User
from chatproject.errors import Forbidden, NotFound
from chatproject.events import NewMessageBody
from conversations.models import Conversation
from conversations.services import oversight
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import delete_message, send_message
from conversations.services.oversight import read_messages_as_admin

ACTION = "conversation.messages_read_by_admin"


@pytest.fixture
def direct(bob, carol) -> Conversation:
    place, _created = get_or_create_direct(actor=bob, target_user_id=carol.pk)
    for content in ("first <script>", "second", "third"):
        say(bob, place.conversation, content)
    return place.conversation


def say(sender: User, conversation: Conversation, content: str) -> int:
    body = NewMessageBody(content=content, client_id=uuid4())
    return send_message(actor=sender, conversation_id=conversation.pk, body=body).message.id


def url(conversation: Conversation) -> str:
    return f"/admin/conversations/conversation/{conversation.pk}/messages/"


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=ACTION))


def test_the_owner_gives_a_reason_and_reads(browser_of, alice, direct):
    client = browser_of(alice)
    asked = client.get(url(direct)).content.decode()
    assert "second" not in asked, "first the reason"
    assert entries() == []

    shown = client.post(url(direct), {"reason": "A complaint"}).content.decode()
    assert "first &lt;script&gt;" in shown
    assert "third" in shown
    (entry,) = entries()
    assert entry.actor == alice
    assert (entry.target_type, entry.target_id) == ("conversations.conversation", direct.pk)
    assert entry.ip_address == "127.0.0.1"
    assert audit.sentence_of(entry) == ("Alice read messages 1 to 3 of Bob and Carol: A complaint")
    assert audit.verify_chain(alice.organization).is_whole


def test_the_entry_holds_no_words_of_the_messages(alice, direct):
    read_messages_as_admin(actor=alice, conversation_id=direct.pk, reason="A complaint")
    assert "second" not in str(entries()[0].data)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_proper_reason_nothing_is_shown(reason, browser_of, alice, direct):
    answer = browser_of(alice).post(url(direct), {"reason": reason})
    assert "second" not in answer.content.decode()
    assert entries() == []


def test_earlier_messages_are_a_second_entry(browser_of, alice, direct, monkeypatch):
    monkeypatch.setattr(oversight, "PAGE", 2)
    client = browser_of(alice)
    latest = client.post(url(direct), {"reason": "A complaint"})
    assert [line["text"] for line in latest.context["lines"]] == ["second", "third"]
    assert "Earlier messages" in latest.content.decode()
    earlier = client.post(url(direct), {"reason": "A complaint", "before": 2})
    assert [line["text"] for line in earlier.context["lines"]] == ["first <script>"]
    assert "Earlier messages" not in earlier.content.decode()
    assert [(entry.data["first"], entry.data["last"]) for entry in entries()] == [(1, 1), (2, 3)]


def test_if_it_cannot_be_recorded_it_is_not_shown(browser_of, alice, direct, monkeypatch):
    def fail(*args, **fields):
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr(oversight, "record", fail)
    with pytest.raises(RuntimeError):
        browser_of(alice).post(url(direct), {"reason": "A complaint"})


def test_deleted_messages_stay_deleted_and_system_lines_are_told(browser_of, alice, bob, carol):
    group = create_group(actor=bob, title="Chess", member_ids=[carol.pk]).conversation
    message_id = say(bob, group, "regretted")
    delete_message(actor=bob, conversation_id=group.pk, message_id=message_id)
    shown = browser_of(alice).post(url(group), {"reason": "A complaint"}).content.decode()
    assert "regretted" not in shown
    assert "deleted" in shown
    assert "Bob created the group" in shown


def test_an_empty_conversation_is_read_too(browser_of, alice, bob, carol):
    place, _created = get_or_create_direct(actor=bob, target_user_id=carol.pk)
    shown = browser_of(alice).post(url(place.conversation), {"reason": "A complaint"})
    assert "There are none." in shown.content.decode()
    assert len(entries()) == 1


def test_an_administrator_without_the_right_is_refused(browser_of, ada, direct):
    client = browser_of(ada)
    page = client.get(f"/admin/conversations/conversation/{direct.pk}/change/")
    assert page.status_code == 200, "the metadata is theirs to see"
    assert "Read the messages" not in page.content.decode()
    for answer in (client.get(url(direct)), client.post(url(direct), {"reason": "Curiosity"})):
        assert answer.status_code == 403
    with pytest.raises(Forbidden):
        read_messages_as_admin(actor=ada, conversation_id=direct.pk, reason="Curiosity")
    assert entries() == []


def test_who_has_the_right_sees_the_button(browser_of, alice, direct):
    page = browser_of(alice).get(f"/admin/conversations/conversation/{direct.pk}/change/")
    assert url(direct) in page.content.decode()


def test_the_owner_of_another_organization_finds_nothing(browser_of, mallory, direct):
    client = browser_of(mallory)
    for answer in (client.get(url(direct)), client.post(url(direct), {"reason": "Curiosity"})):
        assert answer.status_code == 404
    with pytest.raises(NotFound):
        read_messages_as_admin(actor=mallory, conversation_id=direct.pk, reason="Curiosity")
    assert entries() == []


def test_an_operator_is_recorded_in_the_organization_whose_messages_they_read(operator, direct):
    reading = read_messages_as_admin(actor=operator, conversation_id=direct.pk, reason="Request")
    assert len(reading.messages) == 3
    assert entries()[0].organization == direct.organization


def test_queries_do_not_grow_with_the_messages(browser_of, alice, bob, direct):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(url(direct), {"reason": "A complaint"})
        return len(captured)

    client = browser_of(alice)
    queries()
    before = queries()
    for number in range(20):
        say(bob, direct, f"{number}")
    assert queries() == before
