"""The audit actions of notifications."""

from accounts.audit import register

ORGANIZATION_TOLD = register("organization.told", "{actor} told everybody: {text}")
DIGEST_CHANGED = register(
    "organization.digest_changed",
    "{actor} set after how many hours away people are mailed what they missed: {hours}",
)
