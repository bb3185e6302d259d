"""The notifications page: the same services as the API, by link and form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.browser import SignedInRequest
from chatproject.events import NotificationsQuery
from notifications import organization, services
from notifications.digest import end_digests, person_of
from notifications.forms import DigestForm, PreferencesForm, TellForm
from notifications.models import PushDecision, PushSubscription
from notifications.preferences import preferences_of, set_preferences

RECENT = 20
ASKED = ("conversationId", "cursor")


@login_required
@require_GET
def notifications(request: SignedInRequest) -> HttpResponse:
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name)}
    query = NotificationsQuery.model_validate(asked, strict=False)
    page = services.list_notifications(actor=request.user, query=query)
    context = {"page": page, "conversation_id": query.conversation_id}
    return render(request, "notifications/notifications.html", context)


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponseRedirect:
    services.mark_all_read(actor=request.user)
    return redirect("notifications")


@login_required
@require_POST
def read(request: SignedInRequest, notification_id: int) -> HttpResponseRedirect:
    """Seen: on to the conversation that it tells of, if it tells of one, and that is wanted."""
    notification = services.mark_read(actor=request.user, notification_id=notification_id)
    if notification.conversation_id is None or "stay" in request.POST:
        return redirect("notifications")
    return redirect("conversation", notification.conversation_id)


@login_required
@require_POST
def delete(request: SignedInRequest, notification_id: int) -> HttpResponseRedirect:
    services.delete_notification(actor=request.user, notification_id=notification_id)
    return redirect("notifications")


@login_required
@require_POST
def read_conversation(request: SignedInRequest, conversation_id: int) -> HttpResponseRedirect:
    services.mark_conversation_read(actor=request.user, conversation_id=conversation_id)
    return redirect("notifications")


@login_required
@require_POST
def delete_of_conversation(request: SignedInRequest, conversation_id: int) -> HttpResponseRedirect:
    services.delete_of_conversation(actor=request.user, conversation_id=conversation_id)
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: SignedInRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=preferences_of(request.user))
    if form.is_valid():
        set_preferences(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your notification settings are saved."))
        return redirect("notification-settings")
    return _preferences_page(request, form=form)


@require_POST
@login_required
def tell_organization(request: SignedInRequest) -> HttpResponse:
    organization.check_may_manage(actor=request.user)
    form = TellForm(request.POST)
    if form.is_valid():
        count = form.carry_out(
            lambda: organization.tell_organization(actor=request.user, **form.cleaned_data)
        )
    if form.errors:
        return _preferences_page(request, tell_form=form)
    messages.success(request, _("Told %d people.") % count)
    return redirect("notification-settings")


@require_POST
@login_required
def digest(request: SignedInRequest) -> HttpResponse:
    organization.check_may_manage(actor=request.user)
    form = DigestForm(request.POST)
    if form.is_valid():
        form.carry_out(lambda: organization.change_digest(actor=request.user, **form.cleaned_data))
    if form.errors:
        return _preferences_page(request, digest_form=form)
    messages.success(request, _("Saved."))
    return redirect("notification-settings")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a mail, whose secret makes it safe; mail programs post to it themselves (RFC 8058)."""
    person = person_of(token)
    if is_done := request.method == "POST":
        end_digests(person=person)
    context = {"person": person, "is_done": is_done}
    return render(request, "notifications/unsubscribe.html", context)


def _preferences_page(
    request: SignedInRequest,
    *,
    form: PreferencesForm | None = None,
    tell_form: TellForm | None = None,
    digest_form: DigestForm | None = None,
) -> HttpResponse:
    own = PushSubscription.objects.visible_to(request.user)
    decisions = PushDecision.objects.visible_to(request.user).with_sources()
    hours = organization.digest_after_hours(request.user)
    context = {
        "form": form or PreferencesForm(instance=preferences_of(request.user)),
        "tell_form": tell_form or TellForm(),
        "digest_form": digest_form or DigestForm(initial={"hours": hours or ""}),
        "may_manage": organization.may_manage_notifications(request.user),
        "has_digest": hours is not None,
        "devices": own.select_related("session").order_by("pk"),
        "decisions": decisions.order_by("-pk")[:RECENT],
    }
    return render(request, "notifications/preferences.html", context)
