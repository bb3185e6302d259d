"""The three doors: http for pages, admin and REST; websocket for the chat; lifespan for our threads."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
http = get_asgi_application()

# Only now, since models can be imported only after Django is set up.
from chatproject.lifespan import lifespan  # noqa: E402


async def refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """No socket is served at this address."""
    await receive()
    await send({"type": "websocket.close"})


application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": URLRouter([re_path("", refuse)]),  # type: ignore[arg-type]
        "lifespan": lifespan,
    }
)
