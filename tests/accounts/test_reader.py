"""In which language, and of which zone, the product speaks to whom."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD
from tests.conversations.pages.markup import read

GERMAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}


def speaks(person: User, language: str) -> None:
    person.language = language
    person.save(update_fields=["language"])


def language_of(response) -> tuple[str | None, str | None]:
    page = read(response).one(tag="html")
    return page.attributes["lang"], page.attributes["dir"]


def test_a_stranger_is_spoken_to_as_their_browser_asks(client: Client, db) -> None:
    assert language_of(client.get("/sign-in")) == ("en", "ltr")
    assert language_of(client.get("/sign-in", headers=GERMAN)) == ("de", "ltr")
    assert language_of(client.get("/sign-in", headers={"Accept-Language": "tlh"})) == ("en", "ltr")


def test_what_they_choose_here_counts_more_than_their_browser(client: Client, db) -> None:
    answer = client.post("/language", {"language": "ar", "next": "/sign-in"})
    assert answer["Location"] == "/sign-in"
    assert language_of(client.get("/sign-in", headers=GERMAN)) == ("ar", "rtl")


def test_a_language_that_we_do_not_have_changes_nothing(client: Client, db) -> None:
    client.post("/language", {"language": "tlh", "next": "https://elsewhere.example/"})
    assert language_of(client.get("/sign-in", headers=GERMAN)) == ("de", "ltr")


def test_a_persons_profile_counts_most(alice, browser) -> None:
    speaks(alice, "ar")
    page = browser(alice)
    page.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert language_of(page.get("/settings/profile", headers=GERMAN)) == ("ar", "rtl")


def test_the_page_after_a_sign_out_speaks_as_the_one_before(alice, browser) -> None:
    page = browser(alice)
    profile = {"display_name": "Alice", "about": "", "time_zone": "UTC", "language": "de"}
    page.post("/settings/profile", profile)
    assert language_of(page.get("/settings/profile"))[0] == "de"
    page.post("/sign-out")
    assert language_of(page.get("/sign-in"))[0] == "de"


def test_an_app_is_given_no_cookie(alice, api) -> None:
    speaks(alice, "de")
    answer = api(alice).get("/api/auth/me")
    assert answer.headers["Content-Language"] == "de"
    assert not answer.cookies


def test_nobody_hears_the_language_of_who_asked_before(alice, browser, client: Client) -> None:
    speaks(alice, "ar")
    browser(alice).get("/settings/profile")
    assert language_of(client.get("/sign-in"))[0] == "en"


def test_who_joins_keeps_the_language_and_the_zone_of_their_browser(client: Client, db) -> None:
    client.cookies["time_zone"] = "Africa/Cairo"
    form = {"name": "Nil", "display_name": "Nur", "email": "nur@nil.example", "password": PASSWORD}
    client.post("/register", form, headers={"Accept-Language": "ar"})
    nur = User.objects.get(email="nur@nil.example")
    assert (nur.language, nur.time_zone) == ("ar", "Africa/Cairo")


def test_a_zone_that_does_not_exist_is_none(client: Client, db) -> None:
    client.cookies["time_zone"] = "../../etc/passwd"
    page = read(client.get("/sign-in"))
    assert page.one(tag="html")["data-time-zone"] == "UTC"


@pytest.mark.parametrize("language", ["de", "ar"])
def test_rest_refuses_in_the_persons_language(alice, api, language) -> None:
    asked = {"targetUserId": "who?", "surplus": 1}
    english = details(api(alice).post("/api/chat/conversations", asked))
    speaks(alice, language)
    assert details(api(alice).post("/api/chat/conversations", asked)).isdisjoint(english)
    assert details(api(alice).get("/api/chat/conversations/999")).isdisjoint({"Not found."})


def test_rest_refuses_a_stranger_in_the_language_that_they_ask_for(client: Client, db) -> None:
    english = details(client.get("/api/auth/me"))
    assert details(client.get("/api/auth/me", headers=GERMAN)).isdisjoint(english)


def details(response) -> set[str]:
    assert response.status_code >= 400
    return {error["detail"] for error in response.json()["errors"]}
