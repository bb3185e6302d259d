"""What people write becomes markup, and only the markup that we know."""

import json
import time
from pathlib import Path

import pytest

from conversations.formatting import has_marks, is_emoji_only, is_long, parts_of
from conversations.templatetags.formatting import formatted

pytestmark = pytest.mark.once

CASES = json.loads((Path(__file__).parent.parent / "formatting.json").read_text())
# What would take a careless pattern minutes.
HOSTILE = ["*a ", "_*~`", "```", "`", "https://a.b/)", ")", "*x*", "_ ~", "\n```\n", "https://"]


def expected(text: str) -> str:
    """Django says quotes in words, browsers only where they must."""
    return text.replace("&quot;", '"').replace("&#x27;", "'")


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_marks_become_markup(case) -> None:
    assert expected(formatted(case["text"])) == case["html"]
    assert is_emoji_only(case["text"]) is case.get("emojiOnly", False)


def test_the_source_is_kept_where_the_markup_does_not_tell_it() -> None:
    assert has_marks("*bold*") and has_marks("```x```")
    assert not has_marks("see https://example.org")


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece) -> None:
    text = (piece * 4000)[:4000]
    began = time.process_time()
    parts_of(text)
    is_emoji_only(text)
    assert time.process_time() - began < 0.2


def test_long_is_more_than_a_screen_shows() -> None:
    assert not is_long("x" * 1200)
    assert is_long("x" * 1201)
    assert is_long("\n" * 24)
