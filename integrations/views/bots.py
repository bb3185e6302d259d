"""Bots and their keys."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.browser import SignedInRequest
from accounts.models import ApiKey, User
from accounts.services import api_keys, members
from accounts.services import bots as services
from chatproject.errors import DomainError
from integrations.forms import ApiKeyForm, BotForm
from integrations.views.bot_page import Shown, answer, bot_of, bot_page, for_managers


@require_safe
@for_managers
def bots(request: SignedInRequest) -> HttpResponse:
    return _bots_page(request, BotForm())


@require_POST
@for_managers
def create_bot(request: SignedInRequest) -> HttpResponse:
    form = BotForm(request.POST)
    if form.is_valid():
        bot = form.carry_out(lambda: services.create_bot(actor=request.user, **form.cleaned_data))
        if bot:
            messages.success(request, _("The bot is made. Give it a key, or a webhook."))
            return redirect("bot", bot.pk)
    return _bots_page(request, form)


@require_safe
@for_managers
def bot(request: SignedInRequest, bot_id: int) -> HttpResponse:
    return bot_page(request, bot_of(request, bot_id))


@require_POST
@for_managers
def change_bot(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot, form = bot_of(request, bot_id), BotForm(request.POST)
    if form.is_valid():
        form.carry_out(
            lambda: services.change_bot(actor=request.user, bot=bot, **form.cleaned_data)
        )
    if form.errors:
        return bot_page(request, bot, form=form)
    messages.success(request, _("The bot is changed."))
    return redirect("bot", bot.pk)


@require_POST
@for_managers
def deactivate_bot(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot = bot_of(request, bot_id)
    done = _("The bot is deactivated: its keys and webhooks do nothing.")
    return answer(
        request,
        redirect("bot", bot.pk),
        done,
        lambda: members.deactivate(actor=request.user, person=bot),
    )


@require_POST
@for_managers
def reactivate_bot(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot = bot_of(request, bot_id)
    done = _("The bot is active again.")
    return answer(
        request,
        redirect("bot", bot.pk),
        done,
        lambda: members.reactivate(actor=request.user, person=bot),
    )


# --- Keys --------------------------------------------------------------------------------------


@require_POST
@for_managers
def create_key(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot, form = bot_of(request, bot_id), ApiKeyForm(request.POST)
    made = None
    if form.is_valid():
        made = form.carry_out(
            lambda: api_keys.create_api_key(
                actor=request.user,
                bot=bot,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
            )
        )
    if made is None:
        return bot_page(request, bot, key_form=form)
    return bot_page(request, bot, shown=_shown(*made))


@require_POST
@for_managers
def rotate_key(request: SignedInRequest, bot_id: int, key_id: int) -> HttpResponse:
    bot, key = _key_of(request, bot_id, key_id)
    try:
        made = api_keys.rotate_api_key(actor=request.user, key=key)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("bot", bot.pk)
    return bot_page(request, bot, shown=_shown(*made))


@require_POST
@for_managers
def revoke_key(request: SignedInRequest, bot_id: int, key_id: int) -> HttpResponse:
    bot, key = _key_of(request, bot_id, key_id)
    return answer(
        request,
        redirect("bot", bot.pk),
        _("The key is revoked."),
        lambda: api_keys.revoke_api_key(actor=request.user, key=key),
    )


def _key_of(request: SignedInRequest, bot_id: int, key_id: int) -> tuple[User, ApiKey]:
    bot = bot_of(request, bot_id)
    keys = ApiKey.objects.visible_to(request.user).filter(bot=bot)
    return bot, get_object_or_404(keys.select_related("bot__organization"), pk=key_id)


def _shown(key: ApiKey, secret: str) -> Shown:
    return Shown(
        _("The key “%s”") % key.name,
        secret,
        _("Copy it now: it is shown this once, and nobody can read it again."),
    )


def _bots_page(request: SignedInRequest, form: BotForm) -> HttpResponse:
    found = User.objects.visible_to(request.user).bots().undeleted()
    return render(request, "integrations/bots.html", {"bots": found, "form": form})
