"""Conversations by REST: the same operations as the services, with their statuses and shapes."""

from uuid import uuid4

import pytest

CHAT = "/api/chat"


@pytest.fixture
def direct(api, alice, bob) -> str:
    answer = api(alice).post(f"{CHAT}/conversations", {"targetUserId": bob.pk})
    assert answer.status_code == 201, answer.content
    return f"{CHAT}/conversations/{answer.json()['id']}"


@pytest.fixture
def group(api, alice, bob) -> str:
    body = {"type": "group", "title": "Team", "memberIds": [bob.pk]}
    answer = api(alice).post(f"{CHAT}/conversations", body)
    assert answer.status_code == 201, answer.content
    return f"{CHAT}/conversations/{answer.json()['id']}"


def test_a_direct_conversation_is_new_once(api, alice, bob, direct):
    again = api(bob).post(f"{CHAT}/conversations", {"targetUserId": alice.pk})
    assert again.status_code == 200
    assert direct.endswith(f"/{again.json()['id']}")
    assert again.json()["peer"]["displayName"] == "Alice"


def test_a_conversation_tells_what_the_list_needs(api, bob, direct, alice):
    api(alice).post(f"{direct}/messages", {"content": "Hello"})
    page = api(bob).get(f"{CHAT}/conversations").json()
    (row,) = page["conversations"]
    assert page["nextCursor"] is None
    assert (row["unreadCount"], row["lastMessage"]["content"]) == (1, "Hello")
    assert row["lastMessageAt"].endswith("Z") and row["updatedAt"].endswith("Z")
    assert row["peer"]["isOnline"] is False


def test_a_message_is_created_once_and_repeated_with_the_same_answer(api, alice, direct):
    body = {"content": "Hello", "clientId": str(uuid4())}
    first = api(alice).post(f"{direct}/messages", body)
    again = api(alice).post(f"{direct}/messages", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content


def test_history_tells_who_read_what_and_when(api, alice, bob, direct):
    api(alice).post(f"{direct}/messages", {"content": "Hello"})
    assert api(bob).patch(f"{direct}/read", {}).json()["readSeq"] == 1
    (message,) = api(alice).get(f"{direct}/messages").json()["messages"]
    assert message["isRead"] is True
    assert message["readAt"].endswith("Z")


def test_delivered_and_read_take_a_seq_or_mean_all(api, alice, bob, direct):
    for text in ("One", "Two", "Three"):
        api(alice).post(f"{direct}/messages", {"content": text})
    reader = api(bob)
    assert reader.patch(f"{direct}/delivered", {"upToSeq": 2}).json()["deliveredSeq"] == 2
    assert reader.patch(f"{direct}/read", {"upToSeq": 1}).json()["readSeq"] == 1
    everything = reader.patch(f"{direct}/read").json()
    assert (everything["deliveredSeq"], everything["readSeq"]) == (3, 3)


def test_an_own_message_can_be_changed_and_deleted(api, alice, direct):
    message = api(alice).post(f"{direct}/messages", {"content": "Helo"}).json()
    url = f"{direct}/messages/{message['id']}"
    edited = api(alice).patch(url, {"content": "Hello"})
    assert (edited.status_code, edited.json()["content"]) == (200, "Hello")
    assert edited.json()["editedAt"]
    tombstone = api(alice).delete(url)
    assert (tombstone.status_code, tombstone.json()["content"]) == (200, "")
    assert tombstone.json()["deletedAt"]


def test_a_group_is_renamed_and_managed_by_its_administrator(api, alice, bob, carol, group):
    admin = api(alice)
    assert admin.patch(group, {"title": "Crew"}).json()["title"] == "Crew"
    joined = admin.post(f"{group}/members", {"userIds": [bob.pk, carol.pk]})
    assert [one["user"]["id"] for one in joined.json()["participants"]] == [carol.pk]
    promoted = admin.patch(f"{group}/members/{carol.pk}", {"role": "admin"})
    assert promoted.json()["role"] == "admin"
    assert admin.delete(f"{group}/members/{bob.pk}").status_code == 204
    assert api(carol).post(f"{group}/leave").status_code == 204
    places = admin.get(group).json()["participants"]
    current = [place["user"]["id"] for place in places if place["isCurrent"]]
    assert current == [alice.pk]


def test_an_ordinary_member_may_not_manage(api, bob, carol, group):
    member = api(bob)
    refusals = [
        member.patch(group, {"title": "Mine"}),
        member.post(f"{group}/members", {"userIds": [carol.pk]}),
        member.patch(f"{group}/members/{bob.pk}", {"role": "admin"}),
        member.delete(f"{group}/members/{bob.pk}"),
    ]
    assert {answer.status_code for answer in refusals} == {403}
    assert {answer.json()["type"] for answer in refusals} == {"client_error"}


def test_contacts_are_found_by_part_of_a_name(api, alice, bob, carol):
    everybody = api(alice).get(f"{CHAT}/contacts").json()["contacts"]
    assert [one["displayName"] for one in everybody] == ["Bob", "Carol"]
    found = api(alice).get(f"{CHAT}/contacts", {"search": "caro"}).json()["contacts"]
    assert [one["id"] for one in found] == [carol.pk]


def test_online_status_of_contacts_and_of_one(api, alice, bob):
    unknown = {"userId": bob.pk, "isOnline": False, "lastSeenAt": None}
    assert api(alice).get(f"{CHAT}/online-status").json() == {"users": [unknown]}
    assert api(alice).get(f"{CHAT}/online-status/{bob.pk}").json() == unknown


def test_sync_answers_with_what_changed(api, alice, bob, direct):
    pk = direct.rpartition("/")[2]
    api(alice).post(f"{direct}/messages", {"content": "Hello"})
    first = api(bob).post(f"{CHAT}/sync", {"conversations": {}}).json()
    held = {pk: first["conversations"][0]["version"]}
    assert [one["content"] for one in first["conversations"][0]["messages"]] == ["Hello"]
    assert api(bob).post(f"{CHAT}/sync", {"conversations": held}).json() == {
        "conversations": [],
        "readSeqs": {pk: 0},
        "preferences": {},
        "gone": [],
        "deletedForMe": [],
        "deletedForMeUpTo": 0,
        "limited": False,
    }


def test_a_trailing_slash_works_too(api, alice, direct):
    assert api(alice).get(f"{direct}/messages/").status_code == 200
    assert api(alice).get(f"{CHAT}/contacts/").status_code == 200
