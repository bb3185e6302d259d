"""The same page over 1,000,000 messages and over a hundredth of them: does the past cost anything?

Two databases, each with a server on the same core, asked in turns by one client.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from bench import machine, targets
from bench.asking import Request, ask, conversation_list, median_of, page, row, twice
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.stage import Bench, Running

Library = dict[str, Any]


def deep_page(library: Library) -> Request:
    place = {"conversation": library["conversation"], "token": library["reader"]}
    return page(place, before=library["long"] // 2)


def latest_page(library: Library) -> Request:
    return page({"conversation": library["conversation"], "token": library["reader"]})


def first_conversations(library: Library) -> Request:
    return conversation_list(library["reader"])


PAGES: dict[str, Callable[[Library], Request]] = {
    "history, half-way down": deep_page,
    "history, latest": latest_page,
    "list, first 50 of many": first_conversations,
}


@scenario("depth", "Depth: pages over 1,000,000 messages, and over a hundredth of them")
def depth(bench: Bench) -> Iterator[Row]:
    options = bench.options
    sizes = options.sizes([1_000_000, 10_000], [2_000, 200])
    many, few = options.size(500, 6), options.size(50, 3)
    stages = [bench.production() for _ in sizes]
    libraries = [
        stage.scene("library", many=many, few=few, messages=size)
        for stage, size in zip(stages, sizes, strict=True)
    ]
    for server in options.servers:
        with contextlib.ExitStack() as stack:
            started = [
                stack.enter_context(stage.serve(server, cores=[machine.SERVER_CORE]))
                for stage in stages
            ]
            places = [running["product"][0] for running in started]
            for name in options.sizes([*PAGES], [*PAGES][:1]):
                yield from _compare(bench, f"{server}, {name}", libraries, places, PAGES[name])
            if not options.smallest:
                yield from _few_and_many(bench, server, libraries[0], places[0], (few, many))


def _compare(
    bench: Bench,
    name: str,
    libraries: list[Library],
    places: list[Running],
    request: Callable[[Library], Request],
) -> Iterator[Row]:
    def measured(number: int) -> Any:
        place = places[number]
        watch = {"server": place.pid, **bench.foundation}
        wanted = [request(libraries[number])]
        return ask(bench.options, wanted, port=place.port, clients=1, watch=watch)

    before, small, after = measured(0), measured(1), measured(0)
    times = ratio((median_of(before) + median_of(after)) / 2, median_of(small))
    verdict = Verdict("of the time on a hundredth", times, targets.OF_A_HUNDREDTH)
    yield twice(name, before, after, verdict)
    yield row(f"{name}, a hundredth", small)


def _few_and_many(
    bench: Bench, server: str, library: Library, place: Running, counts: tuple[int, int]
) -> Iterator[Row]:
    """A whole list of few conversations and the same page of many."""
    watch = {"server": place.pid, **bench.foundation}
    for count, token in zip(counts, (library["other"], library["reader"]), strict=True):
        wanted = [conversation_list(token)]
        found = ask(bench.options, wanted, port=place.port, clients=1, watch=watch)
        yield row(f"{server}, list of {count} conversations", found)
