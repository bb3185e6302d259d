"""The demo data, served as in production: hashed and compressed files, though in the embedded profile."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import servers
from tests.live import Site, environment_of

ALICE, BOB = "alice@acme.example", "bob@acme.example"


@contextmanager
def demo_site() -> Iterator[Site]:
    with TemporaryDirectory(prefix="parley-demo-") as name:
        directory, port = Path(name), servers.free_port()
        environment = environment_of(
            directory,
            DATABASE_URL=f"sqlite:///{directory}/parley.sqlite3",
            REDIS_URL="",
            DEBUG="false",
            SECRET_KEY=secrets.token_urlsafe(60),
            # No address of production can be http, but this one.
            SITE_URL=f"http://127.0.0.1:{port}",
        )
        site = Site(environment, directory)
        site.manage("migrate", "--verbosity=0")
        site.manage("seed_demo", "--yes")
        site.manage("collectstatic", "--no-input", "--verbosity=0")
        with site.server(port=port):
            yield site
