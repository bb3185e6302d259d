"""Pairs of people with a direct conversation and a signed-in device each; printed as JSON.

Run as a process of its own, in the environment of the servers: python -m bench.people PAIRS
"""

import json
import sys

import django

django.setup()

from rest_framework_simplejwt.tokens import AccessToken  # noqa: E402

from accounts.models import Session, User  # noqa: E402
from conversations.services.conversations import get_or_create_direct  # noqa: E402
from tests.cast import organization, person  # noqa: E402


def token_of(user: User) -> str:
    session = Session.objects.create(user=user, kind=Session.Kind.API, label="bench")
    token = AccessToken.for_user(user)
    token["sid"] = session.pk
    return str(token)


def pair(number: int) -> dict[str, object]:
    sender, reader = (person(f"{role}{number}", HOME) for role in ("Sender", "Reader"))
    place, _created = get_or_create_direct(actor=sender, target_user_id=reader.pk)
    return {
        "conversation": place.conversation_id,
        "members": [sender.pk, reader.pk],
        "sender": token_of(sender),
        "reader": token_of(reader),
    }


HOME = organization("Bench")
print(json.dumps([pair(number) for number in range(int(sys.argv[1]))]))
