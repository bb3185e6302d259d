"""People who are all away, with a browser each that can be reached, in several groups with one who writes."""

from __future__ import annotations

import base64
from typing import Any

from accounts.models import Session, User
from bench.scenes.people import people
from conversations.models import Participant
from conversations.services.conversations import create_group
from notifications.models import OutboxEntry, PushSubscription

CHUNK = 1000
# The point from which all others of the curve are reached: a public key like any other.
POINT = (
    "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
)


def make(*, count: int, groups: int, address: str) -> dict[str, Any]:
    sender, *members = people(1 + count)
    subscribe(members, address)
    titles = [f"Everybody {number}" for number in range(groups)]
    made = {"sender": sender.pk, "groups": [group(sender, title, members) for title in titles]}
    OutboxEntry.objects.all().delete()
    return made


def subscribe(users: list[User], address: str) -> None:
    sessions = Session.objects.bulk_create(
        [Session(user=each, kind="browser", label="bench") for each in users], batch_size=CHUNK
    )
    keys = {"p256dh": unpadded(bytes.fromhex(POINT)), "auth": unpadded(b"sixteen octets..")}
    PushSubscription.objects.bulk_create(
        [
            PushSubscription(
                user=each.user, session=each, kind="web", endpoint=f"{address}/{each.pk}", **keys
            )
            for each in sessions
        ],
        batch_size=CHUNK,
    )


def group(sender: User, title: str, members: list[User]) -> int:
    place = create_group(actor=sender, title=title, member_ids=[])
    Participant.objects.bulk_create(
        [Participant(conversation_id=place.conversation_id, user=each) for each in members],
        batch_size=CHUNK,
    )
    return place.conversation_id


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
