"""Where the server's time goes during a closed loop of 200 senders, by looking 200 times a second.

First with one message at a time by the ORM, then as it is: what group commit has changed.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bench import machine
from bench.registry import scenario
from bench.results import Row
from bench.sending import across, row, send
from bench.stage import Bench

PROGRAM = Path(sys.executable).parent / "py-spy"
SECONDS = 10.0
LOOKS_PER_SECOND = 200
APPLICATIONS = ("one by one", "product")
# Functions shown: those in which most time passed, themselves or what they called.
SHOWN = 20


@scenario("profile", "Profile of the sending server, by function", on_request=True)
def profile(bench: Bench) -> Iterator[Row]:
    seconds = SECONDS if not bench.options.smallest else bench.options.seconds
    options = replace(bench.options, seconds=seconds)
    stage = bench.production()
    pairs = stage.pairs(options.size(200, 4))
    for server in options.servers:
        with stage.serve(server, APPLICATIONS) as running:
            for name, processes in running.items():
                spy = Spy(processes[0].pid, seconds, bench.directory / f"{server} {name}.stacks")
                watch = {"server": processes[0].pid, **bench.foundation}
                ports = across(processes)
                measured = send(options, pairs, ports, watch=watch, at_begin=spy.begin)
                yield row(f"{server}, {name}, under observation", measured)
                yield from by_function(spy.stacks())


class Spy:
    def __init__(self, pid: int, seconds: float, target: Path) -> None:
        self.target = target
        self.command = [PROGRAM, "record", "--nonblocking", "--format=raw", f"--pid={pid}"]
        self.command += [f"--rate={LOOKS_PER_SECOND}", f"--duration={max(1, round(seconds))}"]
        self.command += [f"--output={target}"]

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [str(part) for part in self.command], stdout=subprocess.DEVNULL
        )
        machine.pin(self.process.pid, machine.OTHER_CORES)

    def stacks(self) -> list[str]:
        if status := self.process.wait(60):
            raise RuntimeError(f"py-spy ended with status {status}; what it said is above.")
        return self.target.read_text().splitlines()


def by_function(stacks: Iterable[str]) -> Iterator[Row]:
    """In percent of all looks: the function itself, and with what it called."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for stack in stacks:
        frames, _, times = stack.rpartition(" ")
        names = [name_of(frame) for frame in frames.split(";")]
        own[names[-1]] += int(times)
        for name in set(names):
            whole[name] += int(times)
    total = max(own.total(), 1)
    for name, _times in (own + own + whole).most_common(SHOWN):
        yield Row(name, {"itself %": 100 * own[name] / total, "whole %": 100 * whole[name] / total})


def name_of(frame: str) -> str:
    """`send (conversations/writer.py:74)`: without the line, so that a function is one."""
    function, _, place = frame.strip().rpartition(" (")
    parts = place.rpartition(":")[0].split("/")
    return f"{function} ({'/'.join(parts[-2:])})" if function else frame.strip()
