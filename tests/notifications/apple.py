"""Apple's side of HTTP/2, with the answers that a test gives it."""

import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Apple:
    """Answers 200 unless told otherwise."""

    context: ssl.SSLContext
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    received: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[plain], daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with self.context.wrap_socket(plain, server_side=True) as connection:
            assert connection.selected_alpn_protocol() == "h2"
            http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
            http.initiate_connection()
            connection.sendall(http.data_to_send())
            streams: dict[int, Request] = {}
            while data := connection.recv(65536):
                for event in http.receive_data(data):
                    self._handle(event, http, streams)
                connection.sendall(http.data_to_send())

    def _handle(self, event: Any, http: H2Connection, streams: dict[int, Request]) -> None:
        if isinstance(event, RequestReceived):
            headers = {str(name): str(value) for name, value in event.headers}
            streams[event.stream_id] = Request(headers[":path"], headers)
        elif isinstance(event, DataReceived):
            streams[event.stream_id].body += event.data
            http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self.received.append(streams.pop(event.stream_id))
            status, body = self.answers.pop(0) if self.answers else (200, {})
            http.send_headers(event.stream_id, [(":status", str(status))])
            http.send_data(event.stream_id, json.dumps(body).encode(), end_stream=True)
