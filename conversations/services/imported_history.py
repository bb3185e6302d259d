"""Messages that were said elsewhere, or before: the one way by which they come in, whatever they come from.

What is set here at once is what the other services build up step by step: numbers without gaps, versions,
pointers with the receipts that moved them, the conversation's last message. `check_integrity` holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatproject.as_given import insert_as_given
from conversations.models import Conversation, Message


def insert_messages(
    *, conversation: Conversation, messages: Sequence[Message], replies: Mapping[int, int]
) -> None:
    """With the numbers and versions that they have; `replies` says which seq answers which."""
    insert_as_given(messages)
    if not replies:
        return
    answered = Message.objects.filter(conversation=conversation, seq__in=set(replies.values()))
    ids = dict(answered.values_list("seq", "pk"))
    replying = [message for message in messages if message.seq in replies]
    for message in replying:
        message.reply_to_id = ids[replies[message.seq]]
    Message.objects.bulk_update(replying, ["reply_to"], batch_size=500)
