"""The bench's own clients: cheap, but they must understand what a server may say."""

import asyncio
from time import perf_counter

import pytest

from bench.clients.http import is_whole
from bench.clients.open_loop import send_by_the_clock
from bench.clients.pairs import Pair, Tally
from bench.clients.period import Period, spread
from bench.clients.socket import Socket

pytestmark = pytest.mark.once

CONNECTED = b'{"event":"connected","data":{}}'


def frame(payload: bytes, head: int = 0x81) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes([head, size]) + payload
    if size < 65536:
        return bytes([head, 126]) + size.to_bytes(2) + payload
    return bytes([head, 127]) + size.to_bytes(8) + payload


async def test_a_socket_reads_frames_of_any_size_in_any_pieces() -> None:
    heard: list[bytes] = []
    texts = [CONNECTED, b"x" * 200, b"y" * 70_000, b"", b"end"]
    stream = b"HTTP/1.1 101 Switching\r\n\r\n" + b"".join(map(frame, texts))
    stream += frame(b"in ", 0x01) + frame(b"two", 0x80)
    for size in (1, 7, 4096, len(stream)):
        heard.clear()
        socket = Socket(heard.append)
        for start in range(0, len(stream), size):
            socket.data_received(stream[start : start + size])
        assert heard == [*texts, b"in two"]
        assert socket.opened.done()


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3", b"ab", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3", b"abc", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"3\r\nabc\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"3\r\nabc\r\n0\r\n\r\n", True),
    ],
)
def test_an_answer_is_whole_when_all_of_it_is_there(
    head: bytes, body: bytes, expected: bool
) -> None:
    assert is_whole(head, body) is expected


class Slow(Pair):
    """Stalls once, as a busy server or client does."""

    def send(self, at: float | None = None) -> None:
        assert at is not None
        self.number += 1
        self.tally.acknowledged.append(perf_counter() - at)
        if self.number == 5:
            end = perf_counter() + 0.1
            while perf_counter() < end:
                pass


async def test_who_stalls_is_late_with_each_message_that_was_due_meanwhile() -> None:
    period = Period(0, 0)
    tally = Tally(period)
    sending = asyncio.create_task(send_by_the_clock([Slow(tally, {})], rate=200, period=period))
    await asyncio.sleep(0.3)
    period.end = perf_counter()
    await sending
    # A tenth of a second at 200 a second: twenty messages, all of them late, the first most.
    late = [time for time in tally.acknowledged if time > 0.01]
    assert len(late) >= 15
    assert max(late) > 0.08


def test_the_spread_of_times_is_in_milliseconds() -> None:
    assert spread([]) == {}
    assert spread([0.002]) == {"median": 2, "p99": 2, "most": 2}
    assert spread([0.001, 0.002, 0.003])["median"] == pytest.approx(2)
