"""Phones: Firebase over HTTP v1 and Apple over HTTP/2, by the same outbox, against servers of our own."""

import json
import time
from collections.abc import Iterator
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.utils import timezone

from accounts.models import Session
from chatproject.events import NewMessageBody
from conversations.services.messages import send_message
from notifications.models import NotificationPreferences, PushDelivery, PushSubscription
from notifications.push import apns, fcm
from tests.notifications.apple import Apple
from tests.notifications.push_service import Answer, tls_context

SEND = "/v1/projects/parley-tests/messages:send"
TOKEN = "a/token of a phone"


def pem(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture(scope="module")
def google_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def apple_key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def google(service, settings, tmp_path, google_key):
    account = {
        "project_id": "parley-tests",
        "client_email": "push@parley-tests.example",
        "private_key": pem(google_key),
        "token_uri": f"{service.url}/token",
    }
    file = tmp_path / "service-account.json"
    file.write_text(json.dumps(account))
    settings.FCM_CREDENTIALS_FILE = str(file)
    settings.FCM_URL = service.url
    fcm.service_account.cache_clear()
    given = json.dumps({"access_token": "ya29.ours", "expires_in": 3600}).encode()
    service.answers["/token"] = [Answer(200, body=given) for _ in range(10)]
    return service


@pytest.fixture
def apple(service, settings, tmp_path, apple_key, monkeypatch) -> Iterator[Apple]:
    server = Apple(tls_context(tmp_path, "h2"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    key = tmp_path / "apple.p8"
    key.write_text(pem(apple_key))
    settings.APNS_KEY_FILE, settings.APNS_URL = str(key), server.url
    settings.APNS_KEY_ID, settings.APNS_TEAM_ID = "ABC123DEFG", "DEF123GHIJ"
    settings.APNS_TOPIC = "org.example.parley"
    apns._token.cache_clear()
    yield server
    server.stop()


@pytest.fixture
def told(alice, bob, direct, push_round):
    """`told("fcm")`: Bob has such a phone, and Alice wrote."""

    def tell(kind: str) -> PushDelivery:
        PushSubscription.objects.get_or_create(
            user=bob,
            session=Session.objects.get_or_create(user=bob, kind="api", label="Bob's phone")[0],
            kind=kind,
            endpoint=TOKEN,
        )
        NotificationPreferences.objects.get_or_create(user=bob, preview=True)
        body = NewMessageBody(content="The rope is red", client_id=uuid4())
        send_message(actor=alice, conversation_id=direct.pk, body=body)
        push_round()
        return PushDelivery.objects.latest("pk")

    return tell


def pushed(service) -> list[dict]:
    return [json.loads(each.body)["message"] for each in service.received if each.path == SEND]


def test_firebase_gets_it_with_a_token_for_our_account(google, google_key, told, direct):
    assert told("fcm").state == "sent"
    asked = next(each for each in google.received if each.path == "/token")
    assertion = dict(part.split("=") for part in asked.body.decode().split("&"))["assertion"]
    claims = jwt.decode(
        assertion, google_key.public_key(), algorithms=["RS256"], audience=f"{google.url}/token"
    )
    assert claims["iss"] == "push@parley-tests.example"
    assert claims["scope"].endswith("/auth/firebase.messaging")

    (message,) = pushed(google)
    assert message["token"] == TOKEN
    assert message["notification"] == {"title": "Alice", "body": "The rope is red"}
    assert message["data"]["conversationId"] == str(direct.pk)
    assert message["android"]["collapse_key"] == f"conversation-{direct.pk}"
    sent = next(each for each in google.received if each.path == SEND)
    assert sent.headers["authorization"] == "Bearer ya29.ours"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(404, body=b'{"error": {"details": [{"errorCode": "UNREGISTERED"}]}}'), "gone"),
        (Answer(400, body=b'{"error": {"status": "INVALID_ARGUMENT"}}'), "dead"),
        (Answer(401), "dead"),
        (Answer(429, {"Retry-After": "60"}), "waiting"),
        (Answer(503), "waiting"),
    ],
)
def test_what_firebase_answers_ends_as_it_should(answer, state, google, told):
    google.answers[SEND] = [answer]
    assert told("fcm").state == state
    assert PushSubscription.objects.exists() == (state != "gone")


def test_a_firebase_that_gives_no_token_is_asked_again(google, told):
    google.answers["/token"] = [Answer(500)]
    delivery = told("fcm")
    assert delivery.state == "waiting"
    assert delivery.due_at > timezone.now()


def test_apple_gets_it_signed_over_http_2(apple, apple_key, told, direct):
    assert told("apns").state == "sent"
    (request,) = apple.received
    assert request.path == "/3/device/a%2Ftoken%20of%20a%20phone"
    headers = request.headers
    scheme, _, token = headers["authorization"].partition(" ")
    assert scheme == "bearer"
    claims = jwt.decode(token, apple_key.public_key(), algorithms=["ES256"])
    assert claims["iss"] == "DEF123GHIJ"
    assert abs(claims["iat"] - time.time()) < 60
    assert jwt.get_unverified_header(token)["kid"] == "ABC123DEFG"
    assert headers["apns-topic"] == "org.example.parley"
    assert headers["apns-collapse-id"] == f"conversation-{direct.pk}"
    payload = json.loads(request.body)
    assert payload["aps"]["alert"] == {"title": "Alice", "body": "The rope is red"}
    assert payload["aps"]["badge"] == 1
    assert payload["conversationId"] == direct.pk


@pytest.mark.parametrize(
    ("status", "reason", "state"),
    [
        (410, "Unregistered", "gone"),
        (400, "BadDeviceToken", "gone"),
        (403, "InvalidProviderToken", "dead"),
        (413, "PayloadTooLarge", "sent"),
        (429, "TooManyRequests", "waiting"),
        (503, "ServiceUnavailable", "waiting"),
    ],
)
def test_what_apple_answers_ends_as_it_should(status, reason, state, apple, told):
    apple.answers.append((status, {"reason": reason}))
    delivery = told("apns")
    assert delivery.state == state
    assert (reason in delivery.reason) == (state != "sent")


def test_with_ids_alone_no_text_passes_through_a_vendor(settings, apple, told):
    settings.PUSH_IDS_ONLY = True
    told("apns")
    assert b"rope" not in apple.received[0].body and b"Alice" not in apple.received[0].body
    assert json.loads(apple.received[0].body)["messageId"]


def test_with_ids_alone_firebase_carries_data_only(settings, google, told):
    settings.PUSH_IDS_ONLY = True
    told("fcm")
    (message,) = pushed(google)
    assert "notification" not in message
    assert "Alice" not in json.dumps(message) and "rope" not in json.dumps(message)
    assert message["data"]["messageId"]


def test_a_server_without_credentials_gives_up_and_says_so(service, told):
    delivery = told("fcm")
    assert delivery.state == "dead"
    assert "no credentials" in delivery.reason
