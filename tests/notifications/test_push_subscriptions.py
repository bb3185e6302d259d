import pytest

from accounts.models import Session
from notifications.models import PushSubscription

URL = "/api/notifications/push-subscriptions"
# A literal, so that no name has to be looked up.
ENDPOINT = "https://93.184.215.14/push/"


def browser(number: int = 1, **changes: object) -> dict[str, object]:
    """What `PushSubscription.toJSON()` gives in a browser."""
    return {
        "endpoint": f"{ENDPOINT}{number}",
        "expirationTime": None,
        "keys": {"p256dh": "B" * 87, "auth": "a" * 22},
        **changes,
    }


def phone(token: str = "t" * 152) -> dict[str, object]:
    return {"kind": "fcm", "endpoint": token}


def test_a_browser_subscribes_for_its_device(api, bob):
    client = api(bob)
    answer = client.post(URL, browser())
    assert answer.status_code == 201

    subscription = PushSubscription.objects.get()
    device = Session.objects.get(user=bob)
    assert (subscription.user, subscription.session, subscription.kind) == (bob, device, "web")
    assert client.get(URL).json() == {
        "pushSubscriptions": [answer.json()],
        "applicationServerKey": "",
    }
    assert answer.json() == {
        "id": subscription.pk,
        "kind": "web",
        "sessionId": device.pk,
        "isThisDevice": True,
        "createdAt": answer.json()["createdAt"],
    }


def test_a_phone_subscribes_with_its_token(api, bob):
    assert api(bob).post(URL, phone()).status_code == 201
    assert PushSubscription.objects.get().kind == "fcm"


def test_the_same_endpoint_again_renews_its_keys(api, bob):
    client = api(bob)
    first = client.post(URL, browser()).json()
    second = client.post(URL, browser(keys={"p256dh": "C" * 87, "auth": "c" * 22})).json()
    assert second["id"] == first["id"]
    assert PushSubscription.objects.get().p256dh == "C" * 87


def test_a_new_endpoint_of_the_device_replaces_the_old_one(api, bob):
    client, other_device = api(bob), api(bob)
    other_device.post(URL, browser(1))
    client.post(URL, browser(2))
    client.post(URL, browser(3))
    endpoints = PushSubscription.objects.order_by("endpoint").values_list("endpoint", flat=True)
    assert list(endpoints) == [f"{ENDPOINT}1", f"{ENDPOINT}3"]


def test_the_browser_belongs_to_who_signed_in_there_last(api, alice, bob):
    api(alice).post(URL, browser())
    client = api(bob)
    client.post(URL, browser())
    assert PushSubscription.objects.get().user == bob
    assert len(client.get(URL).json()["pushSubscriptions"]) == 1
    assert api(alice).get(URL).json() == {"pushSubscriptions": [], "applicationServerKey": ""}


def test_a_signed_out_device_is_not_listed(api, bob):
    api(bob).post(URL, browser())
    Session.objects.update(revoked_at="2026-01-01T00:00Z")
    assert api(bob).get(URL).json() == {"pushSubscriptions": [], "applicationServerKey": ""}


def test_this_device_unsubscribes_and_others_stay(api, bob):
    client, other_device = api(bob), api(bob)
    client.post(URL, browser(1))
    kept = other_device.post(URL, browser(2)).json()
    assert client.delete(URL).status_code == 204
    assert client.delete(URL).status_code == 204, "there need not be one"
    (left,) = client.get(URL).json()["pushSubscriptions"]
    assert left == {**kept, "isThisDevice": False}


def test_another_device_of_mine_is_unsubscribed_by_id(api, bob):
    subscription = api(bob).post(URL, browser()).json()
    assert api(bob).delete(f"{URL}?id={subscription['id']}").status_code == 204
    assert not PushSubscription.objects.exists()


def test_those_of_others_are_not_found(api, alice, bob, mallory):
    subscription = api(bob).post(URL, browser()).json()
    for outsider in (alice, mallory):
        assert api(outsider).delete(f"{URL}?id={subscription['id']}").status_code == 404
    assert PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        browser(endpoint="http://93.184.215.14/push/1"),
        browser(endpoint="https://127.0.0.1/push/1"),
        browser(endpoint="https://[::1]/push/123456"),
        browser(endpoint="https:///push/12345678"),
        browser(endpoint="https://93.184.215.14/\x00aaaaaaaa"),
        browser(endpoint="https://93.184.215.14/" + "a" * 1000),
        browser(endpoint=7),
        browser(keys=None),
        browser(keys={"p256dh": "B" * 87}),
        browser(keys={"p256dh": "B" * 10, "auth": "a" * 22}),
        browser(kind="pager"),
        browser(unknown=1),
        {"kind": "fcm", "endpoint": "t" * 152, "keys": {"p256dh": "B" * 87, "auth": "a" * 22}},
        {"kind": "apns", "endpoint": "short"},
        {},
        [],
        "text",
        None,
    ],
)
def test_a_wrong_subscription_is_refused(body, api, bob):
    answer = api(bob).post(URL, body)
    assert answer.status_code == 400, answer.json()
    assert answer.json()["type"] == "validation_error"
    assert not PushSubscription.objects.exists()


def test_the_answer_tells_neither_endpoint_nor_keys(api, bob):
    text = api(bob).post(URL, browser()).content.decode()
    assert ENDPOINT not in text
    assert "B" * 87 not in text
