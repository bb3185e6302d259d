"""A cable between a client and a server that a test can cut, mend, and make deaf in one direction."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator

CHUNK = 65536
ROUND = 0.05


class Cable:
    """Forwards bytes in a thread of its own, as the network does; the test pulls the plug."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_cut = threading.Event()
        self.holds_answers = threading.Event()
        self.is_over = threading.Event()
        # Both ends of each connection, by either end.
        self._others: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def cut(self) -> None:
        """Open connections break, and new ones are refused."""
        self.is_cut.set()

    @property
    def is_in_use(self) -> bool:
        return bool(self._others)

    def hold_answers(self) -> None:
        """What clients say arrives; what the server answers does not."""
        self.holds_answers.set()

    def mend(self) -> None:
        self.holds_answers.clear()
        self.is_cut.clear()

    def _run(self) -> None:
        while not self.is_over.is_set():
            for key, _events in self._selector.select(ROUND):
                end = key.fileobj
                assert isinstance(end, socket.socket)
                if end is self.listener:
                    self._accept()
                elif end in self._others:
                    self._forward(end)
            if self.is_cut.is_set():
                self._break_all()
        self._break_all()
        self.listener.close()

    def _accept(self) -> None:
        client, _address = self.listener.accept()
        if self.is_cut.is_set():
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            client.close()
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            self._others[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, end: socket.socket) -> None:
        if self.holds_answers.is_set() and end not in self._clients:
            # Not read and not lost: it waits, as in a queue of the network.
            self.is_over.wait(ROUND / 10)
            return
        try:
            data = end.recv(CHUNK)
            if data:
                self._others[end].sendall(data)
        except OSError:
            data = b""
        if not data:
            self._break(end)

    def _break(self, end: socket.socket) -> None:
        other = self._others.pop(end)
        del self._others[other]
        for one in (end, other):
            self._selector.unregister(one)
            self._clients.discard(one)
            one.close()

    def _break_all(self) -> None:
        while self._others:
            self._break(next(iter(self._others)))


@contextlib.contextmanager
def cable_to(url: str) -> Iterator[Cable]:
    cable = Cable(int(url.rpartition(":")[2]))
    cable._thread.start()
    try:
        yield cable
    finally:
        cable.is_over.set()
        cable._thread.join(5)
