"""npm's socket.io-client, told what the document of the old system says, against two server processes."""

import json
import os
import subprocess

import pytest

from tests.live import FIRST_ID, ROOT, Site
from tests.servers import node_with

pytestmark = pytest.mark.live

# In that document somebody writes in conversation 123 and looks for user 456.
CAST = f"""
import json, secrets, django; django.setup()
from datetime import timedelta
from django.db import connection
from rest_framework_simplejwt.tokens import AccessToken
from conversations.services.conversations import get_or_create_direct
from tests.cast import organization, person
from tests.conftest import access_token

def next_id(table, number):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{{table}}', 'id'), "
            f"greatest((SELECT max(id) + 1 FROM {{table}}), %s), false)" if number == {FIRST_ID}
            else f"SELECT setval(pg_get_serial_sequence('{{table}}', 'id'), %s, false)", [number])

home = organization("Acme", slug=secrets.token_hex(4))
people = {{"alice": person("Alice", home)}}
next_id("accounts_user", 456)
people["bob"] = person("Bob", home)
next_id("accounts_user", {FIRST_ID})
people["carol"] = person("Carol", home)
next_id("conversations_conversation", 123)
get_or_create_direct(actor=people["alice"], target_user_id=456)
next_id("conversations_conversation", {FIRST_ID})
expired = AccessToken(access_token(people["alice"]))
expired.set_exp(lifetime=timedelta(seconds=-60))
cast = {{name: {{"id": one.pk, "token": access_token(one)}} for name, one in people.items()}}
print(json.dumps({{**cast, "expired": str(expired)}}))
"""


def test_the_clients_of_old_chat_as_they_are(production_site: Site) -> None:
    program = node_with("socket.io-client")
    cast = json.loads(production_site.run("-c", CAST).splitlines()[-1])
    site = json.dumps({**cast, "urls": production_site.urls[:2]})
    done = subprocess.run(
        [program, "--test", "tests/socket_io/origin.test.js"],
        cwd=ROOT,
        env={**os.environ, "SITE": site},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout
    for process in production_site.processes:
        assert "Traceback" not in process.log.read_text(errors="replace")
