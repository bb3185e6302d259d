"""Push in Chromium: the real service worker shows what the server sends, and clears what was read."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, CDPSession, Page, Worker, expect

from notifications.management.commands.make_push_keys import new_private_key
from tests import servers
from tests.browser.chat import message
from tests.clients import Rest
from tests.live import Site, embedded, running
from tests.notifications.push_service import Browser, PushService, push_service

pytestmark = pytest.mark.browser


@pytest.fixture
def service_workers() -> str:
    return "allow"


# P15: within 5 s of the end of the grace.
GRACE, PROMISED = 1, 5


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    # The one that only draws shows no notifications.
    with running(servers.chromium(whole=True)) as browser:
        yield browser


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("push")


@pytest.fixture(scope="module")
def service(directory: Path) -> Iterator[PushService]:
    with push_service(directory) as service:
        yield service


@pytest.fixture(scope="module")
def site(directory: Path, service: PushService) -> Iterator[Site]:
    """An embedded one that may call our push service."""
    settings = {
        "VAPID_PRIVATE_KEY": new_private_key(),
        "PUSH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "PUSH_GRACE_SECONDS": str(GRACE),
        "SSL_CERT_FILE": str(directory / "ca.pem"),
    }
    with embedded(directory, **settings) as site:
        yield site


@pytest.fixture
def alice(site: Site, cast: dict[str, str]) -> Iterator[Rest]:
    with Rest(site.url, cast["alice"]) as rest:
        yield rest


@pytest.fixture
def bobs_phone(site: Site, cast: dict[str, str]) -> Iterator[Rest]:
    with Rest(site.url, cast["bob"]) as rest:
        yield rest


@pytest.fixture
def endpoint(service: PushService, bobs_phone: Rest) -> Browser:
    """What Bob subscribed with: Chromium itself has no push service here, so this one stands for it."""
    browser = Browser(service, f"bob-{bobs_phone.id}")
    bobs_phone.post(
        "notifications/push-subscriptions", {"endpoint": browser.endpoint, "keys": browser.keys}
    )
    return browser


def test_a_push_is_shown_leads_to_its_conversation_and_goes_when_it_is_read_elsewhere(
    site, cast, alice, bobs_phone, endpoint, page_for
) -> None:
    conversation_id = alice.direct_with(bobs_phone.id)
    group_id = alice.group_of("Climbing", bobs_phone.id)
    wait_for_pushes(endpoint, 1)
    sent = time.monotonic()
    alice.send(conversation_id, "Are you awake?")
    wait_for_pushes(endpoint, 2)
    assert time.monotonic() - sent < GRACE + PROMISED

    page: Page = page_for(site, cast["bob"])
    page.context.grant_permissions(["notifications"])
    worker = running_worker(page)
    deliver = delivery_to(page, site)
    for push in endpoint.shown:
        deliver(push)
    tags = [f"conversation-{conversation_id}", f"conversation-{group_id}"]
    wait_for_shown(worker, tags)
    (shown,) = shown_by(worker, tags[0])
    assert (shown["title"], shown["body"]) == ("Alice", "New message")
    # Once more for the same conversation: it takes the place of the first.
    deliver({**endpoint.shown[1], "body": "2 new messages"})
    wait_for(lambda: shown_by(worker, tags[0])[0]["body"] == "2 new messages")
    wait_for_shown(worker, tags)

    bobs_phone.patch(f"chat/conversations/{group_id}/read")
    wait_for_shown(worker, tags[:1])

    click(worker, tags[0])
    page.wait_for_url(f"**/c/{conversation_id}")
    expect(message(page, "Are you awake?")).to_be_visible()
    wait_for_shown(worker, [])

    deliver(endpoint.shown[1])
    wait_for_shown(worker, tags[:1])
    answer(worker, tags[0], "Yes, you woke me")
    expect(message(page, "Yes, you woke me")).to_be_visible()
    wait_for_shown(worker, [])
    assert alice.history(conversation_id)[-1]["content"] == "Yes, you woke me"


def test_what_was_read_while_no_page_was_open_goes_with_the_next_push(
    site, cast, alice, bobs_phone, endpoint, page_for
) -> None:
    page: Page = page_for(site, cast["bob"])
    page.context.grant_permissions(["notifications"])
    worker = running_worker(page)
    deliver = delivery_to(page, site)
    push = {
        "kind": "message",
        "title": "Alice",
        "body": "New message",
        "url": "/c/1",
        "conversationId": 1,
        "unread": 1,
        "silent": False,
        "reply": "Reply",
        "at": "2026-11-22T18:00:00.000Z",
    }
    deliver({**push, "tag": "conversation-1", "stale": []})
    wait_for_shown(worker, ["conversation-1"])
    deliver({**push, "tag": "conversation-2", "stale": ["conversation-1"]})
    wait_for_shown(worker, ["conversation-2"])

    # The browser changes its subscription, which the worker tells at once. Pages cannot make such an event.
    renewed = Browser(endpoint.service, f"renewed-{bobs_phone.id}")
    worker.evaluate(CHANGE, {"endpoint": renewed.endpoint, "keys": renewed.keys})
    own = "notifications/push-subscriptions"
    wait_for(lambda: len(bobs_phone.get(own)["pushSubscriptions"]) == 2, page)


def test_the_settings_say_what_push_is_here(site, cast, page_for) -> None:
    page: Page = page_for(site, cast["bob"])
    page.context.grant_permissions(["notifications"])
    page.goto("/settings/notifications")
    device = page.locator("push-device")
    expect(device.get_by_role("button", name="Turn on notifications")).to_be_visible()
    blocked: Page = page_for(site, cast["carol"])
    blocked.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    blocked.goto("/settings/notifications")
    expect(blocked.locator("push-device")).to_contain_text("blocks notifications")
    expect(blocked.locator("[data-browser=chrome]")).to_be_visible()
    expect(blocked.locator("[data-browser=firefox]")).to_be_hidden()
    asked: Page = page_for(site, cast["gus"])
    asked.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'default' })"
    )
    primer = asked.locator("push-primer")
    asked.reload()
    expect(primer).to_be_visible()
    expect(primer.get_by_role("link")).to_have_attribute("href", "/settings/notifications")
    primer.get_by_role("button").click()
    expect(primer).to_be_hidden()
    asked.reload()
    expect(asked.locator("notification-count")).to_be_attached()
    expect(primer).to_be_hidden()
    without: Page = page_for(site, cast["alice"])
    without.add_init_script("delete window.PushManager")
    without.goto("/settings/notifications")
    expect(without.locator("push-device")).to_contain_text("cannot receive notifications")


def running_worker(page: Page) -> Worker:
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    context: BrowserContext = page.context
    wait_for(lambda: len(context.service_workers) > 0, page)
    return context.service_workers[0]


def delivery_to(page: Page, site: Site) -> Callable[[dict], None]:
    """As if the browser's push service had brought it, decrypted; returns when the worker has shown it.

    Nobody may ask what is shown before: Chromium would then drop what is on its way to the screen.
    """
    session: CDPSession = page.context.new_cdp_session(page)
    ids: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: ids.extend(each["registrationId"] for each in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_for(lambda: bool(ids), page)
    done: list[str] = []
    session.on(
        "BackgroundService.backgroundServiceEventReceived",
        lambda told: done.append(told["backgroundServiceEvent"]["eventName"]),
    )
    recorded = {"service": "pushMessaging"}
    session.send("BackgroundService.startObserving", recorded)
    session.send("BackgroundService.setRecording", {**recorded, "shouldRecord": True})

    def deliver(push: dict) -> None:
        done.clear()
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": site.url, "registrationId": ids[0], "data": json.dumps(push)},
        )
        wait_for(lambda: "Push event completed" in done, page)

    return deliver


SHOWN = """async (tag) => {
  const found = await registration.getNotifications(tag ? { tag } : {});
  return found.map(({ tag, title, body }) => ({ tag, title, body }));
}"""
CLICK = """async (tag) => {
  const [notification] = await registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""

REPLY = """async ({ tag, reply }) => {
  const [notification] = await registration.getNotifications({ tag });
  const event = new NotificationEvent("notificationclick", { notification, action: "reply", reply });
  self.dispatchEvent(event);
  return event.reply;
}"""
CHANGE = """async (given) => {
  const event = new ExtendableEvent("pushsubscriptionchange");
  event.newSubscription = { toJSON: () => given };
  self.dispatchEvent(event);
}"""


def shown_by(worker: Worker, tag: str = "") -> list[dict[str, str]]:
    found: list[dict[str, str]] = worker.evaluate(SHOWN, tag)
    return found


def wait_for_shown(worker: Worker, tags: list[str]) -> None:
    deadline = time.monotonic() + 20
    while (shown := sorted(each["tag"] for each in shown_by(worker))) != sorted(tags):
        assert time.monotonic() < deadline, f"{shown} are shown, not {tags}"
        time.sleep(0.05)


def click(worker: Worker, tag: str) -> None:
    worker.evaluate(CLICK, tag)


def answer(worker: Worker, tag: str, reply: str) -> None:
    """In the notification itself, as Android and some desktops offer it."""
    assert worker.evaluate(REPLY, {"tag": tag, "reply": reply}) == reply


def wait_for_pushes(endpoint: Browser, count: int) -> None:
    wait_for(lambda: len(endpoint.received) >= count)


def wait_for(condition: Callable[[], bool], page: Page | None = None) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        if page:
            page.wait_for_timeout(50)
        else:
            time.sleep(0.05)
