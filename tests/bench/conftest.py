"""The bench on the sites that the other tests use too: starting its own takes longer than measuring."""

import contextlib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest

from bench.__main__ import options_of, parse
from bench.stage import Bench, Running, Stage
from tests.live import Site


class BorrowedStage(Stage):
    def __init__(self, bench: Bench, site: Site, *, stands_for: str = "product") -> None:
        """`stands_for`: what the product is compared with is itself; another process only costs time."""
        self.stands_for = stands_for
        self.bench = bench
        self.members = bench.directory / "members.json"
        environment = {**site.environment, "BENCH_MEMBERS": str(self.members)}
        self.site = Site(environment, bench.directory)
        self.product = [
            Running(process, urlsplit(url).port or 0)
            for process, url in zip(site.processes, site.urls, strict=True)
        ]

    @contextlib.contextmanager
    def serve(
        self,
        server: str,
        applications: Sequence[str] = ("product",),
        *,
        cores: Sequence[set[int]] = (set(), set()),
    ) -> Iterator[dict[str, list[Running]]]:
        """What is compared with the product gets one process, which is the first and the last."""
        with contextlib.ExitStack() as stack:
            others = [name for name in applications if name not in ("product", self.stands_for)]
            started = {name: [stack.enter_context(self._start(server, name))] for name in others}
            for [process] in started.values():
                process.wait_until_ready()
            product = self.product[: len(cores)]
            yield {"product": product, self.stands_for: product, **started}


class BorrowedBench(Bench):
    foundation = {}

    def borrow(self, *, production: Site, embedded: Site) -> None:
        self.stages = [
            BorrowedStage(self, production),
            BorrowedStage(self, embedded, stands_for="one by one"),
        ]

    def production(self) -> Stage:
        return self.stages[0]

    def embedded(self) -> Stage:
        return self.stages[1]


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, production_site: Site, embedded_site: Site
) -> Iterator[Bench]:
    options = options_of(parse(["--smallest", "--server", "daphne"]))
    with contextlib.ExitStack() as stack:
        bench = BorrowedBench(tmp_path_factory.mktemp("bench"), stack, options)
        bench.borrow(production=production_site, embedded=embedded_site)
        yield bench
