"""Nobody reaches what is not theirs: every page and every endpoint, tried from outside.

The doors come from the route map. Each is tried by somebody who is not signed in, by mallory of another
organization, and by carol, a colleague who takes no part, against what alice and bob have between themselves.
Whatever is answered: nothing of theirs is in it, nothing of theirs changes, and nobody is told anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.cast import PASSWORD
from tests.secrets import INTERNAL, PRIVATE, Secrets, make_secrets
from tests.surface import Route, filled, routes

pytestmark = pytest.mark.once

PERMITTED, FOUND_NOTHING = 200, 404
SIGN_IN_FIRST = 401
TO_SIGN_IN_PAGE = 302
NO_SUCH_METHOD = 405


@dataclass(frozen=True)
class Door:
    """How a door is tried, and what it answers. `@name` stands for an id of tests/secrets.py.

    Unless it says otherwise: 404, and to nobody signed in 401 (REST) or the way to the sign-in page.
    """

    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    nobody: int = 0
    mallory: int = FOUND_NOTHING
    carol: int = FOUND_NOTHING
    # For all of them the same, since it concerns themselves alone.
    own: int = 0

    def answer(self, who: str, route: Route) -> int:
        if who == "nobody":
            return self.nobody or (SIGN_IN_FIRST if route.is_api else TO_SIGN_IN_PAGE)
        return self.own or int(getattr(self, who))


def public(status: int = PERMITTED, **options: Any) -> Door:
    return Door(nobody=status, own=status, **options)


def own(status: int = PERMITTED, **options: Any) -> Door:
    return Door(own=status, **options)


def for_managers(status: int = FOUND_NOTHING, **options: Any) -> Door:
    """Mallory manages Globex; carol manages nothing."""
    return Door(mallory=status, carol=403, **options)


USER = {"pk": "@bob"}
CLIENT_ID = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
PEOPLE_FORM = {"role": "guest"}
WRONG_SIGN_IN = {"email": "alice@acme.example", "password": "not this one"}

DOORS: dict[str, Door] = {
    # --- REST: signing in, oneself, one's organization
    "POST /api/auth/token": public(401, body=WRONG_SIGN_IN),
    "POST /api/auth/token/refresh": public(401, body={"refresh": "@access"}),
    "POST /api/auth/logout": own(204),
    "GET /api/auth/me": own(),
    "PATCH /api/auth/me": own(body={"about": "Hello"}),
    "POST /api/auth/me/delete": own(400, body={"password": "not this one"}),
    "POST /api/auth/password": own(
        400, body={"currentPassword": "not this one", "newPassword": "a battery horse"}
    ),
    "POST /api/auth/password/reset": public(202, body={"email": "nobody@acme.example"}),
    "POST /api/auth/password/reset/confirm": public(
        400, body={"uid": "MQ", "token": "c0ffee-0", "newPassword": "a battery horse"}
    ),
    "POST /api/auth/register": public(
        400, body={"organizationName": "Initech", "displayName": "", "email": "", "password": ""}
    ),
    "GET /api/auth/sessions": own(),
    "DELETE /api/auth/sessions/{pk}": Door(path={"pk": "@session"}),
    "POST /api/auth/sessions/sign-out-others": own(204),
    "GET /api/auth/exports": own(),
    "POST /api/auth/exports": own(202),
    "GET /api/auth/exports/{pk}": Door(path={"pk": "@export"}),
    "GET /api/auth/exports/{pk}/file": Door(path={"pk": "@export"}),
    "GET /api/auth/blocks": own(),
    # Whom carol blocks is her own business: gus is a colleague.
    "POST /api/auth/blocks": Door(body={"userId": "@blocked"}, carol=201),
    "DELETE /api/auth/blocks/{user_id}": Door(path={"user_id": "@blocked"}),
    "GET /api/auth/people": for_managers(PERMITTED),
    "PATCH /api/auth/people/{pk}": for_managers(path=USER, body={"role": "guest"}),
    "DELETE /api/auth/people/{pk}": for_managers(path=USER),
    "GET /api/auth/invitations": for_managers(PERMITTED),
    "POST /api/auth/invitations": for_managers(201, body={"role": "guest"}),
    "DELETE /api/auth/invitations/{pk}": for_managers(path={"pk": "@invitation"}),
    "POST /api/auth/invitations/accept": public(
        404,
        body={
            "token": "c0ffee",
            "displayName": "Eve",
            "email": "e@e.example",
            "password": PASSWORD,
        },
    ),
    # --- The language of the pages, for a browser that nobody is signed in with
    "GET /language": public(302),
    "POST /language": public(302, body={"language": "de"}),
    # --- REST: the chat
    "GET /api/chat/contacts": Door(mallory=PERMITTED, carol=PERMITTED, query={"search": INTERNAL}),
    # A colleague may know bob, and the groups that they share: none.
    "GET /api/chat/contacts/{user_id}": Door(carol=PERMITTED),
    "GET /api/chat/online-status": own(),
    # A colleague may know whether bob is online.
    "GET /api/chat/online-status/{user_id}": Door(carol=PERMITTED),
    "GET /api/chat/conversations": own(),
    # Colleagues may write to each other; gus is one of them.
    "POST /api/chat/conversations": Door(body={"targetUserId": "@blocked"}, carol=201),
    "GET /api/chat/conversations/{conversation_id}": Door(),
    "PATCH /api/chat/conversations/{conversation_id}": Door(body={"title": "Ours now"}),
    "PATCH /api/chat/conversations/{conversation_id}/delivered": Door(),
    "PATCH /api/chat/conversations/{conversation_id}/read": Door(body={"upToSeq": 1}),
    "PATCH /api/chat/conversations/{conversation_id}/preferences": Door(body={"archived": True}),
    "PUT /api/chat/conversations/{conversation_id}/picture": Door(),
    "DELETE /api/chat/conversations/{conversation_id}/picture": Door(),
    "POST /api/chat/conversations/{conversation_id}/leave": Door(),
    "POST /api/chat/conversations/{conversation_id}/members": Door(body={"userIds": ["@self"]}),
    "DELETE /api/chat/conversations/{conversation_id}/members/{user_id}": Door(),
    "PATCH /api/chat/conversations/{conversation_id}/members/{user_id}": Door(
        body={"role": "admin"}
    ),
    "GET /api/chat/conversations/{conversation_id}/messages": Door(query={"around": 1}),
    "POST /api/chat/conversations/{conversation_id}/messages": Door(
        body={"content": "Let me in", "clientId": CLIENT_ID}
    ),
    "DELETE /api/chat/conversations/{conversation_id}/messages/{message_id}": Door(),
    "DELETE /api/chat/conversations/{conversation_id}/messages/{message_id}/for-me": Door(),
    "GET /api/chat/conversations/{conversation_id}/messages/{message_id}/info": Door(),
    "PATCH /api/chat/conversations/{conversation_id}/messages/{message_id}": Door(
        body={"content": "Never said"}
    ),
    "GET /api/chat/conversations/{conversation_id}/messages/{message_id}/notification": Door(),
    # Answers that it is gone, as of a conversation that never was.
    "POST /api/chat/sync": own(body={"conversations": {"@conversation": 1}}),
    # --- REST: notifications
    "GET /api/notifications": own(),
    "GET /api/notifications/unread-count": own(),
    "PATCH /api/notifications/{notification_id}/read": Door(),
    "DELETE /api/notifications/{notification_id}": Door(),
    "PATCH /api/notifications/read-all": own(),
    "PATCH /api/notifications/conversations/{conversation_id}/read": Door(),
    "DELETE /api/notifications/conversations/{conversation_id}": Door(),
    "GET /api/notifications/push-subscriptions": own(),
    "POST /api/notifications/push-subscriptions": own(
        201, body={"kind": "fcm", "endpoint": "a-token-of-a-phone"}
    ),
    "DELETE /api/notifications/push-subscriptions": Door(query={"id": "@push"}),
    "POST /api/notifications/push-subscriptions/test": Door(body={"id": "@push"}),
    "GET /api/notifications/preferences": own(),
    "PATCH /api/notifications/preferences": own(body={"preview": True}),
    "POST /api/hooks/{webhook_secret}": public(
        404, path={"webhook_secret": "c0ffee"}, body={"text": "Let me in"}
    ),
    # --- REST: what everybody may know
    "GET /api/capabilities": public(),
    "GET /api/schema": public(),
    "GET /api/events": public(),
    "GET /api/docs": public(),
    "GET /api/docs/events": public(),
    "GET /health/live": public(),
    "POST /health/live": public(),
    "GET /health/ready": public(),
    "POST /health/ready": public(),
    "GET /service-worker.js": public(),
    "GET /manifest.webmanifest": public(),
    "GET /offline": public(),
    # --- Pages for whoever comes
    "GET /sign-in": Door(nobody=200, own=302),
    "POST /sign-in": Door(nobody=200, own=302, body=WRONG_SIGN_IN),
    "POST /sign-out": own(302),
    "GET /register": public(),
    "POST /register": public(body={"name": "Initech"}),
    "GET /invitations/{token}": public(404, path={"token": "c0ffee"}),
    "POST /invitations/{token}": public(
        404, path={"token": "c0ffee"}, body={"display_name": "Eve"}
    ),
    "GET /password/reset": public(),
    "POST /password/reset": public(302, body={"email": "nobody@acme.example"}),
    "GET /password/reset/sent": public(),
    "GET /password/reset/done": public(),
    "GET /password/reset/{uid}/{token}": public(404, path={"uid": "MQ", "token": "c0ffee-0"}),
    "POST /password/reset/{uid}/{token}": public(
        404, path={"uid": "MQ", "token": "c0ffee-0"}, body={"new_password": "a battery horse"}
    ),
    # --- Pages of one's own
    "GET /": own(query={"cursor": ""}),
    "GET /new": own(query={"search": "o"}),
    "POST /new": Door(body={"target_user_id": "@blocked"}, carol=302),
    "GET /new/group": own(),
    # Nobody of Acme is among those whom mallory may choose.
    "POST /new/group": Door(
        body={"title": "Ours", "member_ids": ["@blocked"]}, mallory=400, carol=302
    ),
    "GET /notifications": own(),
    "POST /notifications/read-all": own(302),
    "GET /settings/notifications": own(),
    "POST /settings/notifications": own(body={"quiet_from": "late"}),
    "POST /settings/notifications/tell": for_managers(PERMITTED, body={"text": ""}),
    "POST /settings/notifications/digest": for_managers(PERMITTED, body={"hours": "1"}),
    "GET /unsubscribe/{token}": public(404, path={"token": "c0ffee"}),
    "POST /unsubscribe/{token}": public(404, path={"token": "c0ffee"}),
    "GET /settings/profile": own(),
    "POST /settings/profile": own(body={"display_name": ""}),
    "GET /settings/privacy": own(),
    "POST /settings/privacy": own(body={"photo": "strangers"}),
    "GET /settings/devices": own(),
    "POST /settings/devices/sign-out-others": own(302),
    "POST /settings/password": own(body={"current_password": "not this one"}),
    "GET /settings/data": own(),
    "POST /settings/data/exports": own(302),
    "GET /settings/data/exports/{export_id}": Door(),
    "POST /settings/data/delete": own(body={"password": "not this one"}),
    "GET /settings/people": for_managers(PERMITTED),
    "POST /settings/people/invite": for_managers(302, body={"role": "guest"}),
    "GET /settings/bots": for_managers(PERMITTED),
    "POST /settings/bots/new": for_managers(PERMITTED, body={"display_name": ""}),
    "GET /settings/bots/{bot_id}": for_managers(),
    "POST /settings/bots/{bot_id}/change": for_managers(body={"display_name": "Ours"}),
    "POST /settings/bots/{bot_id}/deactivate": for_managers(),
    "POST /settings/bots/{bot_id}/reactivate": for_managers(),
    "POST /settings/bots/{bot_id}/keys": for_managers(
        body={"name": "Ours", "scopes": ["messages:read"]}
    ),
    "POST /settings/bots/{bot_id}/keys/{key_id}/rotate": for_managers(),
    "POST /settings/bots/{bot_id}/keys/{key_id}/revoke": for_managers(),
    "POST /settings/bots/{bot_id}/incoming": for_managers(
        body={"name": "Ours", "conversation_id": "@conversation"}
    ),
    "POST /settings/bots/{bot_id}/incoming/{webhook_id}/revoke": for_managers(
        path={"webhook_id": "@incoming webhook"}
    ),
    "POST /settings/bots/{bot_id}/webhooks": for_managers(
        body={"name": "Ear", "url": "https://93.184.215.14/", "events": ["newMessage"]}
    ),
    "GET /settings/bots/{bot_id}/webhooks/{endpoint_id}": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/change": for_managers(
        body={"name": "Ear", "url": "https://93.184.215.14/", "events": ["newMessage"]}
    ),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/secret": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/on": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/off": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/test": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/remove": for_managers(),
    "POST /settings/bots/{bot_id}/webhooks/{endpoint_id}/deliveries/{delivery_id}/again": (
        for_managers()
    ),
    # --- Pages of somebody's things
    "GET /c/{pk}": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}": Door(
        path={"pk": "@conversation"}, body={"content": "Let me in", "client_id": CLIENT_ID}
    ),
    "POST /c/{pk}/read": Door(path={"pk": "@conversation"}),
    "GET /c/{pk}/messages/{message_id}": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/messages/{message_id}/edit": Door(
        path={"pk": "@conversation"}, body={"content": "Never said"}
    ),
    "POST /c/{pk}/messages/{message_id}/delete": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/messages/{message_id}/delete-for-me": Door(path={"pk": "@conversation"}),
    "GET /c/{pk}/info": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/info/group": Door(
        path={"pk": "@conversation"}, body={"title": "Ours now", "who_may_post": "everyone"}
    ),
    "POST /c/{pk}/info/picture": Door(path={"pk": "@conversation"}, body={"remove": "1"}),
    "POST /c/{pk}/info/preferences": Door(path={"pk": "@conversation"}, body={"archived": "true"}),
    "GET /c/{pk}/info/members": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/info/members": Door(path={"pk": "@conversation"}, body={"user_ids": ["@self"]}),
    "POST /c/{pk}/info/members/{user_id}/remove": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/info/members/{user_id}/role": Door(
        path={"pk": "@conversation"}, body={"role": "admin"}
    ),
    "POST /c/{pk}/info/leave": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/info/block": Door(path={"pk": "@conversation"}),
    "POST /c/{pk}/info/unblock": Door(path={"pk": "@conversation"}),
    "GET /pictures/{conversation_id}": Door(nobody=401),
    "POST /notifications/{notification_id}/read": Door(),
    "POST /notifications/{notification_id}/delete": Door(),
    "POST /notifications/conversations/{conversation_id}/read": Door(),
    "POST /notifications/conversations/{conversation_id}/delete": Door(),
    "POST /settings/devices/{session_id}/sign-out": Door(),
    "POST /settings/privacy/unblock/{user_id}": Door(path={"user_id": "@blocked"}),
    "POST /settings/people/{user_id}/role": for_managers(body=PEOPLE_FORM),
    "POST /settings/people/{user_id}/deactivate": for_managers(),
    "POST /settings/people/{user_id}/reactivate": for_managers(),
    "POST /settings/people/{user_id}/delete": for_managers(),
    "POST /settings/people/invitations/{invitation_id}/revoke": for_managers(),
    # Alice shows her picture to nobody.
    "GET /avatars/{user_id}": Door(path={"user_id": "@alice"}, nobody=401),
}
USUAL = {
    "conversation_id": "@conversation",
    "message_id": "@message",
    "user_id": "@bob",
    "notification_id": "@notification",
    "session_id": "@session",
    "invitation_id": "@invitation",
    "export_id": "@export",
    "bot_id": "@bot",
    "key_id": "@key",
    "endpoint_id": "@endpoint",
    "delivery_id": "@webhook delivery",
}


def attempts() -> list[tuple[Route, str]]:
    """What concerns a conversation is tried against both kinds."""
    return [
        (route, kind)
        for route in routes()
        for kind in ("direct", "group")
        if kind == "direct" or "conversation" in route.template or route.template.startswith("/c/")
    ]


@pytest.fixture
def secrets(alice: User, bob: User, gus: User, kind: str) -> Secrets:
    return make_secrets(alice, bob, gus, kind=kind)


@pytest.mark.parametrize(("route", "kind"), attempts(), ids=str)
def test_a_door_stays_closed(
    route: Route,
    secrets: Secrets,
    mallory: User,
    carol: User,
    api: Callable[[User], APIClient],
    published: Any,
) -> None:
    door = DOORS.get(str(route))
    outsiders = {"nobody": None, "mallory": mallory, "carol": carol}
    for who, outsider in outsiders.items():
        before = secrets.everything()
        published.forget()
        cache.clear()

        response = knock(route, door or Door(), outsider, secrets, api)

        if door is None:
            assert is_no_method(response, who) and not route.is_api, (
                f"{route} is new: say in DOORS of tests/test_outsiders.py how it is tried,"
                f" and what those answer who have no business there."
            )
            continue
        text = response.getvalue().decode(errors="replace").lower()
        assert response.status_code == door.answer(who, route), (who, text[:2000])
        assert PRIVATE not in text, who
        assert INTERNAL not in text or who == "carol"
        assert secrets.everything() == before, who
        told = {user_id for _event, user_ids in published.all for user_id in user_ids}
        assert told.isdisjoint(owner.pk for owner in secrets.owners), who


def test_no_door_is_described_that_is_not_there() -> None:
    assert set(DOORS) <= {str(route) for route in routes()}


def is_no_method(response: Any, who: str) -> bool:
    """Some pages ask who is there before they ask for what."""
    return response.status_code == NO_SUCH_METHOD or (
        who == "nobody" and response.status_code == TO_SIGN_IN_PAGE
    )


def knock(
    route: Route,
    door: Door,
    outsider: User | None,
    secrets: Secrets,
    api: Callable[[User], APIClient],
) -> Any:
    named = {**secrets.ids, "self": outsider.pk if outsider else 1}
    path = {name: USUAL.get(name, 1) for name in route.variables} | dict(door.path)
    url = route.path(**filled(path, named))
    body, query = filled(door.body, named), filled(door.query, named)
    client = client_of(outsider, api) if route.is_api else browser_of(outsider)
    if route.method == "GET":
        return client.get(url, query)
    return getattr(client, route.method.lower())(url, body, query_params=query)


def client_of(outsider: User | None, api: Callable[[User], APIClient]) -> APIClient:
    return api(outsider) if outsider else APIClient()


def browser_of(outsider: User | None) -> Client:
    browser = Client()
    if outsider:
        browser.force_login(outsider, backend="accounts.sign_in.PersonBackend")
    return browser
