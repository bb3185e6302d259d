"""People of one organization, and a signed-in device for each."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import Organization, PrivacySettings, Session, User
from tests.cast import password_hash

HOME = "Bench"


def people(count: int) -> list[User]:
    home, _created = Organization.objects.get_or_create(slug=HOME.lower(), defaults={"name": HOME})
    first = home.people.count() + 1
    found = [
        User(
            organization=home,
            email=f"person{number}@{home.slug}.example",
            display_name=f"Person {number}",
            password=password_hash(),
        )
        for number in range(first, first + count)
    ]
    User.objects.bulk_create(found)
    PrivacySettings.objects.bulk_create(PrivacySettings(user=one) for one in found)
    return found


def tokens(users: Sequence[User]) -> list[str]:
    sessions = [Session(user=one, kind=Session.Kind.API, label="bench") for one in users]
    Session.objects.bulk_create(sessions)
    return [token_of(session) for session in sessions]


def token_of(session: Session) -> str:
    token = AccessToken.for_user(session.user)
    token["sid"] = session.pk
    return str(token)
