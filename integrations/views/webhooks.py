"""The webhooks of a bot."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.browser import SignedInRequest
from integrations.forms import IncomingWebhookForm
from integrations.models import IncomingWebhook
from integrations.services import incoming
from integrations.views.bot_page import Shown, answer, bot_of, bot_page, for_managers


@require_POST
@for_managers
def create_incoming(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot = bot_of(request, bot_id)
    conversations = incoming.conversations_for(actor=request.user, bot=bot).with_names()
    form, made = IncomingWebhookForm(request.POST, conversations=conversations), None
    if form.is_valid():
        made = form.carry_out(
            lambda: incoming.create_incoming_webhook(
                actor=request.user, bot=bot, **form.cleaned_data
            )
        )
    if made is None:
        return bot_page(request, bot, incoming_form=form)
    return bot_page(request, bot, shown=_shown(*made))


@require_POST
@for_managers
def revoke_incoming(request: SignedInRequest, bot_id: int, webhook_id: int) -> HttpResponse:
    bot = bot_of(request, bot_id)
    webhooks = IncomingWebhook.objects.visible_to(request.user).filter(bot=bot)
    webhook = get_object_or_404(webhooks.select_related("bot__organization"), pk=webhook_id)
    return answer(
        request,
        redirect("bot", bot.pk),
        _("The webhook is revoked."),
        lambda: incoming.revoke_incoming_webhook(actor=request.user, webhook=webhook),
    )


def _shown(webhook: IncomingWebhook, secret: str) -> Shown:
    return Shown(
        _("The webhook “%s”") % webhook.name,
        settings.SITE_URL + reverse("api:incoming-webhook", args=[secret]),
        _("Copy it now: whoever has this address can write by it, and it is shown this once."),
    )
