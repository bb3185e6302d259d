"""Doing the same many times at once, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(*jobs: Callable[[], Result]) -> list[Result]:
    """The test needs `django_db(transaction=True)`, or the threads would not see its rows."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Result]) -> Result:
        try:
            start.wait(timeout=30)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
