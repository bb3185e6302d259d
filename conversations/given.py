"""The participant of a prepared query, for `visible_part(given_place(…))`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from chatproject.prepared import Given
from conversations.models import Participant


def given_place(absences: int) -> Participant:
    """Absent so many times, which is a part of the text of the query."""
    ranges = [(Given(f"absent_from_{n}"), Given(f"absent_to_{n}")) for n in range(absences)]
    given = SimpleNamespace(
        conversation_id=Given("conversation_id"), left_seq=Given("last_seq"), absences=ranges
    )
    return cast(Participant, given)


def place_values(place: Participant) -> dict[str, Any]:
    values = {
        "conversation_id": place.conversation_id,
        "user_id": place.user_id,
        "peer_id": place.peer_id,
        "last_seq": place.last_visible_seq,
    }
    for number, (first, last) in enumerate(place.absences):
        values |= {f"absent_from_{number}": first, f"absent_to_{number}": last}
    return values
