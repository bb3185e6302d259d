"""The notifications page: the same services as the API, by link and form."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.browser import SignedInRequest
from chatproject.events import NotificationsQuery
from notifications import services


@login_required
@require_GET
def notifications(request: SignedInRequest) -> HttpResponse:
    query = NotificationsQuery(cursor=request.GET.get("cursor") or None)
    page = services.list_notifications(actor=request.user, query=query)
    return render(request, "notifications/notifications.html", {"page": page})


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponseRedirect:
    services.mark_all_read(actor=request.user)
    return redirect("notifications")


@login_required
@require_POST
def read(request: SignedInRequest, notification_id: int) -> HttpResponseRedirect:
    """Seen: on to the conversation that it tells of, if it tells of one."""
    notification = services.mark_read(actor=request.user, notification_id=notification_id)
    if notification.conversation_id is None:
        return redirect("notifications")
    return redirect("conversation", notification.conversation_id)


@login_required
@require_POST
def delete(request: SignedInRequest, notification_id: int) -> HttpResponseRedirect:
    services.delete_notification(actor=request.user, notification_id=notification_id)
    return redirect("notifications")
