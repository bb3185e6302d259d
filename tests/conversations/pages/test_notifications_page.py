from notifications.models import Notification
from tests.conversations.pages.markup import read


def test_a_message_to_somebody_away_is_told_and_counted(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello", "Are you there?")
    browser = browser_of(alice)
    page = read(browser.get("/notifications"))
    row = page.one(css_class="notification")
    assert "Bob" in row.text and "Are you there?" in row.text
    assert page.one(tag="notification-count").text == "1"
    opened = browser.post(f"/notifications/{row['data-notification-id']}/read")
    assert opened.url == f"/c/{direct.conversation_id}"
    assert "hidden" in read(browser.get("/notifications")).one(tag="notification-count")


def test_nothing_to_tell_is_told(alice, browser_of):
    assert "You are all caught up" in read(browser_of(alice).get("/notifications")).text


def test_everything_is_seen_at_once(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello")
    assert browser_of(alice).post("/notifications/read-all").status_code == 302
    assert not Notification.objects.filter(read_at=None).exists()


def test_others_see_and_change_nothing_of_it(alice, bob, carol, direct, mallory, browser_of, say):
    say(bob, direct, "a secret")
    told = Notification.objects.get()
    for outsider in (carol, mallory):
        browser = browser_of(outsider)
        assert b"a secret" not in browser.get("/notifications").content
        assert browser.post(f"/notifications/{told.pk}/read").status_code == 404
        assert browser.post(f"/notifications/{told.pk}/delete").status_code == 404
    assert Notification.objects.get().read_at is None
