"""Pages: parse, call one service, render. They work without script; the scripts make them live."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pydantic
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from chatproject.errors import DomainError, Forbidden, Invalid, NotFound
from conversations import policies
from conversations.contact_rows import contact_rows
from conversations.forms import GroupForm, MessageForm, StartForm
from conversations.models import Participant
from conversations.pages import ConversationPage, list_context
from conversations.services.contacts import contacts
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import send_message
from conversations.services.receipts import mark_read

# Sent by the scripts, which want the right-hand side alone.
PANE_HEADER = "X-Pane"
CONTACTS_SHOWN = 200
SEARCH_LENGTH = 100
# No id has more, and the database refuses what does not fit its column.
MAX_DIGITS = 19

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """For signed-in people; refusals become the pages that say so."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, request.user, *args, **kwargs)
        except (NotFound, Invalid, pydantic.ValidationError) as error:
            raise Http404 from error
        except Forbidden as error:
            raise PermissionDenied(error.detail) from error

    return answer


@require_GET
@page
def conversation_list(request: HttpRequest, user: User) -> HttpResponse:
    frame = {"frame": "conversations/panes.html"}
    context = frame | list_context(user, cursor=request.GET.get("cursor"))
    return _render(request, "conversations/home.html", context)


@require_http_methods(["GET", "POST"])
@page
def conversation(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _conversation_page(request, user, pk)
    form = MessageForm(request.POST, auto_id="composer-%s")
    if not form.is_valid():
        return _conversation_page(request, user, pk, form=form, status=400)
    try:
        send_message(actor=user, conversation_id=pk, body=form.body())
    except NotFound:
        raise
    except DomainError as error:
        form.add_error(None, error.detail)
        return _conversation_page(request, user, pk, form=form, status=error.status)
    return redirect("conversation", pk)


@require_POST
@page
def conversation_read(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mark_read(actor=user, conversation_id=pk)
    return redirect("conversation", pk)


@require_http_methods(["GET", "POST"])
@page
def new_conversation(request: HttpRequest, user: User) -> HttpResponse:
    if request.method != "POST":
        return _contacts_page(request, user)
    form = StartForm(request.POST)
    if not form.is_valid():
        raise NotFound
    try:
        place, _created = get_or_create_direct(actor=user, **form.cleaned_data)
    except (Forbidden, Invalid) as error:
        return _contacts_page(request, user, error=error.detail, status=error.status)
    return redirect("conversation", place.conversation_id)


@require_http_methods(["GET", "POST"])
@page
def new_group(request: HttpRequest, user: User) -> HttpResponse:
    if not policies.can_create_group(user):
        raise Forbidden
    frame = _frame(request, user)
    people = contacts(actor=user)
    form = GroupForm(request.POST or None, people=people)
    if form.is_valid() and (group := _create_group(user, form)):
        return redirect("conversation", group.conversation_id)
    context = {"form": form, "contacts": contact_rows(people), "chosen": form.chosen()}
    status = 400 if form.errors else 200
    return _render(request, "conversations/new_group.html", frame | context, status=status)


def _create_group(user: User, form: GroupForm) -> Participant | None:
    try:
        return create_group(actor=user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, error.detail)
        return None


def _conversation_page(
    request: HttpRequest,
    user: User,
    pk: int,
    *,
    form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = _frame(request, user, open_id=pk)
    shown = ConversationPage.load(user, pk, request.GET)
    context = shown.context(form=form, reply_to_id=_number(request.GET.get("reply_to")))
    return _render(request, "conversations/conversation.html", frame | context, status=status)


def _contacts_page(
    request: HttpRequest, user: User, *, error: str = "", status: int = 200
) -> HttpResponse:
    search = request.GET.get("search", "").strip()[:SEARCH_LENGTH]
    context = {
        "search": search,
        "contacts": contact_rows(contacts(actor=user, search=search)[:CONTACTS_SHOWN]),
        "may_create_group": policies.can_create_group(user),
        "error": error,
    }
    frame = _frame(request, user)
    return _render(request, "conversations/new.html", frame | context, status=status)


def _frame(request: HttpRequest, user: User, *, open_id: int | None = None) -> dict[str, Any]:
    """What stands around the pane; the scripts have that already. To be called before all else."""
    if PANE_HEADER in request.headers:
        return {"frame": "conversations/pane.html"}
    return {"frame": "conversations/panes.html"} | list_context(user, open_id=open_id)


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_vary_headers(response, [PANE_HEADER])
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < MAX_DIGITS else None
