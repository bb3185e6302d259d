from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Block
from chatproject.events import MAX_MESSAGE_LENGTH
from conversations.models import Message
from tests.conversations.pages.markup import Element, read


def form_on(page: Element) -> dict[str, str]:
    """What the browser would send."""
    form = page.one(tag="message-composer").one(tag="form")
    return {field["name"]: field.attributes.get("value", "") for field in form.all(tag="input")}


@pytest.fixture
def address(direct) -> str:
    return f"/c/{direct.conversation_id}"


def texts() -> list[str]:
    return list(Message.objects.order_by("seq").values_list("content", flat=True))


def test_a_form_sends(alice, bob, address, browser_of):
    browser = browser_of(alice)
    form = form_on(read(browser.get(address)))
    response = browser.post(address, form | {"content": "  Hello\r\nBob "})
    assert response.status_code == 302 and response.url == address
    assert texts() == ["Hello\nBob"]


def test_pressing_twice_sends_once(alice, address, browser_of):
    browser = browser_of(alice)
    form = form_on(read(browser.get(address))) | {"content": "Hello"}
    for _ in range(2):
        assert browser.post(address, form).status_code == 302
    assert texts() == ["Hello"]
    assert form_on(read(browser.get(address)))["client_id"] != form["client_id"]


def test_a_reply_quotes(alice, bob, direct, address, browser_of, say):
    (question,) = say(bob, direct, "Lunch?")
    browser = browser_of(alice)
    page = read(browser.get(f"{address}?reply_to={question.id}"))
    bar = page.one(data_field="reply-bar")
    assert "hidden" not in bar and "Lunch?" in bar.text
    browser.post(address, form_on(page) | {"content": "Yes"})
    quote = read(browser.get(address)).all(data_field="quote")[-1]
    assert quote.one(data_field="quote-content").text == "Lunch?"


@pytest.mark.parametrize("content", ["", "  \r\n ", "x" * (MAX_MESSAGE_LENGTH + 1), "a\x00b"])
def test_what_cannot_be_sent_is_refused_above_the_form(content, alice, address, browser_of):
    browser = browser_of(alice)
    form = form_on(read(browser.get(address)))
    response = browser.post(address, form | {"content": content})
    assert response.status_code == 400
    assert read(response).one(role="alert").text
    assert texts() == []


def test_the_text_is_kept_when_it_is_refused(alice, bob, direct, address, browser_of):
    browser = browser_of(alice)
    form = form_on(read(browser.get(address)))
    Block.objects.create(blocker=bob, blocked=alice)
    response = browser.post(address, form | {"content": "Hello?"})
    assert response.status_code == 403
    page = read(response)
    assert page.one(role="alert").text == "You cannot send messages to this person."
    assert page.one(tag="textarea").text == "Hello?"


def test_lines_count_once_whatever_the_browser_makes_of_them(alice, address, browser_of):
    browser = browser_of(alice)
    form = form_on(read(browser.get(address)))
    content = "\r\n".join("x" * (MAX_MESSAGE_LENGTH // 2))
    assert len(content) > MAX_MESSAGE_LENGTH
    assert browser.post(address, form | {"content": content}).status_code == 302
    assert len(texts()[0]) == MAX_MESSAGE_LENGTH - 1


def test_coming_back_to_a_sent_form_and_writing_anew_works_at_the_second_press(
    alice, address, browser_of
):
    browser = browser_of(alice)
    sent = form_on(read(browser.get(address)))
    browser.post(address, sent | {"content": "first"})
    response = browser.post(address, sent | {"content": "second"})
    assert response.status_code == 409
    page = read(response)
    assert page.one(tag="textarea").text == "second"
    assert browser.post(address, form_on(page) | {"content": "second"}).status_code == 302
    assert texts() == ["first", "second"]


@pytest.mark.parametrize("client_id", ["", "not-a-uuid"])
def test_a_wrong_key_is_refused(client_id, alice, address, browser_of):
    response = browser_of(alice).post(address, {"content": "Hello", "client_id": client_id})
    assert response.status_code == 400
    assert texts() == []


def test_a_file_in_the_place_of_the_text_is_refused(alice, address, browser_of):
    body = {"content": SimpleUploadedFile("a.txt", b"Hello"), "client_id": str(uuid4())}
    assert browser_of(alice).post(address, body).status_code == 400


def test_a_forged_form_is_refused(alice, address):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = browser.post(address, {"content": "Hello", "client_id": str(uuid4())})
    assert response.status_code == 403
    assert texts() == []


def test_outsiders_send_nothing(carol, mallory, address, browser_of, published):
    for outsider in (carol, mallory):
        body = {"content": "Hello", "client_id": str(uuid4())}
        assert browser_of(outsider).post(address, body).status_code == 404
    assert texts() == []
