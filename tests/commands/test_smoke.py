import http.server
import threading
from collections.abc import Iterator
from io import StringIO

import httpx
import pytest
from django.core.management import CommandError, call_command

from tests import servers
from tests.cast import PASSWORD
from tests.live import Site


def smoke(*arguments: str) -> str:
    """What it says of a server that is not as it should be."""
    output = StringIO()
    with pytest.raises(CommandError, match="failed"):
        call_command("smoke", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.live
def test_a_healthy_server_passes_and_nothing_is_left_behind(site: Site):
    people = site.cast()
    text = site.manage(
        "smoke",
        site.urls[0],
        *("--email", people["alice"], "--target-email", people["bob"]),
        *("--password", PASSWORD, "--target-url", site.urls[-1]),
    )
    *checks, summary = text.splitlines()
    assert summary == f"All {len(checks)} checks passed."
    assert len(checks) >= 20
    assert all(line.startswith("✓ ") for line in checks)

    token = site.token(people["alice"])
    with httpx.Client(
        base_url=site.url, headers={"Authorization": f"Bearer {token}"}, timeout=20
    ) as alice:
        (conversation,) = alice.get("/api/chat/conversations").json()["conversations"]
        page = alice.get(f"/api/chat/conversations/{conversation['id']}/messages").json()
        assert page["messages"], "it must have sent something"
        assert all(message["deletedAt"] for message in page["messages"])
        devices = alice.get("/api/auth/sessions").json()
        assert "Smoke test" not in str(devices)


@pytest.mark.live
def test_a_person_of_another_organization_is_no_partner(embedded_site: Site):
    people = embedded_site.cast()
    text = smoke(embedded_site.url, "--email", people["alice"], "--target-email", people["mallory"])
    assert "✗ one finds the other among the contacts" in text
    assert "✗ their conversation is made once" in text
    assert "✓ Alice signs out, which works at once" in text


@pytest.mark.live
def test_a_wrong_password_is_told(embedded_site: Site):
    people = embedded_site.cast()
    text = smoke(
        embedded_site.url,
        *("--email", people["alice"], "--target-email", people["bob"]),
        *("--target-password", "wrong"),
    )
    assert "✗ two people sign in: POST /api/auth/token answered 4" in text
    assert "✓ Alice signs out" in text, "she was signed in already"
    assert "Bob" not in text


@pytest.mark.live
def test_a_server_that_is_not_there_is_told():
    text = smoke(f"http://127.0.0.1:{servers.free_port()}")
    assert text.splitlines()[0].startswith("✗ the schema has every endpoint: ConnectError")


@pytest.mark.live
def test_a_server_that_is_another_one_is_told(another_server: str):
    text = smoke(another_server)
    assert text.splitlines() == [
        "✗ the schema has every endpoint: GET /api/schema answered 404: nothing here"
    ]


@pytest.fixture
def another_server() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b"nothing here")

        def log_message(self, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
