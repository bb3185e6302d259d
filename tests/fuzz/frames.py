"""Frames that nobody thought of: any bytes at all, and commands that are nearly right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from chatproject.asyncapi import asyncapi_document
from chatproject.events import COMMANDS

PATIENCE = 30
# So many at a time, then one that is right: what waits on the other side is bounded.
GULP = 50
RIGHT = "getConversations"

Frame = str | bytes

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 20)
    | st.floats()
    | st.text()
    | st.sampled_from(["12", "-1", "1e3", "\0", "\ud800", "9" * 40]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def examples() -> list[dict[str, Any]]:
    """Of every command, as we document it."""
    messages = asyncapi_document()["components"]["messages"]
    return [messages[name]["examples"][0]["payload"] for name in sorted(COMMANDS)]


@st.composite
def nearly_right(draw: st.DrawFn) -> str:
    """A command with one field or two that are something else, missing, or too much."""
    frame = deepcopy(draw(st.sampled_from(examples())))
    for _ in range(draw(st.integers(0, 2))):
        place = frame if draw(st.integers(0, 4)) == 0 else frame["data"]
        if not isinstance(place, dict):
            continue
        name = draw(st.sampled_from(sorted(place) or ["data"]) | st.text(max_size=5))
        if draw(st.integers(0, 4)) == 0:
            place.pop(name, None)
        else:
            place[name] = draw(values)
        frame.setdefault("data", {})
    return json.dumps(frame)


any_frames = st.one_of(
    nearly_right(), nearly_right(), values.map(json.dumps), st.text(), st.binary()
)


def invented(count: int, *, by: int | None = None) -> list[Frame]:
    """Others each time, unless one says `by` which number."""
    frames: list[Frame] = []

    @settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(any_frames)
    def invent(frame: Frame) -> None:
        frames.append(frame)

    (invent if by is None else seed(by)(invent))()
    return frames


@dataclass
class Outcome:
    """What became of the frames of one person."""

    sent: int = 0
    # Answers by their event; of refusals by their type.
    answers: Counter[str] = field(default_factory=Counter)
    closes: Counter[int] = field(default_factory=Counter)

    @property
    def is_fine(self) -> bool:
        return not self.closes and not self.answers["server_error"]


def send_all(url: str, token: str, frames: Sequence[Frame]) -> Outcome:
    """On one socket after the other, should any of them be closed."""
    outcome = Outcome()
    waiting = _gulps(frames)
    while gulp := next(waiting, None):
        with _connected(url, token) as socket:
            try:
                while gulp:
                    _exchange(socket, gulp, outcome)
                    gulp = next(waiting, [])
            except ConnectionClosed as closed:
                outcome.closes[closed.rcvd.code if closed.rcvd else 1006] += 1
    return outcome


def _gulps(frames: Sequence[Frame]) -> Iterator[Sequence[Frame]]:
    return (frames[start : start + GULP] for start in range(0, len(frames), GULP))


def _connected(url: str, token: str) -> ClientConnection:
    headers = {"Authorization": f"Bearer {token}"}
    return connect(url, additional_headers=headers, proxy=None, open_timeout=PATIENCE)


def _exchange(socket: ClientConnection, frames: Iterable[Frame], outcome: Outcome) -> None:
    marker = f"marker-{outcome.sent}"
    for frame in frames:
        if frame := _sendable(frame):
            socket.send(frame)
        outcome.sent += 1
    socket.send(json.dumps({"event": RIGHT, "id": marker, "data": {}}))
    while True:
        heard = json.loads(socket.recv(PATIENCE))
        kind = heard["data"]["type"] if heard["event"] == "error" else heard["event"]
        outcome.answers[kind] += 1
        if heard.get("id") == marker:
            assert heard["event"] == "conversationsList", heard
            return


def _sendable(frame: Frame) -> Frame:
    """No library sends half a character; tests/realtime/test_frames.py does, without a socket."""
    return frame.encode(errors="replace").decode() if isinstance(frame, str) else frame
