"""The demo data, served as in production: hashed and compressed files, though in the embedded profile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import servers
from tests.live import Site, collect_static, environment_of, operated

ALICE, BOB = "alice@acme.example", "bob@acme.example"


@contextmanager
def demo_site() -> Iterator[Site]:
    with TemporaryDirectory(prefix="parley-demo-") as name:
        directory, port = Path(name), servers.free_port()
        environment = environment_of(
            directory,
            DATABASE_URL=f"sqlite:///{directory}/parley.sqlite3",
            REDIS_URL="",
            # No address of production can be http, but this one.
            **{**operated(), "SITE_URL": f"http://127.0.0.1:{port}"},
        )
        site = Site(environment, directory)
        site.manage("migrate", "--verbosity=0")
        site.manage("seed_demo", "--yes")
        collect_static(site)
        with site.server(port=port):
            yield site
