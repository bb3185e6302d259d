"""The page about a conversation, without script."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Block, User
from conversations.models import Conversation, Participant
from tests.conversations.pages.markup import Element, read
from tests.conversations.steps import place_of


@pytest.fixture
def lunch(group: Participant) -> int:
    return group.conversation_id


def shown(client, pk: int) -> Element:
    response = client.get(f"/c/{pk}/info")
    assert response.status_code == 200
    return read(response).one(tag="conversation-info")


def press(client, pk: int, action: str, **fields) -> Element:
    """Posts to an address of the page, and gives the page after it."""
    response = client.post(f"/c/{pk}/info/{action}", fields, follow=True)
    assert response.status_code == 200, response.content
    return read(response).one(tag="conversation-info")


def members(page: Element) -> list[str]:
    rows = [row for row in page.all(tag="li") if "data-user-id" in row]
    return [row.all(tag="strong")[0].text for row in rows]


def test_a_group_says_what_it_is_and_who_is_in_it(bob, lunch, browser_of):
    page = shown(browser_of(bob), lunch)
    assert page.all(tag="h2")[0].text == "Lunch"
    assert members(page) == ["You", "Alice", "Carol"]
    assert "Created by Alice" in page.text
    assert page.text.count("Administrator") == 1
    actions = {form["action"] for form in page.all(tag="form")}
    assert actions == {f"/c/{lunch}/info/preferences", f"/c/{lunch}/info/leave"}


def test_an_administrator_changes_all_of_it(alice, bob, carol, gus, lunch, browser_of):
    client = browser_of(alice)
    fields = {"title": "Supper", "description": "At\r\nseven", "who_may_post": "admins"}
    page = press(client, lunch, "group", **fields)
    assert page.all(tag="h2")[0].text == "Supper"
    assert Conversation.objects.get(pk=lunch).description == "At\nseven"
    page = press(client, lunch, f"members/{bob.pk}/role", role="admin")
    assert place_of(bob, lunch).role == "admin"
    page = press(client, lunch, f"members/{carol.pk}/remove")
    assert members(page) == ["You", "Bob"]
    choice = read(client.get(f"/c/{lunch}/info/members"))
    assert {box["value"] for box in choice.all(name="user_ids")} == {str(carol.pk), str(gus.pk)}
    page = press(client, lunch, "members", user_ids=[gus.pk])
    assert members(page) == ["You", "Bob", "Gus"]
    page = press(client, lunch, "leave")
    assert not place_of(alice, lunch).is_current
    assert place_of(bob, lunch).role == "admin"


def test_it_gets_a_picture_and_loses_it(alice, lunch, browser_of):
    client, file = browser_of(alice), BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    page = press(client, lunch, "picture", picture=SimpleUploadedFile("x.png", file.getvalue()))
    assert page.all(data_field="photo")[0]["src"].startswith(f"/pictures/{lunch}?v=")
    assert not press(client, lunch, "picture", remove="1").all(data_field="photo")
    page = press(client, lunch, "picture", picture=SimpleUploadedFile("x.png", b"nothing"))
    assert "This is not a picture that we can read." in page.text
    assert "Choose a picture first." in press(client, lunch, "picture").text


def test_what_is_refused_is_said(alice, bob, lunch, browser_of):
    page = press(browser_of(bob), lunch, "group", title="Mine", who_may_post="everyone")
    assert "Only administrators of the group may do this." in page.text
    assert browser_of(bob).get(f"/c/{lunch}/info/members").status_code == 404
    answer = browser_of(alice).post(f"/c/{lunch}/info/group", {"title": "", "who_may_post": "x"})
    assert answer.status_code == 400
    assert (
        "Choose somebody first."
        in read(browser_of(alice).post(f"/c/{lunch}/info/members", follow=True)).text
    )
    for nonsense in ({"mute": "an hour"}, {"pinned": "perhaps"}):
        answer = browser_of(alice).post(f"/c/{lunch}/info/preferences", nonsense)
        assert answer.status_code == 404


def test_how_it_is_kept(bob, lunch, browser_of):
    client = browser_of(bob)
    assert "muted for good" in press(client, lunch, "preferences", mute="always").text
    assert "muted until" in press(client, lunch, "preferences", mute="oneWeek").text
    assert "Mute for 8 hours" in press(client, lunch, "preferences", mute="off").text
    assert "Take out of the archive" in press(client, lunch, "preferences", archived="true").text
    assert "Unpin" in press(client, lunch, "preferences", pinned="true").text


def test_a_person_says_who_they_are_and_what_we_share(
    alice: User, bob: User, direct, group, browser_of
):
    User.objects.filter(pk=bob.pk).update(about="Out for lunch")
    pk = direct.conversation_id
    client = browser_of(alice)
    page = shown(client, pk)
    assert page.all(tag="h2")[0].text == "Bob"
    assert "Out for lunch" in page.text
    assert page.all(href=f"/c/{group.conversation_id}")
    page = press(client, pk, "block")
    assert Block.objects.filter(blocker=alice, blocked=bob).exists()
    assert "Unblock Bob" in page.text
    assert "You blocked this person." in read(client.get(f"/c/{pk}")).text
    assert "Block Bob" in press(client, pk, "unblock").text
    assert not Block.objects.exists()


def test_the_scripts_get_it_alone(alice, lunch, browser_of):
    page = read(browser_of(alice).get(f"/c/{lunch}/info", headers={"X-Pane": "info"}))
    assert page.one(tag="title").text == "About Lunch · Parley"
    assert page.one(tag="conversation-info")
    assert not page.all(tag="conversation-view")
    beside = read(browser_of(alice).get(f"/c/{lunch}/info", headers={"X-Pane": "1"}))
    assert beside.one(tag="conversation-view")
    assert not beside.all(tag="conversation-info")
