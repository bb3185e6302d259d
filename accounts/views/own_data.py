"""What is kept about oneself: a copy of it, and the end of it."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.browser import SignedInRequest
from accounts.forms import AccountDeletionForm
from accounts.models import PersonalExport
from accounts.services import deletion, exports
from accounts.views.limits import limited


@require_safe
@login_required
def own_data(request: SignedInRequest) -> HttpResponse:
    return _page(request, AccountDeletionForm())


@require_POST
@limited("change")
@login_required
def request_export(request: SignedInRequest) -> HttpResponseRedirect:
    exports.request_export(actor=request.user)
    messages.success(request, _("Your data is being gathered. You are told when it is ready."))
    return redirect("own-data")


@require_safe
@login_required
def export_file(request: SignedInRequest, export_id: int) -> FileResponse:
    exports_here = PersonalExport.objects.visible_to(request.user).open()
    return download_of(get_object_or_404(exports_here, pk=export_id))


def download_of(export: PersonalExport) -> FileResponse:
    """Never kept by anybody on the way, and a file to the browser, whatever is in it."""
    moment = export.finished_at or export.requested_at
    return FileResponse(
        export.file.open(),
        as_attachment=True,
        filename=f"parley-{moment:%Y-%m-%d}.zip",
        content_type="application/zip",
        headers={"Cache-Control": "private, no-store"},
    )


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
    latest = PersonalExport.objects.visible_to(request.user).first()
    return render(request, "accounts/own_data.html", {"form": form, "export": latest})
