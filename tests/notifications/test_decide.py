"""The one decision: every circumstance, what follows from it, and the reason that people are given."""

from dataclasses import replace
from itertools import product

import pytest

from notifications.decide import Level, Outcome, Reason, Situation, decide

pytestmark = pytest.mark.once

PUSH, IN_APP, NOTHING = Outcome.PUSH, Outcome.IN_APP, Outcome.NOTHING
KINDS = ("message", "mention", "added_to_group", "system", "security")


@pytest.mark.parametrize(
    ("change", "outcome", "reason"),
    [
        ({}, PUSH, Reason.WANTED),
        ({"kind": "mention"}, PUSH, Reason.MENTIONED),
        ({"kind": "added_to_group"}, PUSH, Reason.WANTED),
        ({"kind": "system"}, PUSH, Reason.WANTED),
        ({"kind": "security"}, PUSH, Reason.ALWAYS),
        # Nobody to tell, or nothing to tell.
        ({"is_own": True}, NOTHING, Reason.OWN),
        ({"is_deactivated": True}, NOTHING, Reason.DEACTIVATED),
        ({"is_deactivated": True, "kind": "security"}, NOTHING, Reason.DEACTIVATED),
        ({"is_member": False}, NOTHING, Reason.NOT_A_MEMBER),
        ({"is_deleted": True}, NOTHING, Reason.DELETED),
        ({"is_blocked": True}, NOTHING, Reason.BLOCKED),
        ({"is_blocked": True, "kind": "mention"}, NOTHING, Reason.BLOCKED),
        ({"is_read": True}, NOTHING, Reason.READ),
        ({"is_present": True}, NOTHING, Reason.PRESENT),
        ({"is_present": True, "kind": "mention"}, NOTHING, Reason.PRESENT),
        ({"is_present": True, "kind": "security"}, PUSH, Reason.ALWAYS),
        # Present decides before what is wanted: there was nothing to disturb.
        ({"is_present": True, "is_muted": True}, NOTHING, Reason.PRESENT),
        # Not wanted: the app keeps it.
        ({"level": Level.NOTHING}, IN_APP, Reason.LEVEL_NOTHING),
        ({"level": Level.NOTHING, "kind": "mention"}, IN_APP, Reason.LEVEL_NOTHING),
        ({"level": Level.MENTIONS}, IN_APP, Reason.LEVEL_MENTIONS),
        ({"level": Level.MENTIONS, "kind": "mention"}, PUSH, Reason.MENTIONED),
        ({"is_muted": True}, IN_APP, Reason.MUTED),
        ({"is_muted": True, "kind": "mention"}, IN_APP, Reason.MUTED),
        ({"wants_kind": False}, IN_APP, Reason.KIND_OFF),
        ({"wants_kind": False, "kind": "security"}, PUSH, Reason.ALWAYS),
        ({"is_quiet": True}, IN_APP, Reason.QUIET_HOURS),
        ({"is_quiet": True, "kind": "mention"}, IN_APP, Reason.QUIET_HOURS),
        ({"is_quiet": True, "kind": "security"}, PUSH, Reason.ALWAYS),
        ({"has_device": False}, IN_APP, Reason.NO_DEVICE),
        ({"has_device": False, "kind": "security"}, IN_APP, Reason.NO_DEVICE),
        ({"level": Level.NOTHING, "is_muted": True}, IN_APP, Reason.LEVEL_NOTHING),
        ({"is_muted": True, "is_quiet": True}, IN_APP, Reason.MUTED),
    ],
)
def test_each_circumstance_has_its_outcome_and_its_reason(change, outcome, reason) -> None:
    decision = decide(Situation(**change))
    assert (decision.outcome, decision.reason) == (outcome, reason)
    assert str(decision.text).endswith(".")


def test_the_words_leave_the_server_only_with_a_push_and_where_they_are_wanted() -> None:
    for preview, muted in product((True, False), repeat=2):
        decision = decide(Situation(wants_preview=preview, is_muted=muted))
        assert decision.shows_text == (preview and not muted)


def test_nothing_is_ever_pushed_that_there_is_a_reason_against() -> None:
    """Presence × mute × quiet hours × kind × preview × block × level, all of them."""
    flags = ("is_present", "is_muted", "is_quiet", "is_blocked", "is_read", "wants_preview")
    for kind, level in product(KINDS, Level):
        for values in product((True, False), repeat=len(flags)):
            situation = Situation(kind=kind, level=level, **dict(zip(flags, values, strict=True)))
            expected = is_wanted(situation)
            decision = decide(situation)
            assert (decision.outcome == PUSH) == expected, situation
            # What the app keeps is never lost by a preference.
            quieter = decide(replace(situation, is_muted=True, is_quiet=True))
            assert (quieter.outcome == NOTHING) == (decision.outcome == NOTHING)


def is_wanted(situation: Situation) -> bool:
    """The rule once more, in other words."""
    if situation.is_blocked or situation.is_read:
        return False
    if situation.kind == "security":
        return True
    disturbs = situation.is_present or situation.is_muted or situation.is_quiet
    wanted = {
        Level.ALL: True,
        Level.MENTIONS: situation.kind != "message",
        Level.NOTHING: False,
    }
    return wanted[Level(situation.level)] and not disturbs
