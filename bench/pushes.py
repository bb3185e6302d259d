"""How fast one push worker is: from one message to a push on every device of those who are away.

    python -m bench.pushes DEVICES        in the environment of a Parley whose database is empty

The push service is a process of its own, which speaks TLS and takes whatever comes. Printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Session, User  # noqa: E402
from chatproject.events import NewMessageBody  # noqa: E402
from conversations.models import Participant  # noqa: E402
from conversations.pusher import PusherThread  # noqa: E402
from conversations.services.announcing import announce_due  # noqa: E402
from conversations.services.conversations import create_group  # noqa: E402
from conversations.services.messages import send_message  # noqa: E402
from notifications.management.commands.make_push_keys import new_private_key  # noqa: E402
from notifications.models import OutboxEntry, PushDelivery, PushSubscription  # noqa: E402
from tests.cast import organization, person  # noqa: E402
from tests.notifications.push_service import closed_port, tls_context, unpadded  # noqa: E402

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
CHUNK = 1000


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory, port = Path(name), closed_port()
        serving = multiprocessing.get_context("fork").Process(
            target=serve, args=[directory, port], daemon=True
        )
        serving.start()
        wait_for(directory / "ca.pem")
        os.environ["SSL_CERT_FILE"] = str(directory / "ca.pem")
        settings.PUSH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
        settings.PUSH_GRACE_SECONDS = 0
        print(json.dumps(measure(count, f"https://127.0.0.1:{port}/push")))
        serving.terminate()


def measure(count: int, address: str) -> dict[str, Any]:
    alice, conversation_id = crowd(count, address)
    settings.VAPID_PRIVATE_KEY = new_private_key()
    statements, seconds = sending(alice, conversation_id)
    began = time.perf_counter()
    announce_due(now=timezone.now())
    announced = time.perf_counter()
    pusher = PusherThread()
    pusher.start()
    while PushDelivery.objects.filter(state__in=["waiting", "sending"]).exists():
        time.sleep(0.05)
    ended = time.perf_counter()
    pusher.stop()
    sent = PushDelivery.objects.filter(state="sent").count()
    return {
        "database": connection.vendor,
        "devices": count,
        "sent": sent,
        "statements_added_to_the_send": statements,
        "send_ms": round(1000 * seconds, 1),
        "decided_per_second": round(count / (announced - began)),
        "pushes_per_second": round(sent / (ended - announced)),
    }


def sending(alice: User, conversation_id: int) -> tuple[int, float]:
    body = NewMessageBody(content="Is anybody there?")
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        send_message(actor=alice, conversation_id=conversation_id, body=body)
    ours = [each for each in queries if OutboxEntry._meta.db_table in each["sql"]]
    return len(ours), time.perf_counter() - began


def crowd(count: int, address: str) -> tuple[User, int]:
    """One who writes, and so many in the same group with a browser each."""
    home = organization("Pushes")
    alice = person("Alice", home)
    people = User.objects.bulk_create(
        [
            User(organization=home, email=f"person{n}@pushes.example", display_name=f"Person {n}")
            for n in range(count)
        ],
        batch_size=CHUNK,
    )
    sessions = Session.objects.bulk_create(
        [Session(user=each, kind="browser", label="bench") for each in people], batch_size=CHUNK
    )
    keys = browser_keys()
    PushSubscription.objects.bulk_create(
        [
            PushSubscription(
                user=each.user, session=each, kind="web", endpoint=f"{address}/{each.pk}", **keys
            )
            for each in sessions
        ],
        batch_size=CHUNK,
    )
    place = create_group(actor=alice, title="Everybody", member_ids=[])
    Participant.objects.bulk_create(
        [Participant(conversation_id=place.conversation_id, user=each) for each in people],
        batch_size=CHUNK,
    )
    OutboxEntry.objects.all().delete()
    return alice, place.conversation_id


def browser_keys() -> dict[str, str]:
    # The point of the curve's generator: a public key like any other.
    point = "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"  # noqa: E501
    return {"p256dh": unpadded(bytes.fromhex(point)), "auth": unpadded(b"sixteen octets..")}


# --- The push service --------------------------------------------------------------------------


def serve(directory: Path, port: int) -> None:
    asyncio.run(_serve(directory, port))


async def _serve(directory: Path, port: int) -> None:
    server = await asyncio.start_server(
        _answer, "127.0.0.1", port, ssl=tls_context(directory), backlog=512
    )
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            writer.write(CREATED)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 20
    while not file.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("The push service did not start.")
        time.sleep(0.05)
    time.sleep(0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
