"""A session that ends takes its sockets with it, within 5 seconds whatever gets lost."""

from time import monotonic

import pytest
from django.utils import timezone

from accounts.models import Session, User
from accounts.services.sessions import Reason, revoke_session, revoke_sessions
from chatproject.threads import in_thread
from conversations import consumers
from conversations.models import Message

REVOKED = 4403
PROMISE = 5


def newest_session(user: User) -> Session:
    return Session.objects.filter(user=user).latest("pk")


async def test_signing_out_closes_the_devices_socket_at_once_and_no_other(connect, alice) -> None:
    kept = await connect(alice)
    revoked = await connect(alice)
    session = await in_thread(newest_session, alice)
    await in_thread(
        revoke_session, actor=alice, session=session, reason=Reason.SIGNED_OUT_ELSEWHERE
    )
    assert (await revoked.hear("sessionRevoked"))["data"] == {"sessionId": session.pk}
    assert await revoked.closed_with(within=1) == REVOKED
    assert (await kept.ask("getConversations"))["event"] == "conversationsList"


async def test_changing_the_password_closes_all_others(connect, alice, bob) -> None:
    first, second, bobs = await connect(alice), await connect(alice), await connect(bob)
    keep = await in_thread(newest_session, alice)
    await in_thread(
        revoke_sessions, actor=alice, user=alice, reason=Reason.PASSWORD_CHANGED, keep=keep
    )
    assert await first.closed_with(within=1) == REVOKED
    assert await second.hears_nothing(of="sessionRevoked")
    assert await bobs.hears_nothing(of="sessionRevoked")


@pytest.mark.parametrize("what", ["session", "person"])
async def test_a_revocation_that_nobody_announced_closes_it_in_time(connect, alice, what) -> None:
    def revoke() -> None:
        if what == "session":
            Session.objects.filter(user=alice).update(revoked_at=timezone.now())
        else:
            User.objects.filter(pk=alice.pk).update(is_active=False)

    socket = await connect(alice)
    await in_thread(revoke)
    started = monotonic()
    assert await socket.closed_with(within=2 * PROMISE) == REVOKED
    assert monotonic() - started < PROMISE


async def test_nothing_is_done_in_the_name_of_a_revoked_session(
    connect, alice, direct, monkeypatch
) -> None:
    monkeypatch.setattr(consumers, "ACTOR_AGE", 0)
    socket = await connect(alice)
    await in_thread(Session.objects.update, revoked_at=timezone.now())
    await socket.say("sendMessage", {"conversationId": direct.conversation_id, "content": "Hi"})
    assert await socket.closed_with(within=2) == REVOKED
    assert not await in_thread(Message.objects.exists)


async def test_a_changed_role_counts_on_an_open_socket(
    connect, alice, gus, carol, monkeypatch
) -> None:
    """Premise: guests may not begin a conversation, members may."""
    monkeypatch.setattr(consumers, "ACTOR_AGE", 0)
    socket = await connect(carol)
    await in_thread(User.objects.filter(pk=carol.pk).update, role="guest")
    answer = await socket.ask("getOrCreateConversation", {"targetUserId": alice.pk})
    assert answer["data"]["errors"][0]["code"] == "cannot_message"
