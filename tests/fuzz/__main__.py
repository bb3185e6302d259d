"""bin/fuzz: everything that our schema allows, and much that it does not, against a server of its own.

Ends with an error when anything is answered with 5xx or against the schema, when a socket is closed, or when
there is a traceback in the log of the server.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup()

from tests import live  # noqa: E402
from tests.fuzz.frames import invented, send_all  # noqa: E402
from tests.fuzz.rest import ROLES, ask_everything  # noqa: E402
from tests.live import Site  # noqa: E402

ON_SOCKETS = ("member", "foreign")


def main() -> None:
    options = parsed()
    make = live.production if options.production else live.embedded
    with tempfile.TemporaryDirectory() as directory, make(Path(directory)) as site:
        faults = [*rest(site, options), *sockets(site, options), *tracebacks(site)]
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=10, help="for each operation")
    parser.add_argument("--frames", type=int, default=2000, help="on sockets, altogether")
    parser.add_argument("--as", dest="roles", choices=ROLES, action="append", help="only this one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--production", action="store_true", help="PostgreSQL and two processes")
    return parser.parse_args()


def rest(site: Site, options: argparse.Namespace) -> Iterator[str]:
    if not options.examples:
        return
    for role in options.roles or ROLES:
        found = ask_everything(site, role, examples=options.examples, seed=options.seed)
        print(f"{role}: {found.requests} requests, {'fine' if found.is_fine else 'not fine'}")
        if not found.is_fine:
            yield f"REST, asked by {role}:\n{found.text}"


def sockets(site: Site, options: argparse.Namespace) -> Iterator[str]:
    if not options.frames:
        return
    cast = site.cast()
    share = options.frames // len(ON_SOCKETS)
    for role in ON_SOCKETS:
        frames = invented(share, by=options.seed + ON_SOCKETS.index(role))
        outcome = send_all(site.socket_url, site.token(cast[ROLES[role]]), frames)
        print(
            f"{role}: {outcome.sent} frames, {dict(outcome.answers)}, closes {dict(outcome.closes)}"
        )
        if not outcome.is_fine:
            yield f"The socket of {role}: {outcome}"


def tracebacks(site: Site) -> Iterator[str]:
    logs = {path.name: path.read_text() for path in site.directory.glob("*.log")}
    count = sum(text.count("Traceback") for text in logs.values())
    print(f"{count} tracebacks")
    for name, text in logs.items():
        if "Traceback" in text:
            yield f"{name}:\n{text[text.index('Traceback') :][:4000]}"


if __name__ == "__main__":
    main()
