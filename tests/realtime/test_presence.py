"""Coming and going, as the people around see it; and the command setActivity."""

import pytest

from accounts import presence
from accounts.models import PrivacySettings, User
from chatproject.threads import in_thread
from conversations import caretaker

GRACE = 0.3
TELL_INTERVAL = 0.5
# The grace, the round that looks for it, and time to tell.
CONVERGED = 2


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (presence.GRACE, caretaker.FAREWELL_INTERVAL, caretaker.TELL_INTERVAL) == (5, 1, 1)
    monkeypatch.setattr(presence, "GRACE", GRACE)
    monkeypatch.setattr(caretaker, "FAREWELL_INTERVAL", 0.1)
    monkeypatch.setattr(caretaker, "TELL_INTERVAL", TELL_INTERVAL)


async def test_the_first_connection_is_told_and_the_second_is_not(
    connect, alice, bob, direct
) -> None:
    socket = await connect(alice)
    await connect(bob)
    told = (await socket.hear("userStatusChanged"))["data"]
    assert (told["userId"], told["isOnline"]) == (bob.pk, True)
    await connect(bob)
    assert await socket.hears_nothing()


async def test_going_is_told_after_the_last_device_left(connect, alice, bob, direct) -> None:
    socket = await connect(alice)
    phone, laptop = await connect(bob), await connect(bob)
    await socket.hear("userStatusChanged")
    await phone.leave()
    assert await socket.hears_nothing(within=CONVERGED)
    await laptop.leave()
    told = (await socket.hear("userStatusChanged"))["data"]
    assert (told["userId"], told["isOnline"]) == (bob.pk, False)
    stored = await in_thread(User.objects.get, pk=bob.pk)
    assert told["lastSeenAt"][:19] == stored.last_seen_at.isoformat()[:19]


async def test_reloading_a_page_is_not_going(connect, alice, bob, direct) -> None:
    socket, page = await connect(alice), await connect(bob)
    await socket.hear("userStatusChanged")
    await page.leave()
    await connect(bob)
    told = await socket.hears(within=CONVERGED)
    assert all(frame["data"]["isOnline"] for frame in told)


async def test_who_is_back_in_time_was_never_away(connect, alice, bob, direct) -> None:
    socket, page = await connect(alice), await connect(bob)
    await socket.hear("userStatusChanged")
    for _ in range(5):
        await page.leave()
        page = await connect(bob)
    assert await socket.hears_nothing(of="userStatusChanged", within=CONVERGED)


async def test_many_changes_of_one_person_are_told_as_few(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    await socket.hear("userStatusChanged")
    for state in ("idle", "active") * 10:
        await bobs.say("setActivity", {"state": state})
    told = await socket.hears(within=2 * TELL_INTERVAL)
    assert 1 <= len(told) <= 2


async def test_strangers_and_outsiders_are_told_nothing(
    connect, alice, bob, carol, mallory, direct
) -> None:
    """Premise: Carol shares no conversation with Bob, and Alice does."""
    socket, carols, mallorys = await connect(alice), await connect(carol), await connect(mallory)
    bobs = await connect(bob)
    await socket.hear("userStatusChanged")
    await bobs.leave()
    await socket.hear("userStatusChanged")
    assert await carols.hears_nothing()
    assert await mallorys.hears_nothing()


async def test_who_hides_it_comes_and_goes_unseen(connect, alice, bob, carol, group) -> None:
    await in_thread(
        PrivacySettings.objects.filter(user=bob).update, online="nobody", last_seen="nobody"
    )
    socket = await connect(alice)
    bobs = await connect(bob)
    await bobs.leave()
    assert await socket.hears_nothing(within=CONVERGED)
    await connect(carol)
    assert (await socket.hear("userStatusChanged"))["data"]["userId"] == carol.pk


async def test_being_idle_is_still_being_online(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    await socket.hear("userStatusChanged")
    await bobs.say("setActivity", {"state": "idle"}, id=1)
    assert (await socket.hear("userStatusChanged"))["data"]["isOnline"]
    assert not [frame for frame in await bobs.hears(within=0.2) if "id" in frame]
    answer = await socket.ask("getOnlineStatus", {"userIds": [bob.pk]})
    assert answer["data"]["users"][0]["isOnline"]


async def test_an_unknown_activity_is_refused(connect, alice) -> None:
    answer = await (await connect(alice)).ask("setActivity", {"state": "asleep"})
    assert answer["data"]["errors"][0]["attr"] == "state"


async def test_clients_of_socket_io_count(guest, connect, direct, alice, bob) -> None:
    watching, client = await connect(alice), await guest(bob)
    assert (await watching.hear("userStatusChanged"))["data"]["isOnline"] is True
    await client.send("1")
    assert (await watching.hear("userStatusChanged"))["data"]["isOnline"] is False
