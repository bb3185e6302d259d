"""Two people chat on a running server, by REST and by socket, and leave nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
from uuid import uuid4

from conversations.management.smoke import contract
from conversations.management.smoke.checklist import Abandoned, Checklist, Unexpected, require
from conversations.management.smoke.person import Json, Person

# The close code of a socket whose session was ended.
REVOKED = 4403
# How often, and after how many seconds each, is asked for what comes soon.
ATTEMPTS, BETWEEN_ATTEMPTS = 25, 0.2


class Script:
    """`one` writes to `other`. They may be on different server processes."""

    def __init__(self, checklist: Checklist, one: Person, other: Person) -> None:
        self.check = checklist.check
        self.skip = checklist.skip
        self.one, self.other = one, other
        self.conversation_id = 0
        self.sent: list[tuple[Person, int]] = []

    async def run(self) -> None:
        async with self.one.rest, self.other.rest:
            with contextlib.suppress(Abandoned):
                await self.check_contract()
                try:
                    await self.sign_in()
                    await self.chat()
                finally:
                    await self.clean_up()

    async def chat(self) -> None:
        await self.begin_conversation()
        await self.check_offline_delivery()
        with self.check("both open a socket", is_essential=True):
            await self.one.connect()
            await self.other.connect()
        await self.check_presence()
        await self.check_sending_by_rest()
        await self.check_sending_by_socket()
        await self.check_delivery()
        await self.check_typing()
        await self.check_reading()
        await self.check_lists()

    # --- Schema --------------------------------------------------------------------------------

    async def check_contract(self) -> None:
        with self.check("the schema has every endpoint", is_essential=True):
            schema = await self.one.get("/api/schema")
            for method, path in contract.ENDPOINTS:
                require(method in schema["paths"][path], f"{method.upper()} {path} is missing")
        with self.check("conversations and messages have their fields"):
            for name, fields in contract.FIELDS.items():
                properties = schema["components"]["schemas"][name]["properties"]
                for field in fields:
                    require(field in properties, f"{name} has no {field}")
        with self.check("the socket has every command and event"):
            described = (await self.one.get("/api/events"))["components"]["messages"]
            for name in (*contract.COMMANDS, *contract.EVENTS):
                require(name in described, f"{name} is missing")

    # --- Beginning -----------------------------------------------------------------------------

    async def sign_in(self) -> None:
        with self.check("two people sign in", is_essential=True):
            await self.one.sign_in()
            await self.other.sign_in()

    async def begin_conversation(self) -> None:
        with self.check("one finds the other among the contacts"):
            found = await self.one.get("/api/chat/contacts", search=self.other.name)
            ids = [contact["id"] for contact in found["contacts"]]
            require(self.other.id in ids, f"{self.other.name} is not there")
        with self.check("their conversation is made once", is_essential=True):
            body = {"targetUserId": self.other.id}
            first = await self.one.post("/api/chat/conversations", body)
            again = await self.one.post("/api/chat/conversations", body, status=200)
            require(first["id"] == again["id"], "a second one was made")
            self.conversation_id = first["id"]

    async def check_offline_delivery(self) -> None:
        sentence = "a message to somebody offline waits, and is announced"
        presence = await self.one.get(f"/api/chat/online-status/{self.other.id}")
        if presence["isOnline"]:
            self.skip(sentence, f"{self.other.name} is online somewhere else")
            return
        with self.check(sentence):
            message = await self.send("While you were away")
            announced = await self.soon_announced()
            require(announced, "there is no notification")
            require(announced[0]["messageId"] == message["id"], "it is of another message")
            count = await self.other.get("/api/notifications/unread-count")
            require(count["unreadCount"] > 0, "the count is zero")

    # --- Live ----------------------------------------------------------------------------------

    async def check_presence(self) -> None:
        with self.check("both are seen online"):
            for viewer, subject in ((self.one, self.other), (self.other, self.one)):
                shape = await viewer.get(f"/api/chat/online-status/{subject.id}")
                require(shape["isOnline"], f"{subject.name} is offline to {viewer.name}")

    async def check_sending_by_rest(self) -> None:
        with self.check("a message sent by REST arrives by socket"):
            message = await self.send("Sent by REST")
            await self.other.socket.hear("newMessage", id=message["id"], content="Sent by REST")
        with self.check("sending it again changes nothing"):
            body = {"content": "Sent by REST", "clientId": message["clientId"]}
            again = await self.one.post(self.path("/messages"), body, status=200)
            require(again["id"] == message["id"], "it was stored twice")
        with self.check("it is not read yet"):
            require(message["isRead"] is False, "isRead is not false")
            require(message["readAt"] is None, "readAt is not null")

    async def check_sending_by_socket(self) -> None:
        with self.check("a message sent by socket is acknowledged, stored and delivered"):
            answer = await self.other.socket.ask(
                "sendMessage",
                conversationId=self.conversation_id,
                content="Sent by socket",
                clientId=str(uuid4()),
            )
            message = answer["data"]
            self.sent.append((self.other, message["id"]))
            await self.one.socket.hear("newMessage", id=message["id"], content="Sent by socket")
            stored = await self.stored(self.one, message["id"])
            require(stored["seq"] == message["seq"], "it is stored under another number")

    async def check_delivery(self) -> None:
        with self.check("the sender is told of the delivery"):
            message = await self.send("Did you get this?")
            await self.other.socket.ask(
                "markMessagesAsDelivered",
                conversationId=self.conversation_id,
                upToSeq=message["seq"],
            )
            await self.one.socket.hear(
                "messageDelivered", userId=self.other.id, upToSeq=message["seq"]
            )

    async def check_typing(self) -> None:
        with self.check("typing is seen, and that it stopped"):
            for is_typing in (True, False):
                await self.other.socket.tell(
                    "typing", conversationId=self.conversation_id, isTyping=is_typing
                )
                await self.one.socket.hear("userTyping", userId=self.other.id, isTyping=is_typing)

    async def check_reading(self) -> None:
        with self.check("unread messages are counted"):
            message = await self.send("One more")
            require(await self.unread_count() >= 1, "the count is zero")
        with self.check("reading by socket is told to the sender, with the time"):
            await self.other.socket.ask("markMessagesAsRead", conversationId=self.conversation_id)
            await self.one.socket.hear("messagesRead", userId=self.other.id, upToSeq=message["seq"])
            stored = await self.stored(self.one, message["id"])
            require(stored["isRead"] is True, "isRead is not true")
            require(stored["readAt"], "readAt is missing")
        with self.check("reading by REST is told to the sender"):
            message = await self.send("And the last")
            await self.other.patch(self.path("/read"))
            await self.one.socket.hear("messagesRead", userId=self.other.id, upToSeq=message["seq"])
        with self.check("then nothing is unread, and nothing announced"):
            require(await self.unread_count() == 0, "the count is not zero")
            require(not await self.announced(), "a notification is left")

    async def check_lists(self) -> None:
        with self.check("the conversation leads the list, by REST and by socket"):
            by_rest = await self.one.get("/api/chat/conversations")
            by_socket = (await self.one.socket.ask("getConversations"))["data"]
            for page in (by_rest, by_socket):
                first = page["conversations"][0]
                require(first["id"] == self.conversation_id, "another one is first")
                last = first["lastMessage"]["createdAt"]
                require(first["lastMessageAt"] == last, "lastMessageAt is of another message")
        with self.check("the conversation opens by socket"):
            loaded = await self.one.socket.ask(
                "getOrCreateConversation", targetUserId=self.other.id
            )
            require(loaded["event"] == "conversationLoaded", f"{loaded['event']} was the answer")
            opened = loaded["data"]["conversation"]["id"]
            require(opened == self.conversation_id, "another one opened")

    # --- Leaving nothing behind ----------------------------------------------------------------

    async def clean_up(self) -> None:
        if self.sent:
            with self.check("the messages of this test are deleted for everyone"):
                for sender, message_id in self.sent:
                    path = self.path(f"/messages/{message_id}")
                    tombstone = await sender.request("DELETE", path)
                    require(tombstone["content"] == "", "a deleted message has content")
        for person in (self.one, self.other):
            if person.id:
                await self.sign_out(person)

    async def sign_out(self, person: Person) -> None:
        with self.check(f"{person.name} signs out, which works at once"):
            await person.request("POST", "/api/auth/logout")
            await person.request("GET", "/api/auth/me", status=401)
            if person.is_connected:
                code = await person.socket.close_code()
                require(code == REVOKED, f"the socket was closed with {code}")

    # --- In other words ------------------------------------------------------------------------

    def path(self, rest: str) -> str:
        return f"/api/chat/conversations/{self.conversation_id}{rest}"

    async def send(self, content: str) -> Json:
        """By REST, from one to the other."""
        body = {"content": content, "clientId": str(uuid4())}
        message: Json = await self.one.post(self.path("/messages"), body, status=201)
        self.sent.append((self.one, message["id"]))
        return message

    async def stored(self, reader: Person, message_id: int) -> Json:
        page = await reader.get(self.path("/messages"))
        for message in page["messages"]:
            if message["id"] == message_id:
                found: Json = message
                return found
        raise Unexpected("the message is not in the history")

    async def unread_count(self) -> int:
        """Of the other."""
        conversation = await self.other.get(self.path(""))
        count: int = conversation["unreadCount"]
        return count

    async def soon_announced(self) -> list[Json]:
        """Who sends is answered first, and notified is who is away right after."""
        for _attempt in range(ATTEMPTS):
            if found := await self.announced():
                return found
            await asyncio.sleep(BETWEEN_ATTEMPTS)
        return []

    async def announced(self) -> list[Json]:
        """To the other, of this conversation, and not read yet."""
        page = await self.other.get("/api/notifications")
        return [
            each
            for each in page["notifications"]
            if each["conversationId"] == self.conversation_id and not each["isRead"]
        ]
