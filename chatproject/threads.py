"""Where the socket's work with the database is done: a bounded number of threads beside the event loop.

Not asgiref's "sensitive" thread, in which everything of a process would wait for everything else.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import reset_queries

P = ParamSpec("P")
R = TypeVar("R")

POOL = ThreadPoolExecutor(settings.SOCKET_THREADS, thread_name_prefix="socket")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    def call() -> R:
        # With DEBUG each connection remembers thousands of queries until a request comes. Here none does.
        reset_queries()
        return function(*args, **kwargs)

    result: R = await database_sync_to_async(call, thread_sensitive=False, executor=POOL)()
    return result
