"""How somebody wants to be told: by REST and on their settings page."""

from datetime import time

import pytest

from notifications.models import NotificationPreferences
from notifications.preferences import preferences_of

URL = "/api/notifications/preferences"
PAGE = "/settings/notifications"
ALL_ON = {"message": True, "mention": True, "addedToGroup": True, "system": True}
FORM = {
    "push_message": "on",
    "push_mention": "on",
    "sounds": "on",
    "quiet_from": "22:00",
    "quiet_to": "07:00",
    "quiet_days": ["0", "4"],
}


def test_whoever_never_chose_is_told_of_everything_without_its_words(api, bob):
    assert api(bob).get(URL).json() == {
        "push": ALL_ON,
        "email": ALL_ON,
        "preview": False,
        "sounds": True,
        "quietHours": None,
    }


def test_only_what_is_named_changes(api, bob):
    client = api(bob)
    hours = {"begins": "22:00", "ends": "07:30", "days": [4, 5]}
    client.patch(URL, {"push": {"message": False}, "quietHours": hours})
    answer = client.patch(URL, {"preview": True})
    assert answer.status_code == 200
    assert (
        answer.json()
        == client.get(URL).json()
        == {
            "push": {**ALL_ON, "message": False},
            "email": ALL_ON,
            "preview": True,
            "sounds": True,
            "quietHours": hours,
        }
    )
    assert client.patch(URL, {"quietHours": None}).json()["quietHours"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quietHours": {"begins": "24:00", "ends": "07:00", "days": []}},
        {"quietHours": {"begins": "22:00", "ends": "07:00", "days": [7]}},
        {"quietHours": {"begins": "22:00"}},
        {"push": {"security": False}},
        {"sounds": "loud"},
        {"email": "never"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong, api, bob):
    assert api(bob).patch(URL, wrong).status_code == 400
    assert not NotificationPreferences.objects.exists()


def test_each_has_their_own(api, bob, mallory):
    api(mallory).patch(URL, {"preview": True})
    assert not preferences_of(bob).preview


def test_the_page_saves_what_is_chosen_and_shows_it(browser_of, bob):
    client = browser_of(bob)
    assert client.post(PAGE, FORM).status_code == 302
    chosen = preferences_of(bob)
    assert (chosen.push_message, chosen.push_system, chosen.preview) == (True, False, False)
    assert (chosen.quiet_from, chosen.quiet_to, chosen.quiet_days) == (time(22), time(7), "04")
    page = client.get(PAGE).content.decode()
    assert 'value="22:00"' in page
    assert page.count("checked") == 5


def test_the_page_says_what_is_wrong(browser_of, bob):
    answer = browser_of(bob).post(PAGE, {**FORM, "quiet_to": ""})
    assert answer.status_code == 200
    assert "a beginning and an end" in answer.content.decode()
    assert not NotificationPreferences.objects.exists()
