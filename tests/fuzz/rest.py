"""schemathesis asks everything that our schema allows, and much that it does not, as one person."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cast import PASSWORD
from tests.clients import Rest
from tests.live import ROOT, Site

SECRET = "lantern"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# Who asks, by whom they are in the cast. Alice and Bob are the ones who talk.
ROLES = {"anonymous": "", "member": "bob", "administrator": "alice", "foreign": "mallory"}
OUTSIDERS = ("anonymous", "foreign")


@dataclass(frozen=True)
class Finding:
    """Of one run: whether all was well, and in which words schemathesis says so."""

    is_fine: bool
    requests: int
    text: str


def ask_everything(site: Site, role: str, *, examples: int, seed: int) -> Finding:
    cast = site.cast()
    report = site.directory / f"{role}.json"
    person = cast[ROLES[role]] if ROLES[role] else ""
    account = {"email": person, "password": PASSWORD, "device": "fuzz"} if person else None
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION),
            "run", f"{site.url}/api/schema",
            "--checks", "all", "--max-examples", str(examples), "--seed", str(seed),
            "--continue-on-failure", "--no-shrink", "--no-color", "--generation-database", "none",
            "--report", "json", "--report-json-path", str(report),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "FUZZ_URL": site.url,
            "FUZZ_ACCOUNT": json.dumps(account),
            "FUZZ_IDS": json.dumps(talk_of(site, cast)),
            "FUZZ_SECRET": SECRET if role in OUTSIDERS else "",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    return Finding(done.returncode == 0, requests_in(done.stdout), done.stdout)


def talk_of(site: Site, cast: dict[str, str]) -> dict[str, list[int]]:
    """What Alice and Bob have between themselves, by the names that ids have in paths."""
    with Rest(site.url, cast["alice"]) as alice, Rest(site.url, cast["bob"]) as bob:
        places = [alice.direct_with(bob.id), alice.group_of(f"The {SECRET}", bob.id)]
        said = [
            person.send(place, f"The {SECRET} {number}")["id"]
            for place in places
            for person in (alice, bob)
            for number in range(3)
        ]
        people = [alice.id, bob.id]
        return {
            "conversationId": places,
            "messageId": said,
            "userId": people,
            "notificationId": [*_ids(alice, "notifications", "notifications"), 1],
            # Of devices, invitations and people alike.
            "id": [*people, *range(1, 20)],
        }


def _ids(person: Rest, path: str, name: str) -> list[int]:
    rows: list[dict[str, Any]] = person.get(path)[name]
    return [row["id"] for row in rows]


def requests_in(text: str) -> int:
    """From "Test cases: 3619 generated, ..."."""
    words = text.partition("Test cases:")[2].split()
    return int(words[0].replace(",", "")) if words else 0
