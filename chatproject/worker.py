"""The embedded profile's task worker: the same as `manage.py db_worker`, as a thread of the server."""

import logging
import threading
from uuid import uuid4

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

logger = logging.getLogger(__name__)

POLL_INTERVAL = 1
RETRY_INTERVAL = 2
STOP_TIMEOUT = 5


class WorkerThread:
    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)
        self._worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=POLL_INTERVAL,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=uuid4().hex,
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """A task that takes longer than this is picked up again by whoever reaps dead workers' tasks."""
        self._stopping.set()
        self._worker.running = False
        self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._worker.run()
            except Exception:
                # A pause of the database, most likely: it must not be the end of all background work.
                logger.exception("The task worker stumbled; it goes on in a moment.")
                self._stopping.wait(RETRY_INTERVAL)
        close_old_connections()
