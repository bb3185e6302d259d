"""The server process: how it begins, how it ends, and what it refuses."""

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chatproject.close_codes import CloseCode
from tests.cast import PASSWORD
from tests.live import ROOT, Site

pytestmark = pytest.mark.live


def test_a_site_is_ready_in_either_profile(site: Site) -> None:
    for url in site.urls:
        assert httpx.get(f"{url}/health/ready").json() == {"status": "ok"}
        assert httpx.get(f"{url}/health/live").json() == {"status": "ok"}


def test_a_socket_at_an_unknown_address_is_refused(site: Site) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        connect(f"{site.url.replace('http', 'ws')}/ws/elsewhere/")
    assert refusal.value.response.status_code == 403


@pytest.fixture
def own_site(embedded_site: Site) -> Iterator[Site]:
    """A server of its own over the same database, for a test that stops it."""
    site = replace(embedded_site, processes=[], urls=[])
    with site.server():
        yield site


def test_a_server_that_is_told_to_stop_sends_its_sockets_back_and_ends_cleanly(own_site) -> None:
    alice = own_site.cast()["alice"]
    headers = {"Authorization": f"Bearer {own_site.token(alice)}"}
    with connect(own_site.socket_url, additional_headers=headers) as socket:
        assert json.loads(socket.recv(10))["event"] == "connected"
        (process,) = own_site.processes
        process.popen.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closing:
            while True:
                socket.recv(15)
    assert closing.value.rcvd.code == CloseCode.RESTARTING
    assert process.popen.wait(15) == 0


def test_who_polls_is_sent_back_too_and_waited_for_by_nobody(own_site) -> None:
    """A poll waits for up to twenty seconds; a server that ends does not."""
    query = {"EIO": "4", "transport": "polling"}
    token = own_site.token(own_site.cast()["alice"])
    with httpx.Client(base_url=own_site.url, timeout=30) as client, ThreadPoolExecutor() as threads:
        query["sid"] = json.loads(client.get("/socket.io/", params=query).text[1:])["sid"]
        entrance = "40" + json.dumps({"token": token})
        assert client.post("/socket.io/", params=query, content=entrance).text == "OK"
        while "connected" not in client.get("/socket.io/", params=query).text:
            pass
        waiting = threads.submit(client.get, "/socket.io/", params=query)
        time.sleep(0.5)
        (process,) = own_site.processes
        process.popen.send_signal(signal.SIGTERM)
        assert waiting.result().text == '42["closed",{"code":1012}]\x1e1'
    assert process.popen.wait(15) == 0


def test_a_request_that_has_begun_is_answered_before_the_server_ends(own_site) -> None:
    account = {"email": own_site.cast()["alice"], "password": PASSWORD}
    (process,) = own_site.processes
    # Signing in writes, so it waits for whoever holds the lock.
    writer = sqlite3.connect(own_site.directory / "parley.sqlite3", isolation_level=None)
    with contextlib.closing(writer), ThreadPoolExecutor() as threads:
        writer.execute("BEGIN IMMEDIATE")
        url = f"{own_site.url}/api/auth/token"
        answer = threads.submit(httpx.post, url, json=account, timeout=15)
        time.sleep(1.5)
        process.popen.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert process.running
        assert not answer.done()
        writer.execute("ROLLBACK")
        assert answer.result().status_code == 200
    assert process.popen.wait(15) == 0


def test_a_port_in_use_is_a_failure(own_site) -> None:
    port = own_site.url.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "-m", "chatproject.server", "-p", port],
        env=dict(own_site.environment),
        cwd=ROOT,
        capture_output=True,
        timeout=30,
    )
    assert second.returncode != 0
    assert b"Listen failure" in second.stderr
