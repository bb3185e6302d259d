"""The admin site keeps to itself too: each of its pages, read from the route map, tried from outside.

Carol manages nothing, so that no page opens. Mallory manages Globex: pages may open, with nothing of Acme.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.secrets import INTERNAL, PRIVATE, Secrets, make_secrets
from tests.surface import admin_templates

pytestmark = pytest.mark.once

OURS = ("accounts", "conversations", "integrations", "notifications")
# Which of the things of tests/secrets.py is tried on the pages of which model.
OBJECTS = {
    "organization": "organization",
    "user": "bob",
    "session": "session",
    "invitation": "invitation",
    "block": "block",
    "apikey": "key",
    "incomingwebhook": "incoming webhook",
    "webhookendpoint": "endpoint",
    "webhookdelivery": "webhook delivery",
    "auditentry": "audit entry",
    "conversation": "conversation",
    "notification": "notification",
    "pushdecision": "push decision",
    "pushdelivery": "push delivery",
    "pushsubscription": "push",
}
# The words of the scripts, and the way out.
OPEN_TO_ALL = ("/admin/jsi18n/",)
CONFIRMATION = {"post": "yes", "reason": "Curiosity"}


@pytest.fixture
def secrets(alice: User, bob: User, gus: User) -> Secrets:
    return make_secrets(alice, bob, gus, kind="group")


@pytest.fixture
def browser() -> Callable[[User | None], Client]:
    def opened(user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user, backend="accounts.sign_in.PersonBackend")
        return client

    return opened


@pytest.mark.parametrize("template", admin_templates())
def test_a_page_of_the_admin_tells_outsiders_nothing(
    template: str,
    secrets: Secrets,
    carol: User,
    mallory: User,
    browser: Callable[[User | None], Client],
) -> None:
    url = template.format(**variables(template, secrets))
    before = secrets.everything()
    for who, outsider in {"nobody": None, "carol": carol, "mallory": mallory}.items():
        for method, data in (("get", {}), ("post", CONFIRMATION)):
            response = getattr(browser(outsider), method)(url, data)
            assert response.status_code < 500
            if who != "mallory" and template not in OPEN_TO_ALL:
                assert response.status_code != 200, (who, method)
            text = response.getvalue().decode(errors="replace").lower()
            assert PRIVATE not in text and INTERNAL not in text, (who, method)
            assert secrets.everything() == before, (who, method)


def variables(template: str, secrets: Secrets) -> dict[str, object]:
    parts = template.split("/")
    app, model = (parts[2], parts[3]) if len(parts) > 4 else ("", "")
    if app in OURS:
        assert model in OBJECTS, f"{model} is new in the admin: say in OBJECTS what is tried on it"
    thing = secrets.ids[OBJECTS[model]] if app in OURS else 1
    return {
        "object_id": thing,
        "conversation_id": secrets.ids["conversation"],
        "content_type_id": 1,
        "app_label": "accounts",
        "url": "nothing",
    }
