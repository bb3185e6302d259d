from conversations.models import Conversation
from tests.conversations.pages.markup import read


def test_a_group_begins_with_its_title_and_members(alice, bob, carol, browser_of):
    response = browser_of(alice).post(
        "/new/group", {"title": " Lunch ", "member_ids": [bob.pk, carol.pk]}
    )
    group = Conversation.objects.get()
    assert response.url == f"/c/{group.pk}"
    assert group.title == "Lunch"
    assert set(group.participants.values_list("user", flat=True)) == {alice.pk, bob.pk, carol.pk}


def test_a_group_needs_a_title_and_the_choice_is_kept(alice, bob, carol, browser_of):
    response = browser_of(alice).post("/new/group", {"title": " ", "member_ids": [bob.pk]})
    assert response.status_code == 400
    page = read(response)
    assert page.one(css_class="field-errors").text
    chosen = [box["value"] for box in page.all(type="checkbox") if "checked" in box]
    assert chosen == [str(bob.pk)]
    assert not Conversation.objects.exists()


def test_guests_make_no_groups(gus, bob, browser_of):
    browser = browser_of(gus)
    assert browser.get("/new/group").status_code == 403
    assert browser.post("/new/group", {"title": "Lunch"}).status_code == 403
    assert not read(browser.get("/new")).all(href="/new/group")
    assert not Conversation.objects.exists()


def test_people_of_another_organization_cannot_be_chosen(alice, mallory, browser_of):
    body = {"title": "Lunch", "member_ids": [alice.pk]}
    assert browser_of(mallory).post("/new/group", body).status_code == 400
    assert not Conversation.objects.exists()
