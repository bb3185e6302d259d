"""Pages: parse, call one service, render. They work without script; the scripts make them live."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.browser import SignedInRequest
from accounts.models import User
from chatproject.errors import DomainError, Forbidden, Invalid, NotFound
from chatproject.events import ConversationsQuery, MessageShape
from conversations import policies
from conversations.contact_rows import contact_rows
from conversations.forms import EditForm, GroupForm, MessageForm, StartForm
from conversations.models import Participant
from conversations.pages import ConversationPage, list_context, list_query, message_context
from conversations.services.contacts import contacts, people_to_choose
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.explaining import explain_notification
from conversations.services.hiding import delete_message_for_me
from conversations.services.message_info import message_in_full
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_read
from conversations.writer import send_message

# Sent by the scripts, which want one part of the page alone: what is on the right, or what is beside that.
PANE_HEADER = "X-Pane"
PANES = {"info": "conversations/info_pane.html"}
CONTACTS_SHOWN = 200
SEARCH_LENGTH = 100
# No id has more, and the database refuses what does not fit its column.
MAX_DIGITS = 19


@login_required
@require_GET
def conversation_list(request: SignedInRequest) -> HttpResponse:
    frame = frame_of(request, query=list_query(request.GET))
    return render_page(request, "conversations/home.html", frame)


@login_required
@require_http_methods(["GET", "POST"])
def conversation(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _conversation_page(request, pk)
    form = MessageForm(request.POST, auto_id="composer-%s")
    if not form.is_valid():
        return _conversation_page(request, pk, form=form, status=400)
    try:
        send_message(actor=request.user, conversation_id=pk, body=form.body())
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error)
        return _conversation_page(request, pk, form=form, status=error.status)
    return redirect("conversation", pk)


@login_required
@require_POST
def conversation_read(request: SignedInRequest, pk: int) -> HttpResponse:
    mark_read(actor=request.user, conversation_id=pk)
    return redirect("conversation", pk)


@login_required
@require_GET
def message(request: SignedInRequest, pk: int, message_id: int) -> HttpResponse:
    """One message by itself: how far it got, and what can be done with it."""
    return _message_page(request, pk, message_id)


@login_required
@require_POST
def message_edit(request: SignedInRequest, pk: int, message_id: int) -> HttpResponse:
    form = EditForm(request.POST)
    if not form.is_valid():
        return _message_page(request, pk, message_id, form=form, status=400)
    try:
        edited = edit_message(
            actor=request.user, conversation_id=pk, message_id=message_id, **form.cleaned_data
        )
    except Forbidden as error:
        form.add_error(None, error.detail)
        return _message_page(request, pk, message_id, form=form, status=error.status)
    return _to_message(edited)


@login_required
@require_POST
def message_delete(request: SignedInRequest, pk: int, message_id: int) -> HttpResponse:
    deleted = delete_message(actor=request.user, conversation_id=pk, message_id=message_id)
    return _to_message(deleted)


@login_required
@require_POST
def message_delete_for_me(request: SignedInRequest, pk: int, message_id: int) -> HttpResponse:
    delete_message_for_me(actor=request.user, conversation_id=pk, message_id=message_id)
    return redirect("conversation", pk)


@login_required
@require_http_methods(["GET", "POST"])
def new_conversation(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _contacts_page(request)
    form = StartForm(request.POST)
    if not form.is_valid():
        raise NotFound
    try:
        place, _created = get_or_create_direct(actor=request.user, **form.cleaned_data)
    except (Forbidden, Invalid) as error:
        return _contacts_page(request, error=error.detail, status=error.status)
    return redirect("conversation", place.conversation_id)


@login_required
@require_http_methods(["GET", "POST"])
def new_group(request: SignedInRequest) -> HttpResponse:
    if not policies.can_create_group(request.user):
        raise Forbidden
    frame = frame_of(request)
    people = people_to_choose(actor=request.user)
    form = GroupForm(request.POST or None, people=people)
    if form.is_valid() and (group := _create_group(request.user, form)):
        return redirect("conversation", group.conversation_id)
    context = {"form": form, "contacts": contact_rows(people), "chosen": form.chosen()}
    status = 400 if form.errors else 200
    return render_page(request, "conversations/new_group.html", frame | context, status=status)


def _create_group(user: User, form: GroupForm) -> Participant | None:
    try:
        return create_group(actor=user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, error.detail)
        return None


def _conversation_page(
    request: SignedInRequest,
    pk: int,
    *,
    form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = frame_of(request, open_id=pk)
    context = conversation_context(request, pk, form=form)
    return render_page(request, "conversations/conversation.html", frame | context, status=status)


def conversation_context(
    request: SignedInRequest, pk: int, *, form: MessageForm | None = None
) -> dict[str, Any]:
    shown = ConversationPage.load(request.user, pk, request.GET)
    reply_to = request.POST.get("reply_to_id") or request.GET.get("reply_to")
    return shown.context(form=form, reply_to_id=_number(reply_to))


def _message_page(
    request: SignedInRequest,
    pk: int,
    message_id: int,
    *,
    form: EditForm | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = frame_of(request, open_id=pk)
    found = message_in_full(actor=request.user, conversation_id=pk, message_id=message_id)
    context = message_context(found, user=request.user, form=form)
    context["reason"] = explain_notification(
        actor=request.user, conversation_id=pk, message_id=message_id
    )
    return render_page(request, "conversations/message.html", frame | context, status=status)


def _to_message(shape: MessageShape) -> HttpResponse:
    """Back to where it stands in its conversation."""
    address = reverse("conversation", args=[shape.conversation_id])
    return redirect(f"{address}?around={shape.seq}#message-{shape.seq}")


def _contacts_page(request: SignedInRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    search = request.GET.get("search", "").strip()[:SEARCH_LENGTH]
    context = {
        "search": search,
        "contacts": contact_rows(contacts(actor=request.user, search=search)[:CONTACTS_SHOWN]),
        "may_create_group": policies.can_create_group(request.user),
        "error": error,
    }
    frame = frame_of(request)
    return render_page(request, "conversations/new.html", frame | context, status=status)


def frame_of(
    request: SignedInRequest,
    *,
    query: ConversationsQuery | None = None,
    open_id: int | None = None,
) -> dict[str, Any]:
    """What stands around the pane; the scripts have that already. To be called before all else."""
    if pane := request.headers.get(PANE_HEADER):
        return {"frame": PANES.get(pane, "conversations/pane.html")}
    return {"frame": "conversations/panes.html"} | list_context(
        request.user, query=query, open_id=open_id
    )


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_vary_headers(response, [PANE_HEADER])
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < MAX_DIGITS else None
