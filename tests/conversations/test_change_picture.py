"""The picture of a group: made harmless, for members only."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conversations.models import Conversation
from conversations.services.members import leave
from tests.conversations.steps import nothing_happens, texts_seen_by


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (600, 400), "teal").save(file, "PNG")
    return SimpleUploadedFile("team.png", file.getvalue())


def upload(client, conversation_id, file):
    path = f"/api/chat/conversations/{conversation_id}/picture"
    return client.put(path, {"picture": file}, format="multipart")


@pytest.fixture
def pictured(api, alice, team) -> str:
    """The address of the picture that alice gave her group."""
    answer = upload(api(alice), team, picture())
    assert answer.status_code == 200, answer.content
    url: str = answer.json()["pictureUrl"]
    return url


def test_members_see_it_and_a_line_tells_of_it(api, bob, team, pictured):
    answer = api(bob).get(pictured)
    with Image.open(BytesIO(answer.getvalue())) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    assert texts_seen_by(bob, team)[-1] == "pictureChanged"
    assert (
        api(bob).get("/api/chat/conversations").json()["conversations"][0]["pictureUrl"] == pictured
    )


def test_another_one_has_another_address_and_removing_it_leaves_none(
    api, alice, bob, team, pictured
):
    first = Conversation.objects.get(pk=team).picture
    again = upload(api(alice), team, picture()).json()["pictureUrl"]
    assert again != pictured
    path = f"/api/chat/conversations/{team}/picture"
    assert api(alice).delete(path).json()["pictureUrl"] is None
    assert api(bob).get(again).status_code == 404
    assert texts_seen_by(bob, team)[-1] == "pictureRemoved"
    assert api(alice).delete(path).status_code == 200
    assert texts_seen_by(bob, team)[-2:] == ["pictureChanged", "pictureRemoved"]
    assert first.name != ""


def test_who_left_still_sees_what_belongs_to_their_history(api, bob, team, pictured):
    leave(actor=bob, conversation_id=team)
    assert api(bob).get(pictured).status_code == 200


def test_what_is_no_picture_is_refused(api, alice, team, published):
    with nothing_happens(published, team):
        answer = upload(api(alice), team, SimpleUploadedFile("x.png", b"<svg onload=alert(1)>"))
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "picture")
    path = f"/api/chat/conversations/{team}/picture"
    assert api(alice).put(path, {}, format="multipart").status_code == 400


def test_an_ordinary_member_may_not(api, bob, team, published):
    with nothing_happens(published, team):
        assert upload(api(bob), team, picture()).status_code == 403
        assert api(bob).delete(f"/api/chat/conversations/{team}/picture").status_code == 403


def test_outsiders_find_neither_group_nor_picture(api, gus, mallory, team, pictured, published):
    with nothing_happens(published, team):
        for outsider in (gus, mallory):
            assert api(outsider).get(pictured).status_code == 404
            assert upload(api(outsider), team, picture()).status_code == 404
