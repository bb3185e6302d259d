"""daphne, with our defaults and good manners. Its own command line: `bin/serve -b HOST -p PORT …`

daphne speaks no lifespan, and on SIGTERM cuts its sockets without a word. This one starts and stops the
application's background work, and says goodbye: no new connections, sockets closed with 1012 (come
back), running requests finished, then the end.
"""

import asyncio
import logging
import random
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory
from daphne.server import Server, twisted_loop
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IListeningPort
from twisted.python.failure import Failure

from chatproject.backpressure import write_at_once
from chatproject.close_codes import CloseCode

logger = logging.getLogger(__name__)

# Sockets are closed a few at a time, so that their owners do not all come back in the same instant.
CLOSES_PER_SECOND = 1000
MAX_SPREAD = 5
DRAIN_TIMEOUT = 10

DEFAULTS = [
    # The logs of chatproject/logs.py say what is needed; daphne's access log has query strings.
    "--verbosity=0",
    # A silent network drop is noticed after 42 seconds, of 60 until nobody is told to be online who is not. A
    # ping is most of what an idle socket costs. And 24 hours are no reason to hang up.
    "--ping-interval=20",
    "--ping-timeout=20",
    "--websocket_timeout=-1",
    # Well above the 64 KiB of a frame that the consumer refuses with a typed error.
    "--websocket-max-message-size=262144",
    "--websocket-max-frame-size=262144",
    "--no-server-name",
]


class PoliteServer(Server):
    def run(self) -> None:
        self.ports: list[IListeningPort] = []
        self.lifespan = Lifespan(self.application)
        twisted_loop.run_until_complete(self.lifespan.startup())
        WebSocketFactory.protocol = PoliteSocket
        # Twisted would write a line for each request, which nobody reads, beside ours (chatproject/logs.py).
        HTTPFactory.log = say_nothing
        super().run()

    def listen_success(self, port: IListeningPort) -> None:
        self.ports.append(port)
        super().listen_success(port)

    def kill_all_applications(self) -> "Deferred[None]":
        """The hook that daphne runs before its reactor stops; we ask first and kill what is left."""
        drained: Deferred[None] = Deferred.fromFuture(asyncio.ensure_future(self.drain()))
        drained.addErrback(report)
        drained.addCallback(lambda _: super(PoliteServer, self).kill_all_applications())
        return drained

    async def drain(self) -> None:
        for port in self.ports:
            port.stopListening()  # type: ignore[misc]
        await self.close_sockets()
        # Or else their polls would be waited for.
        await self.lifespan.state["part_from_polls"]()
        await self.finish_running()
        await self.lifespan.shutdown()

    async def close_sockets(self) -> None:
        sockets = [each for each in self.connections if isinstance(each, WebSocketProtocol)]
        random.shuffle(sockets)
        pause = min(1 / CLOSES_PER_SECOND, MAX_SPREAD / max(len(sockets), 1))
        for socket in sockets:
            if socket.state == socket.STATE_OPEN:
                socket.serverClose(code=CloseCode.RESTARTING)
            elif socket.state == socket.STATE_CONNECTING:
                socket.serverReject()
            await asyncio.sleep(pause)

    async def finish_running(self) -> None:
        running = [
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details
        ]
        if running:
            await asyncio.wait(running, timeout=DRAIN_TIMEOUT)


class PoliteSocket(WebSocketProtocol):
    def serverClose(self, code: int | None = None) -> None:
        # autobahn's sendClose takes plain integers only, and refuses what is registered for servers.
        if code in (CloseCode.INTERNAL_ERROR, CloseCode.RESTARTING):
            self.sendCloseFrame(code=int(code))
        else:
            super().serverClose(None if code is None else int(code))

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        # Pings too, of all sockets, are most of what thousands of idle ones cost.
        if sync or chopsize or self.send_queue:
            super().sendData(data, sync=sync, chopsize=chopsize)
        else:
            write_at_once(self.transport, data)


def say_nothing(_factory: HTTPFactory, _request: Any) -> None: ...


def report(failure: Failure) -> None:
    logger.error("Could not end politely", exc_info=failure.value)


class Lifespan:
    """The server's side of ASGI lifespan."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def startup(self) -> None:
        # Where the application leaves what its server should know.
        self.state: dict[str, Callable[[], Awaitable[None]]] = {}
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        self.running = asyncio.ensure_future(
            self.application(scope, self.inbox.get, self.outbox.put)
        )
        await self.tell("startup")

    async def shutdown(self) -> None:
        await self.tell("shutdown")
        await self.running

    async def tell(self, phase: str) -> None:
        self.inbox.put_nowait({"type": f"lifespan.{phase}"})
        answer = asyncio.ensure_future(self.outbox.get())
        await asyncio.wait([answer, self.running], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            self.running.result()
            raise RuntimeError(f"The application ended during {phase}.")
        if answer.result()["type"] != f"lifespan.{phase}.complete":
            raise RuntimeError(f"The application reports: {answer.result()}")


class PoliteCommandLine(CommandLineInterface):
    server_class = PoliteServer


if __name__ == "__main__":
    PoliteCommandLine().run([*DEFAULTS, "chatproject.asgi:application", *sys.argv[1:]])
