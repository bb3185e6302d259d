"""What the services that carry a push answer, and what follows from it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

from django.utils.translation import gettext as _

GONE_STATUSES = frozenset({404, 410})
TOO_LARGE = 413
# Worth another try: too fast, timed out on their side, and whatever they have gone wrong with.
PATIENT_STATUSES = frozenset({408, 425, 429})
MAX_RETRY_AFTER = 24 * 3600


class Verdict(Enum):
    SENT = "sent"
    GONE = "gone"
    TOO_LARGE = "too_large"
    RETRY = "retry"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    # For people; holds neither the address nor a key.
    reason: str = ""
    retry_after: float | None = None


def answer_of(status: int, *, retry_after: str = "", detail: str = "") -> Answer:
    reason = " ".join(f"HTTP {status} {detail}".split())[:200]
    if 200 <= status < 300:
        return Answer(Verdict.SENT)
    if status in GONE_STATUSES:
        return Answer(Verdict.GONE, reason)
    if status == TOO_LARGE:
        return Answer(Verdict.TOO_LARGE, reason)
    if status in PATIENT_STATUSES or status >= 500:
        return Answer(Verdict.RETRY, reason, seconds_of(retry_after))
    # A redirection too: what was checked is the address that was given, not another one.
    return Answer(Verdict.REFUSED, reason)


def timed_out() -> Answer:
    return Answer(Verdict.RETRY, _("The push service did not answer in time."))


def unreachable() -> Answer:
    return Answer(Verdict.RETRY, _("The push service could not be reached."))


def stumbled() -> Answer:
    return Answer(Verdict.RETRY, _("This server failed to send it; its log says how."))


def not_public() -> Answer:
    return Answer(Verdict.REFUSED, _("The address of the device is not on the open internet."))


def not_configured() -> Answer:
    return Answer(Verdict.REFUSED, _("This server has no credentials for this kind of push."))


def seconds_of(retry_after: str) -> float | None:
    """Either notation of RFC 9110, and nothing for what is neither."""
    if retry_after.isdecimal():
        seconds = float(retry_after)
    else:
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)
