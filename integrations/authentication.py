"""An incoming webhook is its own credential: the secret stands in the address, as is usual for them."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import User
from accounts.reader import speak_to
from chatproject.errors import NotFound
from integrations.models import IncomingWebhook
from integrations.services.incoming import live_incoming_webhook

SECRET = "webhook_secret"


class WebhookAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, IncomingWebhook]:
        webhook = live_incoming_webhook(_secret_of(request._request))
        if webhook is None:
            raise NotFound
        speak_to(webhook.bot)
        return webhook.bot, webhook


def _secret_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs[SECRET]) if match else ""
