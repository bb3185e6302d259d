import asyncio
import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def main(name: str) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    client = import_module(f"bench.clients.{name}")
    with asyncio.Runner(loop_factory=cheapest_loop()) as runner:
        print(json.dumps(runner.run(client.run(json.load(sys.stdin)))))


def cheapest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    is_there = find_spec("uvloop") is not None
    factory: Callable[[], asyncio.AbstractEventLoop]
    factory = import_module("uvloop" if is_there else "asyncio").new_event_loop
    return factory


main(sys.argv[1])
