"""One module per scenario. Importing this registers them all, in the order in which they run."""

from bench.scenarios import (  # noqa: I001
    closed_loop,
    open_loop,
    fan_out,
    idle,
    catch_up,
    depth,
    rest,
    two_processes,
    embedded,
    pushes,
    screen,
    long_list,
    profile,
)

__all__ = [
    "catch_up",
    "closed_loop",
    "depth",
    "embedded",
    "fan_out",
    "idle",
    "long_list",
    "open_loop",
    "profile",
    "pushes",
    "rest",
    "screen",
    "two_processes",
]
