"""Where the socket's work with the database is done: a bounded number of threads beside the event loop.

Not asgiref's "sensitive" thread, in which everything of a process would wait for everything else.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")

POOL = ThreadPoolExecutor(settings.SOCKET_THREADS, thread_name_prefix="socket")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    call = database_sync_to_async(function, thread_sensitive=False, executor=POOL)
    result: R = await call(*args, **kwargs)
    return result
