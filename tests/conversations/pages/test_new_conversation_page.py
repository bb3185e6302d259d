import pytest

from accounts.models import Block
from conversations.models import Conversation
from tests.cast import person
from tests.conversations.pages.markup import Element, read


def names(page: Element) -> list[str]:
    found = page.one(data_field="results").all(css_class="list-row")
    return [row.one(tag="strong").text for row in found]


def test_it_lists_the_people_whom_i_may_write_to(alice, bob, carol, gus, mallory, browser_of):
    page = read(browser_of(alice).get("/new"))
    assert names(page) == ["Bob", "Carol", "Gus"]


def test_it_finds_people_by_name(alice, bob, carol, browser_of):
    browser = browser_of(alice)
    assert names(read(browser.get("/new?search=car"))) == ["Carol"]
    nobody = read(browser.get("/new?search=<b>"))
    assert names(nobody) == []
    assert nobody.one(data_field="results").text == "Nobody found for “<b>”."


def test_choosing_somebody_opens_the_one_conversation(alice, bob, browser_of):
    for _ in range(2):
        response = browser_of(alice).post("/new", {"target_user_id": bob.pk})
        assert response.status_code == 302
        assert response.url == f"/c/{Conversation.objects.get().pk}"


def test_whoever_may_not_write_is_told_so(alice, bob, browser_of):
    Block.objects.create(blocker=bob, blocked=alice)
    response = browser_of(alice).post("/new", {"target_user_id": bob.pk})
    assert response.status_code == 403
    assert read(response).one(role="alert").text == "You cannot send messages to this person."
    assert not Conversation.objects.exists()


def test_people_of_another_organization_are_not_found(alice, mallory, browser_of):
    response = browser_of(mallory).post("/new", {"target_user_id": alice.pk})
    assert response.status_code == 404
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("target", ["", "abc", "-1", "0", "9" * 30])
def test_nobody_in_particular_is_not_found(target, alice, browser_of):
    assert browser_of(alice).post("/new", {"target_user_id": target}).status_code == 404


def test_the_number_of_queries_does_not_grow(
    alice, bob, acme, browser_of, django_assert_max_num_queries
):
    browser = browser_of(alice)
    browser.get("/new")
    with django_assert_max_num_queries(100) as few:
        browser.get("/new")
    for number in range(30):
        person(f"Colleague{number}", acme)
    with django_assert_max_num_queries(len(few)):
        assert len(names(read(browser.get("/new")))) == 31
