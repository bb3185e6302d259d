"""One message tried by REST and by socket at once: whichever comes first, all get one answer."""

import asyncio
from uuid import uuid4

from chatproject.threads import in_thread
from conversations.models import Message
from tests.realtime.conftest import Frame

DEVICES = 10


async def test_20_sends_of_one_client_id_are_one_message(connect, api, alice, direct) -> None:
    body = {"content": "Hello", "clientId": str(uuid4())}
    path = f"/api/chat/conversations/{direct.conversation_id}/messages"
    sockets = [await connect(alice) for _ in range(DEVICES)]
    apps = [await in_thread(api, alice) for _ in range(DEVICES)]

    async def by_socket(socket) -> Frame:
        frame: Frame = await socket.ask(
            "sendMessage", {**body, "conversationId": direct.conversation_id}
        )
        assert frame["event"] == "messageSent", frame
        return frame["data"]

    async def by_rest(app) -> Frame:
        response = await in_thread(app.post, path, body)
        assert response.status_code in (200, 201), response.content
        return response.json()

    answers = await asyncio.gather(*map(by_socket, sockets), *map(by_rest, apps))
    assert len(answers) == 2 * DEVICES
    assert all(answer == answers[0] for answer in answers)
    assert await in_thread(Message.objects.count) == 1
