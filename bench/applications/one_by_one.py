"""The product, but each message is a transaction of its own, by the ORM, in a pool of threads."""

from chatproject.asgi import application
from chatproject.threads import in_thread
from conversations import commands
from conversations.services import messages

__all__ = ["application"]


async def asend_message(**arguments: object) -> messages.Sent:
    return await in_thread(messages.send_message, **arguments)  # type: ignore[arg-type]


vars(commands)["asend_message"] = asend_message
