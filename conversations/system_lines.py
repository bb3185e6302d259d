"""System lines in their reader's words. static/js/models/system-lines.js says the same in the browser."""

from chatproject.events import MessageShape, SystemLine
from conversations.sentences import listing, sentence


def system_text(message: MessageShape, *, viewer_id: int) -> str:
    line = message.system
    if line is None:
        return ""
    name = ".".join(
        part
        for part in (
            line.event,
            line.role if line.event == "roleChanged" else None,
            line.who_may_post,
            "own" if message.sender_id == viewer_id else None,
        )
        if part
    )
    return sentence(
        name,
        actor=message.sender.display_name,
        names=listing(_names(line, viewer_id)),
        title=line.title or "",
    )


def _names(line: SystemLine, viewer_id: int) -> list[str]:
    return [
        sentence("names.you") if user_id == viewer_id else name
        for user_id, name in zip(line.user_ids, line.names, strict=True)
    ]
