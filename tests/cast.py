"""Who plays in the tests. Acme: alice (owner), bob and carol (members), gus (guest). Globex: mallory."""

from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.models import Organization, PrivacySettings, User
from accounts.roles import Role

PASSWORD = "correct horse battery"


def organization(name: str, *, slug: str = "") -> Organization:
    return Organization.objects.create(name=name, slug=slug or name.lower())


def person(name: str, home: Organization, role: Role = Role.MEMBER) -> User:
    user = User(
        organization=home,
        email=f"{name.lower()}@{home.slug}.example",
        display_name=name,
        role=role,
        password=password_hash(),
    )
    user.save()
    PrivacySettings.objects.create(user=user)
    return user


@cache
def password_hash() -> str:
    # Slow by design, so it is made once.
    return make_password(PASSWORD)


def everybody(*, suffix: str) -> dict[str, User]:
    acme = organization("Acme", slug=f"acme{suffix}")
    globex = organization("Globex", slug=f"globex{suffix}")
    return {
        "alice": person("Alice", acme, Role.OWNER),
        "bob": person("Bob", acme),
        "carol": person("Carol", acme),
        "gus": person("Gus", acme, Role.GUEST),
        "mallory": person("Mallory", globex, Role.OWNER),
    }
