from collections.abc import Collection

from conversations.models import Message
from notifications.services import notify_new_messages


def notify_new_message(*, message: Message, recipient_ids: Collection[int]) -> None:
    place = message.conversation_id
    notify_new_messages(news={(place, user_id): [message] for user_id in recipient_ids})
