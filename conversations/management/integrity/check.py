"""What must be true of the database at any moment, each as a query for the rows that break it.

To add one: a function in a file beside this one with its sentence, and a test that plants the flaw.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Find = Callable[[], Iterable[int]]


@dataclass(frozen=True)
class Check:
    sentence: str
    # What the ids are of.
    noun: str
    find: Find


def check(sentence: str, *, noun: str) -> Callable[[Find], Check]:
    return lambda find: Check(sentence, noun, find)
