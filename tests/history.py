"""A long past for a conversation, written set-wise: nobody waits for ten thousand sends."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from conversations.models import Conversation, Message

BATCH = 2_000
APART = timedelta(minutes=7)


def write_history(conversation_id: int, *, count: int) -> None:
    """`Message 1`, `Message 2`, … by its members in turn; all of them have read everything."""
    conversation = Conversation.objects.get(pk=conversation_id)
    members = list(conversation.participants.values_list("user_id", flat=True))
    first, began = conversation.last_seq + 1, timezone.now() - APART * count
    Message.objects.bulk_create(
        (
            Message(
                conversation=conversation,
                seq=first + number,
                version=conversation.version + number + 1,
                sender_id=members[number // 3 % len(members)],
                client_id=uuid4(),
                content=f"Message {first + number}" + number % 4 * "\nand more",
                created_at=began + APART * number,
            )
            for number in range(count)
        ),
        batch_size=BATCH,
    )
    _move_to_the_end(conversation)


def _move_to_the_end(conversation: Conversation) -> None:
    last = conversation.messages.latest("seq")
    conversation.last_message = last
    conversation.last_seq, conversation.version = last.seq, last.version
    conversation.last_message_at = conversation.last_activity_at = last.created_at
    conversation.save()
    conversation.participants.update(
        delivered_seq=last.seq, read_seq=last.seq, private_read_seq=last.seq
    )
