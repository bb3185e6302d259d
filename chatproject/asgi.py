"""The doors: http for pages, admin, REST; websocket for the chat; both for Socket.IO; lifespan."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup(set_prefix=False)

# Only now, since models can be imported only after Django is set up.
from chatproject.backpressure import with_back_pressure  # noqa: E402
from chatproject.http import HttpDoor  # noqa: E402
from chatproject.lifespan import lifespan  # noqa: E402
from chatproject.socket_io.engine import ENGINE  # noqa: E402
from conversations.consumers import ChatConsumer  # noqa: E402


async def refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """No socket is served at this address."""
    await receive()
    await send({"type": "websocket.close"})


pages = HttpDoor()


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    door = ENGINE if scope["path"] in ("/socket.io", "/socket.io/") else pages
    await door(scope, receive, send)


sockets = URLRouter(
    [
        re_path(r"^socket\.io/?$", ENGINE),
        re_path(r"^ws/chat/?$", ChatConsumer.as_asgi()),
        re_path("", refuse),  # type: ignore[arg-type]
    ]
)
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": with_back_pressure(sockets),
        "lifespan": lifespan,
    }
)
