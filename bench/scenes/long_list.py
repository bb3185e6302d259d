"""Somebody with many conversations, a third of them groups, and a colleague who writes in the last one."""

from __future__ import annotations

from typing import Any

from bench.scenes.conversations import directs
from bench.scenes.history import settle_statistics, write_history
from bench.scenes.people import people
from chatproject.events import NewMessageBody
from conversations.services.conversations import create_group
from conversations.services.messages import send_message


def make(*, conversations: int) -> dict[str, Any]:
    reader, writer, *others = people(2 + conversations)
    groups = [
        create_group(actor=reader, title=f"Group {number}", member_ids=[other.pk, writer.pk])
        for number, other in enumerate(others[::3])
    ]
    for place in groups:
        body = NewMessageBody(content="Shall we begin?")
        send_message(actor=writer, conversation_id=place.conversation_id, body=body)
    talks = directs((reader, other) for other in others[: conversations - len(groups) - 1])
    write_history(talks, messages=60)
    (last,) = directs([(reader, writer)])
    write_history([last], messages=60)
    settle_statistics()
    return {"reader": reader.email, "writer": writer.email, "name": reader.display_name}
