from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError

from chatproject.errors import TooLarge
from chatproject.json import MAX_BYTES, MAX_DEPTH, BoundedJSONParser, WireJSONRenderer


def parse(body: bytes) -> object:
    return BoundedJSONParser().parse(BytesIO(body))


def test_json_is_parsed() -> None:
    assert parse(b'{"content": "Hi", "ids": [1, 2]}') == {"content": "Hi", "ids": [1, 2]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b'"\\ud800"',
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    ],
)
def test_what_is_broken_or_bottomless_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)


def test_what_is_endless_is_too_large() -> None:
    with pytest.raises(TooLarge):
        parse(b'"' + b"a" * MAX_BYTES + b'"')


def test_nesting_up_to_the_bound_is_fine() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_moments_are_written_as_the_wire_wants_them() -> None:
    moment = datetime(2026, 11, 22, 15, 4, 5, 123456, tzinfo=UTC)
    assert WireJSONRenderer().render({"at": moment}) == b'{"at":"2026-11-22T15:04:05.123Z"}'


def test_lazy_translations_and_nothing_can_be_written() -> None:
    assert WireJSONRenderer().render({"a": gettext_lazy("Yes")}) == b'{"a":"Yes"}'
    assert WireJSONRenderer().render(None) == b""
