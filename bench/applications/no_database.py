"""The product's sockets, consumer, events and fan-out, but nothing is checked and nothing is stored.

The ceiling: what the same server could do if the database took no time.
"""

import json
import os
from collections import Counter
from itertools import count
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from accounts.shapes import person_shape
from chatproject.asgi import application
from chatproject.events import MessageShape, NewMessage, NewMessageBody
from chatproject.realtime import send
from conversations import commands, consumers
from conversations.services.messages import Sent

__all__ = ["application"]

MEMBERS: dict[str, list[int]] = json.loads(Path(os.environ["BENCH_MEMBERS"]).read_text())
ids = count(1)
seqs: Counter[int] = Counter()


async def asend_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    seqs[conversation_id] += 1
    now = timezone.now()
    message = MessageShape(
        id=next(ids),
        conversation_id=conversation_id,
        seq=seqs[conversation_id],
        version=seqs[conversation_id],
        kind="text",
        sender_id=actor.pk,
        sender=person_shape(actor),
        content=body.content,
        system=None,
        reply_to=None,
        client_id=body.client_id,
        created_at=now,
        updated_at=now,
        edited_at=None,
        deleted_at=None,
    )
    send(NewMessage(**dict(message)), MEMBERS[str(conversation_id)])
    return Sent(message, created=True)


vars(commands)["asend_message"] = asend_message
# Nor is anybody's session looked up.
consumers.ACTOR_AGE = float("inf")  # type: ignore[assignment]
