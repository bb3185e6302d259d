from typing import Any

import pytest

from accounts.throttling import Throttle


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 429 would hide what is looked for."""
    rates = dict.fromkeys(Throttle.rates, "100000/min")
    monkeypatch.setattr(Throttle, "rates", rates)


def assert_refused(response: Any, *, status: int | None = None) -> None:
    """A refusal of the one shape."""
    text = response.content[:500]
    assert 400 <= response.status_code < 500, (response.status_code, text)
    assert status in (None, response.status_code), (response.status_code, text)
    assert response["Content-Type"] == "application/json", text
    body = response.json()
    assert body["type"] in ("validation_error", "client_error"), text
    assert body["errors"], text
    for error in body["errors"]:
        assert set(error) == {"code", "detail", "attr"}, text
        assert error["code"] and error["detail"], text


def assert_sound(response: Any) -> None:
    """Done, or refused in the one shape; never a crash."""
    if response.status_code >= 400:
        assert_refused(response)
