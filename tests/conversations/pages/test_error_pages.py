import pytest
from django.template.loader import render_to_string
from django.test import Client

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


@pytest.mark.parametrize("template", ["403.html", "404.html", "500.html"])
def test_error_pages_need_no_request(template):
    assert "Parley" in render_to_string(template)


def test_error_pages_load_nothing_but_styles(client: Client, db):
    page = read(client.get("/nothing/here"))
    assert not page.all(tag="script")
