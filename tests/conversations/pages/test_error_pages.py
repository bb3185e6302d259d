import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.throttling import Throttle
from tests.conversations.pages.markup import read


def test_what_is_not_there_says_so(client, db):
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert read(response).one(tag="h1").text == "There is nothing here"


def test_what_is_not_allowed_says_so(gus, browser_of):
    response = browser_of(gus).get("/new/group")
    assert response.status_code == 403
    assert read(response).one(tag="h1").text == "You may not do this"


def test_a_fault_of_ours_says_so_without_asking_anybody(monkeypatch, alice, browser_of):
    def broken(*args, **kwargs):
        raise RuntimeError("inside knowledge")

    monkeypatch.setattr("conversations.views.list_context", broken)
    browser = browser_of(alice)
    browser.raise_request_exception = False
    response = browser.get("/")
    assert response.status_code == 500
    assert read(response).one(tag="h1").text == "Something went wrong"
    assert b"inside knowledge" not in response.content


@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_no_request(template):
    assert "Parley" in render_to_string(template)


def test_a_form_that_comes_too_late_says_so(alice):
    late = Client(enforce_csrf_checks=True, headers={"Accept-Language": "de"})
    response = late.post("/sign-in", {"email": alice.email, "password": "x"})
    assert response.status_code == 403
    assert read(response).one(tag="h1").text == "Versuche es noch einmal"


def test_too_much_too_fast_says_how_to_go_on(client, db, settings, monkeypatch):
    monkeypatch.setitem(Throttle.rates, "sign-in", "1/min")
    wrong = {"email": "nobody@acme.example", "password": "wrong"}
    answers = [client.post("/sign-in", wrong) for _ in range(2)]
    assert answers[1].status_code == 429
    assert int(answers[1]["Retry-After"]) > 0
    assert read(answers[1]).one(tag="h1").text == "Wait a moment"


@pytest.mark.parametrize(("language", "title"), [("de", "Hier ist nichts"), ("ar", "لا شيء هنا")])
def test_a_page_that_is_not_there_says_so_in_the_readers_language(
    alice, browser_of, language, title
):
    alice.language = language
    alice.save(update_fields=["language"])
    assert read(browser_of(alice).get("/nothing/here")).one(tag="h1").text == title


def test_error_pages_load_nothing_but_styles(client: Client, db):
    page = read(client.get("/nothing/here"))
    assert not page.all(tag="script")
