"""Nobody commands what is not theirs: every command of the registry, tried from outside.

By mallory of another organization and by carol, a colleague who takes no part, against what alice and bob
have between themselves; and by somebody who has not said who they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts.models import User
from chatproject.events import COMMANDS
from chatproject.threads import in_thread
from tests.realtime.conftest import OpenSocket, Socket
from tests.secrets import INTERNAL, PRIVATE, Secrets, make_secrets
from tests.surface import filled

pytestmark = pytest.mark.once

NOT_FOUND = "not_found"
CLOSE_SIGN_IN = 4401


@dataclass(frozen=True)
class Attempt:
    """`@name` stands for an id of tests/secrets.py. Each answer is an event, or the code of an error."""

    data: Mapping[str, Any] = field(default_factory=dict)
    mallory: str = NOT_FOUND
    carol: str = NOT_FOUND


def own(answer: str, **data: Any) -> Attempt:
    return Attempt(data=data, mallory=answer, carol=answer)


THERE = {"conversationId": "@conversation"}
MESSAGE = {**THERE, "messageId": "@message"}

ATTEMPTS: dict[str, Attempt] = {
    # The token of somebody else does not turn this socket into theirs.
    "authenticate": own("another_person", token="@access"),
    # Colleagues may write to each other; gus is one of them.
    "getOrCreateConversation": Attempt({"targetUserId": "@blocked"}, carol="conversationLoaded"),
    "getConversations": own("conversationsList"),
    "getMessages": Attempt({**THERE, "around": 1}),
    "sendMessage": Attempt({**THERE, "content": "Let me in"}),
    "editMessage": Attempt({**MESSAGE, "content": "Never said"}),
    "deleteMessage": Attempt(MESSAGE),
    "deleteMessageForMe": Attempt(MESSAGE),
    "getMessageInfo": Attempt(MESSAGE),
    "markMessagesAsDelivered": Attempt(THERE),
    "markMessagesAsRead": Attempt(THERE),
    "setPreferences": Attempt({**THERE, "archived": True}),
    "typing": Attempt({**THERE, "isTyping": True}),
    # Who is not visible is left out of the answer.
    "getOnlineStatus": own("onlineStatus", userIds=["@bob"]),
    "setActivity": own("", state="idle"),
    # It answers that the conversation is gone, as one that never was.
    "sync": own("syncResult", conversations={"@conversation": 1}),
}


@pytest.fixture(params=["direct", "group"])
def secrets(alice: User, bob: User, gus: User, request: pytest.FixtureRequest) -> Secrets:
    return make_secrets(alice, bob, gus, kind=request.param)


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_reaches_nothing(
    name: str,
    connect: OpenSocket,
    alice: User,
    bob: User,
    carol: User,
    mallory: User,
    secrets: Secrets,
) -> None:
    attempt = ATTEMPTS.get(name)
    assert attempt, (
        f"{name} is new: say in ATTEMPTS of tests/realtime/test_outsiders.py how it is tried,"
        f" and what it answers to those who have no business there."
    )
    owners = [await connect(alice), await connect(bob)]
    # Each is told that the other came, and nothing more may come after that.
    await owners[0].hear("userStatusChanged")
    for outsider, expected in ((mallory, attempt.mallory), (carol, attempt.carol)):
        socket = await connect(outsider)
        for owner in owners:
            await owner.hears(within=0.05)
        before = await in_thread(secrets.everything)
        heard = await answer(socket, name, filled(attempt.data, secrets.ids), expected)
        assert PRIVATE not in heard
        assert INTERNAL not in heard or outsider == carol
        for owner in owners:
            assert await owner.hears_nothing()
        assert await in_thread(secrets.everything) == before
        await socket.leave()


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"authenticate"}))
async def test_without_authentication_a_command_ends_the_socket(
    name: str, knock: Callable[..., Socket], secrets: Secrets
) -> None:
    before = await in_thread(secrets.everything)
    socket = await knock().open()
    await socket.say(name, filled(ATTEMPTS[name].data, secrets.ids), id=1)
    assert await socket.closed_with() == CLOSE_SIGN_IN
    assert await in_thread(secrets.everything) == before


def test_no_attempt_is_described_that_is_no_command() -> None:
    assert set(ATTEMPTS) == set(COMMANDS)


async def answer(socket: Socket, name: str, data: dict[str, Any], expected: str) -> str:
    """In lower case, once it is checked to be what was expected; empty where there is none."""
    if not expected:
        await socket.say(name, data)
        return "".join(str(frame) for frame in await socket.hears(within=0.2)).lower()
    frame = await socket.ask(name, data)
    errors = frame["data"].get("errors") or [{"code": frame["event"]}]
    assert errors[0]["code"] == expected, frame
    return str(frame).lower()
