"""The server process: how it begins, how it ends, and what it refuses."""

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.live import Site

pytestmark = pytest.mark.once


def test_a_site_is_ready_in_either_profile(site: Site) -> None:
    for url in site.urls:
        assert httpx.get(f"{url}/health/ready").json() == {"status": "ok"}
        assert httpx.get(f"{url}/health/live").json() == {"status": "ok"}


def test_a_socket_at_an_unknown_address_is_refused(site: Site) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        connect(f"{site.url.replace('http', 'ws')}/ws/elsewhere/")
    assert refusal.value.response.status_code == 403
