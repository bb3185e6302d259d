"""The one place that decides whether somebody is told of something outside the app, and says why.

Pure: whoever asks gathers the situation. Asked when the grace period is over, again before each attempt to
send, and whenever a person or an administrator wants to know why.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    PUSH = "push", _("Push")
    IN_APP = "in_app", _("In the app only")
    NOTHING = "nothing", _("Nothing")


class Level(models.TextChoices):
    """What somebody wants to hear of one conversation."""

    ALL = "all", _("All messages")
    MENTIONS = "mentions", _("Only when I am mentioned")
    NOTHING = "nothing", _("Nothing")


class Reason(models.TextChoices):
    WANTED = "wanted", _("You are told of new messages here, and you were away.")
    MENTIONED = "mentioned", _("You were mentioned, and you were away.")
    ALWAYS = "always", _("Notices about your safety always reach you.")
    OWN = "own", _("It was your own.")
    DEACTIVATED = "deactivated", _("Your account was deactivated.")
    NOT_A_MEMBER = "not_a_member", _("You were not a member of the conversation.")
    DELETED = "deleted", _("It was deleted before you were to be told.")
    BLOCKED = "blocked", _("There is a block between you and the person who wrote.")
    READ = "read", _("You had read it before you were to be told.")
    PRESENT = "present", _("You were using Parley on one of your devices.")
    LEVEL_NOTHING = "level_nothing", _("You are told of nothing in this conversation.")
    LEVEL_MENTIONS = "level_mentions", _("In this conversation you are told of mentions only.")
    MUTED = "muted", _("You had muted this conversation.")
    KIND_OFF = "kind_off", _("You switched off notifications of this kind.")
    QUIET_HOURS = "quiet_hours", _("It came in your quiet hours.")
    NO_DEVICE = "no_device", _("You have switched on notifications on no device.")
    # Not decisions, but what is said where there is none.
    SIGNED_OUT = "signed_out", _("The device was signed out.")
    PENDING = "pending", _("It is not decided yet.")
    FORGOTTEN = "forgotten", _("That is no longer known, or notifications were not set up then.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Of one person and one thing to tell, at one moment. The defaults are those of an ordinary message."""

    kind: str = "message"
    is_own: bool = False
    is_deactivated: bool = False
    is_member: bool = True
    is_deleted: bool = False
    is_blocked: bool = False
    is_read: bool = False
    is_present: bool = False
    level: str = Level.ALL
    is_muted: bool = False
    wants_kind: bool = True
    is_quiet: bool = False
    has_device: bool = True
    wants_preview: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    reason: Reason
    # May the words leave our server?
    shows_text: bool = False

    @property
    def text(self) -> Any:
        return self.reason.label


def decide(situation: Situation) -> Decision:
    if reason := _needless(situation):
        return Decision(Outcome.NOTHING, reason)
    if reason := _unwanted(situation):
        return Decision(Outcome.IN_APP, reason)
    return Decision(Outcome.PUSH, _wanted(situation), shows_text=situation.wants_preview)


def _needless(situation: Situation) -> Reason | None:
    """There is nobody to tell, or nothing left to tell."""
    checks = (
        (situation.is_own, Reason.OWN),
        (situation.is_deactivated, Reason.DEACTIVATED),
        (not situation.is_member, Reason.NOT_A_MEMBER),
        (situation.is_deleted, Reason.DELETED),
        (situation.is_blocked, Reason.BLOCKED),
        (situation.is_read, Reason.READ),
        # What concerns their safety reaches also the devices that somebody else does not hold.
        (situation.is_present and situation.kind != "security", Reason.PRESENT),
    )
    return next((reason for applies, reason in checks if applies), None)


def _unwanted(situation: Situation) -> Reason | None:
    """The person does not want to be disturbed; the app shows it when they come."""
    if situation.kind == "security":
        return None if situation.has_device else Reason.NO_DEVICE
    only_mentions = situation.level == Level.MENTIONS and situation.kind == "message"
    checks = (
        (situation.level == Level.NOTHING, Reason.LEVEL_NOTHING),
        (situation.is_muted, Reason.MUTED),
        (only_mentions, Reason.LEVEL_MENTIONS),
        (not situation.wants_kind, Reason.KIND_OFF),
        (situation.is_quiet, Reason.QUIET_HOURS),
        (not situation.has_device, Reason.NO_DEVICE),
    )
    return next((reason for applies, reason in checks if applies), None)


def _wanted(situation: Situation) -> Reason:
    match situation.kind:
        case "security":
            return Reason.ALWAYS
        case "mention":
            return Reason.MENTIONED
    return Reason.WANTED
