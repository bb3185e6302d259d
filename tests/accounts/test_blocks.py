from accounts.models import Block
from accounts.policies import may_message
from tests.accounts.conftest import code

BLOCKS = "/api/auth/blocks"


def test_i_block_and_unblock(alice, bob, api):
    client = api(alice)
    made = client.post(BLOCKS, {"userId": bob.pk})
    assert (made.status_code, made.json()["displayName"]) == (201, "Bob")
    assert client.post(BLOCKS, {"userId": bob.pk}).status_code == 201
    assert [each["userId"] for each in client.get(BLOCKS).json()] == [bob.pk]
    assert not may_message(bob, alice)
    assert client.delete(f"{BLOCKS}/{bob.pk}").status_code == 204
    assert client.delete(f"{BLOCKS}/{bob.pk}").status_code == 404
    assert may_message(bob, alice)


def test_the_blocked_are_not_told(alice, bob, api):
    api(alice).post(BLOCKS, {"userId": bob.pk})
    assert api(bob).get(BLOCKS).json() == []
    assert api(bob).delete(f"{BLOCKS}/{alice.pk}").status_code == 404


def test_nobody_blocks_themselves_or_nonsense(alice, api):
    client = api(alice)
    answer = client.post(BLOCKS, {"userId": alice.pk})
    assert (answer.status_code, code(answer)) == (400, "oneself")
    for nonsense in (None, "x", 0, -1, 2**63, 1.5, [1]):
        assert client.post(BLOCKS, {"userId": nonsense}).status_code == 400, nonsense


def test_strangers_do_not_exist(alice, mallory, api):
    assert api(mallory).post(BLOCKS, {"userId": alice.pk}).status_code == 404
    assert not Block.objects.exists()


def test_the_page_unblocks(alice, bob, mallory, api, browser):
    api(alice).post(BLOCKS, {"userId": bob.pk})
    client = browser(alice)
    assert "Bob" in client.get("/settings/privacy").content.decode()
    assert browser(mallory).post(f"/settings/privacy/unblock/{bob.pk}").status_code == 404
    assert client.post(f"/settings/privacy/unblock/{bob.pk}").status_code == 302
    assert not Block.objects.exists()


def test_only_the_own_devices_learn_of_it_and_only_of_what_is_new(alice, bob, api, published):
    client = api(alice)
    for _twice in range(2):
        client.post(BLOCKS, {"userId": bob.pk})
    client.delete(f"{BLOCKS}/{bob.pk}")
    told = [(event.name, event.user_id, event.is_blocked, to) for event, to in published.all]
    assert told == [
        ("blockChanged", bob.pk, True, [alice.pk]),
        ("blockChanged", bob.pk, False, [alice.pk]),
    ]
