"""Pages go compressed to whoever can read it; what REST answers does not."""

import gzip

import pytest

pytestmark = pytest.mark.once

CAN = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


def test_a_page_is_compressed_for_a_browser_that_can_read_it(alice, browser_of) -> None:
    answer = browser_of(alice).get("/", **CAN)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "<!doctype html>" in gzip.decompress(answer.content).decode().lower()


def test_a_page_is_plain_for_a_browser_that_cannot(alice, browser_of) -> None:
    assert "Content-Encoding" not in browser_of(alice).get("/").headers


def test_an_answer_of_the_api_is_plain(alice, browser_of) -> None:
    answer = browser_of(alice).get("/api/chat/conversations", **CAN)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
