"""Links that e-mails carry. Each is a secret: it is made when needed and stored nowhere."""

from hashlib import sha256

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Invitation, User


def invitation_link(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("invitation", args=[invitation_token(invitation.seed)])


def invitation_token(seed: str) -> str:
    return salted_hmac("accounts.invitation", seed, algorithm="sha256").hexdigest()


def invitation_hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def password_reset_link(person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    return settings.SITE_URL + reverse("password-reset-confirm", args=[uid, token])
