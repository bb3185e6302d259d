import asyncio
from threading import Event

import pytest

from chatproject.gathered import Gathered

pytestmark = pytest.mark.once


class Register:
    def __init__(self) -> None:
        self.questions: list[list[int]] = []
        self.may_answer = Event()

    def __call__(self, keys):
        self.questions.append(sorted(keys))
        assert self.may_answer.wait(timeout=10)
        if 13 in keys:
            raise ConnectionError("the register is closed")
        return {key: str(key) for key in keys if key < 100}


async def test_who_asks_meanwhile_shares_the_next_question():
    register = Register()
    names = Gathered(register)
    first = asyncio.ensure_future(names.get(1))
    while not register.questions:
        await asyncio.sleep(0.01)
    others = [asyncio.ensure_future(names.get(key)) for key in (2, 3, 3, 100)]
    impatient = asyncio.ensure_future(names.get(3))
    await asyncio.sleep(0)
    impatient.cancel()
    register.may_answer.set()
    assert await first == "1"
    assert [await each for each in others] == ["2", "3", "3", None]
    assert register.questions == [[1], [2, 3, 100]]


async def test_a_failure_is_everybodys_and_ends_with_the_question():
    register = Register()
    register.may_answer.set()
    names = Gathered(register)
    outcomes = await asyncio.gather(names.get(13), names.get(14), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]
    assert await names.get(14) == "14"
