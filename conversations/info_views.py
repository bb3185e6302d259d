"""The page about a conversation: who is in it, what it is, how one keeps it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from accounts.browser import SignedInRequest
from accounts.models import User
from accounts.services import profiles
from chatproject.errors import DomainError, NotFound
from chatproject.events import PreferencesBody, RoleBody
from conversations import policies
from conversations.contact_rows import contact_rows
from conversations.forms import GroupDetailsForm, MembersForm, PictureForm
from conversations.info import InfoPage, people_to_add
from conversations.models import Participant
from conversations.services.groups import change_group, change_picture
from conversations.services.members import add_members, change_role, leave, remove_member
from conversations.services.membership import participation
from conversations.services.preferences import change_preferences
from conversations.views import PANE_HEADER, conversation_context, frame_of, render_page


@login_required
@require_GET
def info(request: SignedInRequest, pk: int) -> HttpResponse:
    return _info_page(request, pk)


@login_required
@require_POST
def group(request: SignedInRequest, pk: int) -> HttpResponse:
    form = GroupDetailsForm(request.POST)
    if not form.is_valid():
        return _info_page(request, pk, form=form, status=400)
    return _carry_out(
        request,
        pk,
        lambda: change_group(actor=request.user, conversation_id=pk, changes=form.changes()),
    )


@login_required
@require_POST
def picture(request: SignedInRequest, pk: int) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES)
    chosen = form.cleaned_data["picture"] if form.is_valid() else None
    if chosen is None and "remove" not in request.POST:
        messages.error(request, _("Choose a picture first."))
        return redirect("conversation-info", pk)
    return _carry_out(
        request,
        pk,
        lambda: change_picture(actor=request.user, conversation_id=pk, picture=chosen),
    )


@login_required
@require_POST
def preferences(request: SignedInRequest, pk: int) -> HttpResponse:
    given = {
        name: request.POST[name] for name in PreferencesBody.model_fields if name in request.POST
    }
    try:
        changes = PreferencesBody.model_validate(given, strict=False)
    except ValidationError as error:
        raise NotFound from error
    return _carry_out(
        request,
        pk,
        lambda: change_preferences(actor=request.user, conversation_id=pk, changes=changes),
    )


@login_required
def members(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom to add; and adding them."""
    if request.method != "POST":
        return _choice_page(request, pk)
    form = MembersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody first."))
        return redirect("members", pk)
    return _carry_out(
        request,
        pk,
        lambda: add_members(actor=request.user, conversation_id=pk, **form.cleaned_data),
    )


@login_required
@require_POST
def member_remove(request: SignedInRequest, pk: int, user_id: int) -> HttpResponse:
    return _carry_out(
        request,
        pk,
        lambda: remove_member(actor=request.user, conversation_id=pk, user_id=user_id),
    )


@login_required
@require_POST
def member_role(request: SignedInRequest, pk: int, user_id: int) -> HttpResponse:
    try:
        role = RoleBody.model_validate({"role": request.POST.get("role")}).role
    except ValidationError as error:
        raise NotFound from error
    return _carry_out(
        request,
        pk,
        lambda: change_role(actor=request.user, conversation_id=pk, user_id=user_id, role=role),
    )


@login_required
@require_POST
def leave_group(request: SignedInRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, lambda: leave(actor=request.user, conversation_id=pk))


@login_required
@require_POST
def block(request: SignedInRequest, pk: int) -> HttpResponse:
    person = _peer(request.user, pk)
    return _carry_out(request, pk, lambda: profiles.block(actor=request.user, person=person))


@login_required
@require_POST
def unblock(request: SignedInRequest, pk: int) -> HttpResponse:
    person = _peer(request.user, pk)
    return _carry_out(request, pk, lambda: profiles.unblock(actor=request.user, person=person))


def _info_page(
    request: SignedInRequest, pk: int, *, form: GroupDetailsForm | None = None, status: int = 200
) -> HttpResponse:
    frame = frame_of(request, open_id=pk)
    page = InfoPage.load(request.user, pk)
    context = _beside(request, pk) | page.context(form=form)
    return render_page(request, "conversations/info.html", frame | context, status=status)


def _choice_page(request: SignedInRequest, pk: int) -> HttpResponse:
    if not policies.can_manage_members(_place(request.user, pk)):
        raise NotFound
    frame = frame_of(request, open_id=pk)
    page = InfoPage.load(request.user, pk)
    chosen = {"contacts": contact_rows(people_to_add(request.user, page.detail))}
    context = _beside(request, pk) | page.context(form=None) | chosen
    return render_page(request, "conversations/members.html", frame | context)


def _beside(request: SignedInRequest, pk: int) -> dict[str, Any]:
    """The messages, unless the scripts have them already."""
    return {} if request.headers.get(PANE_HEADER) == "info" else conversation_context(request, pk)


def _carry_out(request: SignedInRequest, pk: int, operation: Callable[[], object]) -> HttpResponse:
    """Back to the page; what was refused is said there."""
    try:
        operation()
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("conversation-info", pk)


def _place(user: User, pk: int) -> Participant:
    return participation(actor=user, conversation_id=pk)


def _peer(user: User, pk: int) -> User:
    peer = policies.other_person(_place(user, pk))
    return get_object_or_404(User.objects.visible_to(user), pk=peer.pk if peer else None)
