"""A log may be shown around: no secret and nobody's words are in it."""

import json
import logging
import logging.config
from io import StringIO

import pytest
from django.db import IntegrityError

from chatproject.logs import RequestLog, logging_settings


@pytest.fixture
def log() -> StringIO:
    stream = StringIO()
    formatter = logging_settings(level="INFO", as_json=True)["formatters"]["structured"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.getLogger("tests.log")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel("INFO")
    return stream


def test_a_line_is_json_with_time_level_and_name(log) -> None:
    logging.getLogger("tests.log").info("Hello %s", "there")
    line = json.loads(log.getvalue())
    assert line["event"] == "Hello there"
    assert line["level"] == "info"
    assert line["logger"] == "tests.log"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "path",
    [
        "/invitations/s3cret",
        "/password/reset/MQ/s3cret",
        "/unsubscribe/s3cret",
        "/api/hooks/s3cret",
    ],
)
def test_paths_that_open_an_account_are_withheld(log, path) -> None:
    logging.getLogger("tests.log").warning("Not Found: %s", path)
    assert "s3cret" not in log.getvalue()


def test_the_row_that_postgresql_quotes_is_withheld(log) -> None:
    quoted = 'violates check\nDETAIL:  Failing row contains (1, "my dearest").'
    try:
        raise IntegrityError(quoted)
    except IntegrityError:
        logging.getLogger("tests.log").exception("Could not store")
    assert "violates check" in log.getvalue()
    assert "my dearest" not in log.getvalue()


def test_what_people_search_for_is_not_logged(rf) -> None:
    request = rf.get("/api/chat/contacts?search=my+dearest")
    assert RequestLog.format_request(request) == "GET /api/chat/contacts"
