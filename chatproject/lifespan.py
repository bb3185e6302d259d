"""What begins and ends with the server process, told to us by the ASGI lifespan protocol."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings

from chatproject.courier import CourierThread
from chatproject.socket_io.engine import ENGINE
from chatproject.worker import WorkerThread
from conversations.caretaker import Caretaker
from conversations.pusher import Pusher
from conversations.writer import Writer
from integrations.teller import Teller

Message = dict[str, Any]


async def lifespan(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    await receive()
    # At once, not with the first socket: what REST publishes goes through the hub too.
    caretaker = await Caretaker.running()
    workers: list[WorkerThread | CourierThread] = []
    if settings.TASKS_IN_PROCESS:
        workers = [WorkerThread(), CourierThread(Pusher()), CourierThread(Teller())]
    for worker in workers:
        worker.start()
    writer = Writer.running()
    # For bin/serve, which calls it before it waits for running requests. Others wait for the next ping.
    scope.setdefault("state", {})["part_from_polls"] = ENGINE.part
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await ENGINE.part()
    # What was taken is written, and told, before those end who tell it.
    await writer.stop()
    await caretaker.stop()
    await caretaker.hub.stop()
    for worker in workers:
        await sync_to_async(worker.stop, thread_sensitive=False)()
    await send({"type": "lifespan.shutdown.complete"})
