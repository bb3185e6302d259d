from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.models import User
from accounts.services import sessions


class Command(changepassword.Command):
    """Django's own, which would leave whoever knew the old password signed in."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        told: str | None = super().handle(*args, **options)
        person = User.objects.get_by_natural_key(options["username"])
        sessions.revoke_sessions(actor=None, user=person, reason=sessions.Reason.PASSWORD_CHANGED)
        return told
