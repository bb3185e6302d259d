"""Outgoing webhooks: what a program is told, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.browser import SignedInRequest
from accounts.models import User
from chatproject.errors import DomainError
from integrations import teller
from integrations.forms import EndpointForm
from integrations.models import WebhookDelivery, WebhookEndpoint
from integrations.services import endpoints
from integrations.views.bot_page import Shown, answer, bot_of, bot_page, for_managers

SHOWN = 50


@require_POST
@for_managers
def create(request: SignedInRequest, bot_id: int) -> HttpResponse:
    bot, form, made = bot_of(request, bot_id), EndpointForm(request.POST), None
    if form.is_valid():
        made = form.carry_out(
            lambda: endpoints.create_endpoint(actor=request.user, bot=bot, **form.cleaned_data)
        )
    if made is None:
        return bot_page(request, bot, endpoint_form=form)
    return _page(request, bot, made[0], shown=_shown(*made))


@require_safe
@for_managers
def endpoint(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    return _page(request, *_endpoint_of(request, bot_id, endpoint_id))


@require_POST
@for_managers
def change(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    form = EndpointForm(request.POST)
    if form.is_valid():
        form.carry_out(
            lambda: endpoints.change_endpoint(
                actor=request.user, endpoint=endpoint, **form.cleaned_data
            )
        )
    if form.errors:
        return _page(request, bot, endpoint, form=form)
    messages.success(request, _("The webhook is changed."))
    return _to(endpoint)


@require_POST
@for_managers
def rotate(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    made = endpoints.rotate_secret(actor=request.user, endpoint=endpoint)
    return _page(request, bot, made[0], shown=_shown(*made))


@require_POST
@for_managers
def switch_on(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    return _switch(request, bot_id, endpoint_id, _("The webhook is on."), is_on=True)


@require_POST
@for_managers
def switch_off(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    return _switch(request, bot_id, endpoint_id, _("The webhook is off."), is_on=False)


@require_POST
@for_managers
def test(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    """Sent at once: somebody waits."""
    _bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    try:
        delivery = endpoints.enqueue_test(actor=request.user, endpoint=endpoint)
        teller.tell_now(delivery_id=delivery.pk)
        delivery.refresh_from_db()
        _tell(request, delivery)
    except DomainError as error:
        messages.error(request, error.detail)
    return _to(endpoint)


@require_POST
@for_managers
def remove(request: SignedInRequest, bot_id: int, endpoint_id: int) -> HttpResponse:
    bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    return answer(
        request,
        redirect("bot", bot.pk),
        _("The webhook is removed."),
        lambda: endpoints.remove_endpoint(actor=request.user, endpoint=endpoint),
    )


@require_POST
@for_managers
def redeliver(
    request: SignedInRequest, bot_id: int, endpoint_id: int, delivery_id: int
) -> HttpResponse:
    _bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    deliveries = WebhookDelivery.objects.visible_to(request.user).filter(endpoint=endpoint)
    delivery = get_object_or_404(
        deliveries.select_related("endpoint__bot__organization"), pk=delivery_id
    )
    return answer(
        request,
        _to(endpoint),
        _("It is sent again in a moment."),
        lambda: endpoints.redeliver(actor=request.user, delivery=delivery),
    )


def _switch(
    request: SignedInRequest, bot_id: int, endpoint_id: int, done: str, *, is_on: bool
) -> HttpResponseRedirect:
    _bot, endpoint = _endpoint_of(request, bot_id, endpoint_id)
    return answer(
        request,
        _to(endpoint),
        done,
        lambda: endpoints.switch_endpoint(actor=request.user, endpoint=endpoint, is_on=is_on),
    )


def _endpoint_of(
    request: SignedInRequest, bot_id: int, endpoint_id: int
) -> tuple[User, WebhookEndpoint]:
    bot = bot_of(request, bot_id)
    found = WebhookEndpoint.objects.visible_to(request.user).filter(bot=bot)
    return bot, get_object_or_404(found.select_related("bot__organization"), pk=endpoint_id)


def _page(
    request: SignedInRequest,
    bot: User,
    endpoint: WebhookEndpoint,
    *,
    form: EndpointForm | None = None,
    shown: Shown | None = None,
) -> HttpResponse:
    initial = {name: getattr(endpoint, name) for name in ("name", "url", "events")}
    deliveries = WebhookDelivery.objects.visible_to(request.user).filter(endpoint=endpoint)
    context = {
        "bot": bot,
        "endpoint": endpoint,
        "form": form or EndpointForm(initial=initial),
        "deliveries": deliveries[:SHOWN],
        "shown": shown,
    }
    response = render(request, "integrations/endpoint.html", context)
    if shown:
        response["Cache-Control"] = "no-store"
    return response


def _shown(endpoint: WebhookEndpoint, secret: str) -> Shown:
    return Shown(
        _("The secret of the webhook “%s”") % endpoint.name,
        secret,
        _("Copy it now: by it the receiver knows that it is us, and it is shown this once."),
    )


def _tell(request: SignedInRequest, delivery: WebhookDelivery) -> None:
    if delivery.state == WebhookDelivery.State.SENT:
        messages.success(request, _("The receiver took it (HTTP %s).") % delivery.status)
    else:
        messages.error(request, _("It did not work: %s") % delivery.reason)


def _to(endpoint: WebhookEndpoint) -> HttpResponseRedirect:
    return redirect("endpoint", endpoint.bot_id, endpoint.pk)
