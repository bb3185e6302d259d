"""From frames of our socket to packets of Socket.IO, and back. The same names, the same data.

A whole message of Engine.IO begins with its 4; then comes a packet of Socket.IO: 0 connect, 1 disconnect,
2 event, 3 acknowledgement, 4 refused. A frame's `id` is the number of the acknowledgement that is waited for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from engineio.exceptions import EngineIOError
from socketio.packet import BINARY_EVENT, CONNECT, EVENT, Packet

from chatproject.events import COMMANDS
from chatproject.wire import Frame
from conversations.commands import answers_of

# Said in a client's name, so that its answer is nobody's.
CONFIRMING = "markMessagesAsDelivered"
CONFIRMATION = "confirmation"


class Malformed(EngineIOError):
    """This client does not speak Socket.IO. It is cut off."""


class StrictJson:
    """For the library, whose own takes NaN, and overflows the stack where somebody nests deeply enough."""

    loads = staticmethod(orjson.loads)

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return orjson.dumps(value).decode()


class StrictPacket(Packet):
    json = StrictJson


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that stands in an event."""

    conversation_id: int
    seq: int
    sender_id: int


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of a client as a frame, and what acknowledges it at once if it has no other answer."""

    frame: str
    command: str = ""
    acknowledgement: Frame | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A frame as clients of Socket.IO get it. Without a message, it is not for them."""

    message: Frame | None
    seen: tuple[Seen, ...]
    # What `connected` tells.
    greeting: dict[str, Any] | None


def told(frame: Frame) -> Told:
    """Translated once for all who get it."""
    found = vars(frame).get("_told")
    if found is None:
        vars(frame)["_told"] = found = _translated(orjson.loads(frame.text))
    return found


def _translated(content: dict[str, Any]) -> Told:
    name, data, answer_to = content["event"], content["data"], content.get("id")
    if answer_to == CONFIRMATION:
        message = None
    elif answer_to is None:
        message = event(name, data)
    else:
        message = Frame(f"43{answer_to}" + StrictJson.dumps([data]))
    return Told(message, tuple(_seen(name, data)), data if name == "connected" else None)


def _seen(name: str, data: dict[str, Any]) -> Iterator[Seen]:
    match name:
        case "newMessage":
            messages = [data]
        case "messagesLoaded" | "conversationLoaded":
            messages = data["messages"]
        case _:
            return
    for message in messages:
        yield Seen(message["conversationId"], message["seq"], message["senderId"])


def event(name: str, data: dict[str, Any]) -> Frame:
    return Frame("42" + StrictJson.dumps([name, data]))


def welcome(sid: str) -> Frame:
    return Frame("40" + StrictJson.dumps({"sid": sid}))


def refusal(reason: str, **data: Any) -> Frame:
    return Frame("44" + StrictJson.dumps({"message": reason, "data": {"code": reason, **data}}))


FAREWELL = Frame("41")


# --- From the client ---------------------------------------------------------------------------


def credentials(text: str) -> Any:
    """What a packet that connects brings along, which is whatever its client likes."""
    try:
        packet = StrictPacket(encoded_packet=text)
    except ValueError as error:
        raise Malformed from error
    if packet.packet_type != CONNECT or packet.namespace not in (None, "/"):
        raise Malformed
    return packet.data


def heard(text: str) -> Heard:
    """What is no event is handed on as it is: the chat says what is wrong with it."""
    try:
        packet = StrictPacket(encoded_packet=text)
    except ValueError:
        return Heard(text)
    if packet.packet_type not in (EVENT, BINARY_EVENT) or packet.namespace not in (None, "/"):
        raise Malformed
    match packet.data:
        case [str(name), *arguments]:
            return _heard(name, _data(arguments), packet.id)
    return Heard(text)


def _heard(name: str, data: Any, number: int | None) -> Heard:
    frame = {"event": name, "data": data}
    if number is None:
        return Heard(StrictJson.dumps(frame), name)
    command = COMMANDS.get(name)
    if command and not answers_of(command):
        return Heard(StrictJson.dumps(frame), name, Frame(f"43{number}[{{}}]"))
    return Heard(StrictJson.dumps({**frame, "id": str(number)}), name)


def confirmation(conversation_id: int, seq: int) -> str:
    data = {"conversationId": conversation_id, "upToSeq": seq}
    return StrictJson.dumps({"event": CONFIRMING, "data": data, "id": CONFIRMATION})


def _data(arguments: list[Any]) -> Any:
    match arguments:
        case [] | [None]:
            return {}
        case [data]:
            return data
    return arguments
