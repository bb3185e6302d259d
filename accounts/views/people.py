"""The organization's people, for those who manage them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policies
from accounts.browser import SignedInRequest
from accounts.forms import InvitationForm, RoleForm
from accounts.models import Invitation, User
from accounts.permissions import page_permitted
from accounts.privacy import sights_of
from accounts.roles import Permission, Role
from accounts.services import deletion, invitations, members
from accounts.shapes import avatar_url
from chatproject.errors import DomainError

PEOPLE_PER_PAGE = 50
MAX_SEARCH_LENGTH = 100


@require_safe
@login_required
@page_permitted(Permission.MANAGE_PEOPLE)
def people(request: SignedInRequest) -> HttpResponse:
    return _people_page(request, InvitationForm())


@require_POST
@login_required
@page_permitted(Permission.INVITE_PEOPLE)
def invite(request: SignedInRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if form.is_valid():
        form.carry_out(
            lambda: invitations.create_invitation(actor=request.user, **form.cleaned_data)
        )
    if form.errors:
        return _people_page(request, form)
    email = form.cleaned_data["email"]
    done = (
        _("The invitation is on its way to %s.") % email if email else _("The link is ready below.")
    )
    messages.success(request, done)
    return redirect("people")


@require_POST
@login_required
@page_permitted(Permission.INVITE_PEOPLE)
def revoke_invitation(request: SignedInRequest, invitation_id: int) -> HttpResponseRedirect:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=invitation_id)
    return _answer(
        request,
        _("The invitation is revoked."),
        lambda: invitations.revoke_invitation(actor=request.user, invitation=invitation),
    )


@require_POST
@login_required
@page_permitted(Permission.MANAGE_PEOPLE)
def change_role(request: SignedInRequest, user_id: int) -> HttpResponseRedirect:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return redirect("people")
    return _change(request, user_id, role=form.cleaned_data["role"])


@require_POST
@login_required
@page_permitted(Permission.MANAGE_PEOPLE)
def deactivate(request: SignedInRequest, user_id: int) -> HttpResponseRedirect:
    return _change(request, user_id, is_active=False)


@require_POST
@login_required
@page_permitted(Permission.MANAGE_PEOPLE)
def reactivate(request: SignedInRequest, user_id: int) -> HttpResponseRedirect:
    return _change(request, user_id, is_active=True)


@require_POST
@login_required
@page_permitted(Permission.MANAGE_PEOPLE)
def delete(request: SignedInRequest, user_id: int) -> HttpResponseRedirect:
    person = get_object_or_404(User.objects.visible_to(request.user).undeleted(), pk=user_id)
    return _answer(
        request,
        _("The account of %s is deleted.") % person.display_name,
        lambda: deletion.delete_account(actor=request.user, person=person),
    )


def _change(request: SignedInRequest, user_id: int, **changes: Any) -> HttpResponseRedirect:
    person = get_object_or_404(User.objects.visible_to(request.user), pk=user_id)
    return _answer(
        request,
        _("%s is changed.") % person.display_name,
        lambda: members.change_membership(actor=request.user, person=person, **changes),
    )


def _answer(request: SignedInRequest, done: str, operation: Any) -> HttpResponseRedirect:
    try:
        operation()
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("people")


def _people_page(request: SignedInRequest, form: InvitationForm) -> HttpResponse:
    viewer, search = request.user, request.GET.get("search", "")[:MAX_SEARCH_LENGTH]
    people_here = User.objects.visible_to(viewer).persons().undeleted()
    shown = people_here.select_related("organization").named_like(search)
    page = Paginator(shown, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    form.fields["role"].choices = _roles_to_give(viewer)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "page": page,
        "search": search,
        "roles": _roles_to_give(viewer),
        "rows": _rows(viewer, list(page)),
        "invitations": [
            (each, invitations.link_for(viewer, each)) for each in _open_invitations(viewer)
        ],
    }
    return render(request, "accounts/people.html", context)


def _rows(viewer: User, shown: list[User]) -> list[dict[str, Any]]:
    sights = sights_of(viewer, shown)
    return [
        {
            "person": person,
            "photo": avatar_url(person) if sights[person.pk].photo else None,
            "is_manageable": policies.may_manage(viewer, person),
            # After a first step that can be taken back.
            "is_deletable": not person.is_active and policies.may_delete(viewer, person),
        }
        for person in shown
    ]


def _roles_to_give(viewer: User) -> list[tuple[str, Any]]:
    return [
        (role.value, role.label)
        for role in Role
        if policies.may_give_role(viewer, viewer.organization, role)
    ]


def _open_invitations(viewer: User) -> Any:
    visible = Invitation.objects.visible_to(viewer).open()
    return visible.select_related("organization", "invited_by")
