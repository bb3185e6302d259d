"""docs/api.md, followed to the letter: what stands there to be pasted is pasted, against a real server."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from integrations.signing import headers_of, new_secret
from tests.clients import Rest
from tests.live import ROOT, Site
from tests.servers import Missing

pytestmark = pytest.mark.live

PAGE = ROOT / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8000"
TIME = 120


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def cast(embedded_site: Site) -> dict[str, str]:
    return embedded_site.cast()


@pytest.fixture
def pasted(embedded_site: Site, cast: dict[str, str]):
    """The text as it stands there, but for the server and the people, who are those of this test."""

    def replaced(text: str) -> str:
        assert ADDRESS in text
        text = text.replace(ADDRESS, embedded_site.url)
        for name in ("alice", "bob"):
            text = text.replace(f"{name}@acme.example", cast[name])
        return text

    return replaced


def output_of(*command: str, directory: Path, text: str | None = None, **environment: str) -> str:
    if shutil.which(command[0]) is None:
        raise Missing(f"{command[0]} is not installed")
    done = subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, **environment},
        input=text,
        capture_output=True,
        text=True,
        timeout=TIME,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_lead_to_a_chat(embedded_site, cast, pasted, tmp_path) -> None:
    if shutil.which("jq") is None:
        raise Missing("jq is not installed")
    commands = "set -euo pipefail\n" + "\n".join(blocks("bash"))
    told = output_of("bash", directory=tmp_path, text=pasted(commands))
    assert '"displayName": "Alice"' in told
    # The repeat: another status, and the same message.
    assert "\n200\n" in told
    assert told.count('"content": "See you at six"') == 3
    assert '"said": [\n    "Bring the cake"\n  ]' in told
    with Rest(embedded_site.url, cast["bob"]) as bob:
        (conversation,) = bob.get("chat/conversations")["conversations"]
        said = [message["content"] for message in bob.history(conversation["id"])]
    assert said == ["See you at six", "Bring the cake"]


MAKE_A_BOT = """
import sys, django
django.setup()
from accounts.models import User
from accounts.scopes import Scope
from accounts.services.api_keys import create_api_key
from accounts.services.bots import create_bot
from conversations.services.conversations import create_group
from integrations.services.incoming import create_incoming_webhook
alice = User.objects.get(email=sys.argv[1])
bot = create_bot(actor=alice, display_name="Builds")
key = create_api_key(actor=alice, bot=bot, name="CI", scopes=Scope.values)[1]
place = create_group(actor=alice, title="Builds", member_ids=[])
webhook = create_incoming_webhook(
    actor=alice, bot=bot, conversation_id=place.conversation_id, name="CI"
)[1]
print(key, webhook)
"""


def test_the_commands_of_bots_write(embedded_site, cast, pasted, tmp_path) -> None:
    if shutil.which("jq") is None:
        raise Missing("jq is not installed")
    key, webhook = embedded_site.run("-c", MAKE_A_BOT, cast["alice"]).split()[-2:]
    commands = "set -euo pipefail\n" + "\n".join(blocks("sh"))
    told = output_of(
        "bash",
        directory=tmp_path,
        text=pasted(commands),
        PARLEY_KEY=key,
        PARLEY_WEBHOOK=f"{embedded_site.url}/api/hooks/{webhook}",
    )
    assert '"displayName": "Builds"' in told and '"content": "Build 7 is green"' in told
    assert told.splitlines()[-1] == "4"


def test_the_check_of_a_signature_checks_it() -> None:
    names: dict[str, Any] = {}
    exec("\n".join(blocks("py")), names)
    check, body = names["is_from_parley"], b'{"type": "test"}'
    old, new = new_secret(), new_secret()
    headers = headers_of(key="msg_1", moment=int(time.time()), body=body, secrets=[new, old])
    assert check(headers, body, old) and check(headers, body, new)
    assert not check(headers, body, new_secret())
    assert not check(headers, body + b" ", new)
    late = headers_of(key="msg_1", moment=int(time.time()) - 600, body=body, secrets=[new])
    assert not check(late, body, new)


def test_the_python_example_chats(pasted, tmp_path) -> None:
    (example,) = blocks("python")
    client = str(ROOT / "clients" / "python")
    told = output_of(
        sys.executable, "-", directory=tmp_path, text=pasted(example), PYTHONPATH=client
    )
    assert told == "Alice: Is there cake left?\n"


def test_the_javascript_example_chats(embedded_site, cast, pasted, tmp_path) -> None:
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        alice.direct_with(bob.id)
    (example,) = blocks("javascript")
    file = tmp_path / "example.mjs"
    file.write_text(pasted(example))
    # Node.js 22 has the browser's WebSocket; those before it ask for this word.
    told = output_of("node", "--experimental-websocket", str(file), directory=tmp_path)
    assert set(told.splitlines()) == {"Bob: On my way", "Number 1 is stored."}


def test_the_readme_of_the_python_client_is_python() -> None:
    text = (ROOT / "clients/python/README.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    compile(example, "README.md", "exec")
