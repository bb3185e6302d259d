"""One message into a group, when, and how many statements it took until everybody was noted."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import User
from chatproject.events import NewMessageBody
from conversations.services.messages import send_message


def make(*, sender: int, group: int, with_push: bool = True) -> dict[str, float]:
    actor = User.objects.get(pk=sender)
    body = NewMessageBody(content="Is anybody there?")
    with (
        override_settings(**({} if with_push else {"VAPID_PRIVATE_KEY": ""})),
        CaptureQueriesContext(connection) as queries,
    ):
        sent = send_message(actor=actor, conversation_id=group, body=body)
    return {"at": sent.message.created_at.timestamp(), "statements": len(queries)}
