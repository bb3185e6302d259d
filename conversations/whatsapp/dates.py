"""Which of the numbers of a date is the day: the export does not say, but all of its dates together do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chatproject.errors import Invalid

# Positions of year, month and day in the three numbers.
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
MONTHS = 12

Numbers = tuple[int, int, int]


def order_of(dates: Sequence[Numbers], *, has_dots: bool) -> str:
    """Raises Invalid where several are possible, or none."""
    possible = [name for name in ORDERS if all(_is_date(each, name) for each in dates)]
    if any(first > 31 for first, _second, _third in dates):
        possible = [name for name in possible if name == "ymd"]
    else:
        possible = [name for name in possible if name != "ymd"]
    if len(possible) > 1:
        possible = _steadiest(dates, possible)
    if len(possible) > 1 and has_dots:
        # Nobody writes 12.31.2023.
        possible = ["dmy"]
    if len(possible) != 1:
        raise Invalid("The dates can be read in several ways, or in none: say which by --dates.")
    return possible[0]


def date_of(numbers: Numbers, order: str) -> date:
    year, month, day = (numbers[position] for position in ORDERS[order])
    return date(year + 2000 if year < 100 else year, month, day)


def _is_date(numbers: Numbers, order: str) -> bool:
    try:
        date_of(numbers, order)
    except ValueError:
        return False
    return True


def _steadiest(dates: Sequence[Numbers], orders: Sequence[str]) -> list[str]:
    """Messages stand in the order in which they were sent, and none of them lies in the future."""
    today = date.today()

    def jumps(order: str) -> int:
        read = [date_of(each, order) for each in dates]
        back = sum(later < earlier for earlier, later in zip(read, read[1:], strict=False))
        return back + sum(each > today for each in read)

    counted = {order: jumps(order) for order in orders}
    fewest = min(counted.values())
    return [order for order, count in counted.items() if count == fewest]
