"""A push service that takes whatever comes, over TLS, and counts what came for whom.

    python -m bench.applications.push_service DIRECTORY PORT

Whom to trust is then `DIRECTORY/ca.pem`. `GET /begin` forgets what came, `GET /told` tells it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from pathlib import Path
from time import time
from typing import Any

from tests.notifications.push_service import tls_context

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


class Log:
    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.pushes: Counter[bytes] = Counter()
        self.first = self.last = 0.0

    def note(self, path: bytes) -> None:
        self.last = time()
        self.first = self.first or self.last
        self.pushes[path] += 1

    def told(self) -> dict[str, Any]:
        return {
            "pushes": self.pushes.total(),
            "devices": len(self.pushes),
            "first": self.first,
            "last": self.last,
        }


async def serve(directory: Path, port: int) -> None:
    log = Log()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                writer.write(answer_to(*(await request(reader)), log))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(
        answer, "127.0.0.1", port, ssl=tls_context(directory), backlog=512
    )
    await server.serve_forever()


async def request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    method, path, _rest = head.split(b" ", 2)
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return method, path


def answer_to(method: bytes, path: bytes, log: Log) -> bytes:
    if method == b"POST":
        log.note(path)
        return CREATED
    if path == b"/begin":
        log.begin()
    body = json.dumps(log.told()).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
