"""What is kept about oneself: the end of it."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.browser import SignedInRequest
from accounts.forms import AccountDeletionForm
from accounts.services import deletion
from accounts.views.limits import limited


@require_safe
@login_required
def own_data(request: SignedInRequest) -> HttpResponse:
    return _page(request, AccountDeletionForm())


@require_POST
@sensitive_post_parameters("password")
@limited("sign-in")
@login_required
def delete_account(request: SignedInRequest) -> HttpResponse:
    form = AccountDeletionForm(request.POST)
    if form.is_valid():
        form.carry_out(lambda: deletion.delete_own_account(actor=request.user, **form.cleaned_data))
    if form.errors:
        return _page(request, form)
    auth.logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("sign-in")


def _page(request: SignedInRequest, form: AccountDeletionForm) -> HttpResponse:
    return render(request, "accounts/own_data.html", {"form": form})
