"""The page of one bot, which all operations come back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from accounts.browser import SignedInRequest
from accounts.models import ApiKey, User
from accounts.permissions import page_permitted
from accounts.roles import Permission
from chatproject.errors import DomainError
from integrations.forms import ApiKeyForm, BotForm, EndpointForm, IncomingWebhookForm
from integrations.models import IncomingWebhook, WebhookEndpoint
from integrations.services.incoming import conversations_for


@dataclass(frozen=True)
class Shown:
    """A secret, in the only answer that ever has it."""

    title: str
    text: str
    help_text: str


def for_managers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return login_required(page_permitted(Permission.MANAGE_BOTS)(view))


def bot_of(request: SignedInRequest, bot_id: int) -> User:
    bots = User.objects.visible_to(request.user).bots().undeleted()
    return get_object_or_404(bots.select_related("organization"), pk=bot_id)


def bot_page(
    request: SignedInRequest, bot: User, *, shown: Shown | None = None, **forms: Any
) -> HttpResponse:
    context = {
        "bot": bot,
        "shown": shown,
        "form": BotForm(initial={"display_name": bot.display_name, "about": bot.about}),
        "keys": ApiKey.objects.visible_to(request.user).filter(bot=bot, revoked_at=None),
        "key_form": ApiKeyForm(),
        "endpoints": WebhookEndpoint.objects.visible_to(request.user).filter(bot=bot),
        "endpoint_form": EndpointForm(),
        "incoming": _incoming(request.user, bot),
        "incoming_form": IncomingWebhookForm(
            conversations=conversations_for(actor=request.user, bot=bot).with_names()
        ),
    }
    response = render(request, "integrations/bot.html", context | forms)
    if shown:
        response["Cache-Control"] = "no-store"
    return response


def _incoming(viewer: User, bot: User) -> list[Any]:
    webhooks = IncomingWebhook.objects.visible_to(viewer).filter(bot=bot, revoked_at=None)
    people = ("conversation__lower_user", "conversation__higher_user")
    return list(webhooks.select_related("conversation", *people))


def answer(
    request: SignedInRequest, to: HttpResponseRedirect, done: str, operation: Callable[[], object]
) -> HttpResponseRedirect:
    """Done, or why not; either way it is told on the page that follows."""
    try:
        operation()
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, error.detail)
    return to
