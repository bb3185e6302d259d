"""REST on one process: pages of messages and conversations, and sending, against a view that does nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench import machine, targets
from bench.asking import Request, ask, conversation_list, page, post, rate_of, row, twice
from bench.clients.pairs import TEXT
from bench.measure import Measured
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.stage import Bench, Running

APPLICATION = "with empty views"
# Whichever of the two is faster is what the others are measured by.
EMPTY = ("/api/bench/empty", "/bench/empty")


@scenario("rest", "REST: requests a second on one process, of an empty view's")
def rest(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    size = options.size(200, 8)
    places = stage.scene(
        "neighbours", count=size, conversations=options.size(50, 4), messages=options.size(60, 5)
    )
    for server in options.servers:
        with stage.serve(server, [APPLICATION], cores=[machine.SERVER_CORE]) as running:
            for clients in options.sizes([16, 50], [2]):
                yield from _compare(bench, server, running[APPLICATION][0], places, clients)


def _compare(
    bench: Bench, server: str, process: Running, places: Sequence[dict[str, object]], clients: int
) -> Iterator[Row]:
    wanted = {
        "page of 50 messages": [page(place) for place in places],
        "list of 50 conversations": [conversation_list(str(place["token"])) for place in places],
        "sending one message": [post(place, TEXT) for place in places],
    }

    def measured(requests: Sequence[Request]) -> Measured:
        watch = {"server": process.pid, **bench.foundation}
        return ask(bench.options, requests, port=process.port, clients=clients, watch=watch)

    paths = bench.options.sizes(EMPTY, EMPTY[:1])
    empty = [[{"path": path, "token": place["token"]} for place in places] for path in paths]
    first = max((measured(requests) for requests in empty), key=rate_of)
    found = {name: measured(requests) for name, requests in wanted.items()}
    last = max((measured(requests) for requests in empty), key=rate_of)
    base = (rate_of(first) + rate_of(last)) / 2
    yield twice(f"{server}, {clients} clients, empty view", first, last)
    for name, one in found.items():
        verdict = Verdict("of an empty view", ratio(rate_of(one), base), targets.OF_AN_EMPTY_VIEW)
        yield row(f"{server}, {clients} clients, {name}", one, verdict)
