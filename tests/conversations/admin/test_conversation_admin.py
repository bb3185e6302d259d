"""Administrators see who talks with whom, and not what they say."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from chatproject.events import NewMessageBody
from conversations.models import Conversation
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import send_message
from tests.cast import person

LIST = "/admin/conversations/conversation/"
WORDS = "the words between us"


@pytest.fixture
def direct(bob, carol) -> Conversation:
    place, _created = get_or_create_direct(actor=bob, target_user_id=carol.pk)
    say(bob, place.conversation, WORDS)
    return place.conversation


@pytest.fixture
def group(alice, bob, carol) -> Conversation:
    conversation = create_group(actor=bob, title="<b>Chess</b>", member_ids=[carol.pk]).conversation
    say(carol, conversation, WORDS)
    return conversation


@pytest.fixture
def foreign(mallory) -> Conversation:
    return create_group(actor=mallory, title="Globex only", member_ids=[]).conversation


def say(sender: User, conversation: Conversation, content: str) -> None:
    body = NewMessageBody(content=content, client_id=uuid4())
    send_message(actor=sender, conversation_id=conversation.pk, body=body)


def text(answer) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def page_of(conversation: Conversation) -> str:
    return reverse("admin:conversations_conversation_change", args=[conversation.pk])


def test_the_list_tells_who_talks_and_how_much_but_not_what(browser_of, ada, direct, group):
    listed = text(browser_of(ada).get(LIST))
    assert "Bob and Carol" in listed
    assert "&lt;b&gt;Chess&lt;/b&gt;" in listed
    assert WORDS not in listed


def test_a_page_shows_the_members_and_nothing_to_change(browser_of, ada, direct):
    shown = text(browser_of(ada).get(page_of(direct)))
    assert "Bob" in shown
    assert "Carol" in shown
    assert WORDS not in shown
    assert 'name="_save"' not in shown
    assert "private" not in shown.lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("chess", ["group"]),
        ("carol", ["direct", "group"]),
        ("bob@acme", ["direct", "group"]),
        ("x-y", []),
    ],
)
def test_it_is_searched_by_title_and_people(query, found, browser_of, ada, direct, group):
    listed = text(browser_of(ada).get(LIST, {"q": query}))
    assert ("Bob and Carol" in listed) == ("direct" in found)
    assert ("Chess" in listed) == ("group" in found)


def test_a_search_by_people_counts_the_members_right(browser_of, ada, group):
    answer = browser_of(ada).get(LIST, {"q": "acme.example"})
    (row,) = answer.context["cl"].result_list
    assert row.members == 2


def test_it_is_filtered_by_kind(browser_of, ada, direct, group):
    listed = text(browser_of(ada).get(LIST, {"kind__exact": "group"}))
    assert "Chess" in listed
    assert "Bob and Carol" not in listed


def test_nothing_can_be_added_changed_or_deleted(browser_of, operator, direct):
    client = browser_of(operator)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page_of(direct), {"title": "Mine"}).status_code == 403
    assert client.post(page_of(direct).replace("change", "delete")).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [direct.pk], "post": "yes"}
    client.post(LIST, action)
    assert Conversation.objects.filter(pk=direct.pk, title="").exists()


def test_another_organization_sees_nothing_and_an_operator_all(
    browser_of, mallory, operator, direct, foreign
):
    assert "Bob and Carol" not in text(browser_of(mallory).get(LIST))
    assert "Globex only" in text(browser_of(mallory).get(LIST))
    # The admin's way of not finding: back to its index.
    assert browser_of(mallory).get(page_of(direct)).status_code == 302
    everything = text(browser_of(operator).get(LIST))
    assert "Bob and Carol" in everything
    assert "Globex only" in everything


def test_another_organizations_people_cannot_be_guessed_by_searching(
    browser_of, mallory, direct, foreign
):
    listed = text(browser_of(mallory).get(LIST, {"q": "carol"}))
    assert "0 conversations" in listed


@pytest.mark.parametrize("who", ["bob", "gus"])
def test_members_and_guests_have_no_business_here(who, browser_of, request, direct):
    client = browser_of(request.getfixturevalue(who))
    for path in (LIST, page_of(direct), f"{LIST}{direct.pk}/messages/"):
        assert client.get(path, follow=True).status_code == 403


def test_the_list_takes_the_same_queries_for_5_as_for_50(browser_of, ada, bob, carol):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text(client.get(LIST))
        return len(captured)

    client = browser_of(ada)
    for _ in range(5):
        create_group(actor=bob, title="Group", member_ids=[carol.pk])
    queries()
    before = queries()
    for _ in range(45):
        create_group(actor=bob, title="Group", member_ids=[carol.pk])
    assert queries() == before


def test_a_page_takes_the_same_queries_for_2_as_for_20_members(browser_of, ada, acme, bob):
    def queries(conversation: Conversation) -> int:
        with CaptureQueriesContext(connection) as captured:
            text(client.get(page_of(conversation)))
        return len(captured)

    client = browser_of(ada)
    members = [person(f"Person{number}", acme).pk for number in range(19)]
    small = create_group(actor=bob, title="Small", member_ids=members[:1]).conversation
    large = create_group(actor=bob, title="Large", member_ids=members).conversation
    queries(small)
    assert queries(small) == queries(large)
