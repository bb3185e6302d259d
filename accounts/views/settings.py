"""What people set for themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.browser import SignedInRequest
from accounts.forms import PasswordChangeForm, PrivacyForm, ProfileForm, profile_of
from accounts.models import Block, PrivacySettings, Session
from accounts.services import passwords, profiles, sessions
from accounts.views.limits import limited

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(
        request.POST or None, request.FILES or None, initial=profile_of(request.user)
    )
    if form.is_valid():
        form.carry_out(lambda: profiles.update_me(actor=request.user, changes=_my_changes(form)))
        if form.is_valid():
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    # A refused form may have put what it refused onto the user.
    request.user.refresh_from_db()
    return render(request, "accounts/profile.html", {"form": form})


@get_or_post
@login_required
def privacy(request: SignedInRequest) -> HttpResponse:
    form = PrivacyForm(request.POST or None, instance=PrivacySettings.of(request.user))
    if form.is_valid():
        profiles.update_privacy(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your privacy settings are saved."))
        return redirect("privacy")
    blocks = Block.objects.visible_to(request.user).select_related("blocked")
    return render(request, "accounts/privacy.html", {"form": form, "blocks": blocks})


@require_POST
@login_required
def unblock(request: SignedInRequest, user_id: int) -> HttpResponseRedirect:
    block = get_object_or_404(Block.objects.visible_to(request.user), blocked_id=user_id)
    profiles.unblock(actor=request.user, person=block.blocked)
    return redirect("privacy")


@require_safe
@login_required
def devices(request: SignedInRequest) -> HttpResponse:
    return _devices_page(request, PasswordChangeForm())


@require_POST
@sensitive_post_parameters("current_password", "new_password")
@limited("sign-in")
@login_required
def password(request: SignedInRequest) -> HttpResponse:
    form = PasswordChangeForm(request.POST)
    if form.is_valid():
        form.carry_out(
            lambda: passwords.change_password(
                actor=request.user, keep=request.device, **form.cleaned_data
            )
        )
    if form.errors:
        return _devices_page(request, form)
    messages.success(request, _("Your password is changed. All other devices are signed out."))
    return redirect("devices")


@require_POST
@login_required
def sign_out_device(request: SignedInRequest, session_id: int) -> HttpResponseRedirect:
    session = get_object_or_404(Session.objects.visible_to(request.user).live(), pk=session_id)
    sessions.revoke_session(
        actor=request.user, session=session, reason=sessions.Reason.SIGNED_OUT_ELSEWHERE
    )
    return redirect("devices")


@require_POST
@login_required
def sign_out_others(request: SignedInRequest) -> HttpResponseRedirect:
    sessions.revoke_sessions(
        actor=request.user,
        user=request.user,
        reason=sessions.Reason.SIGNED_OUT_ELSEWHERE,
        keep=request.device,
    )
    messages.success(request, _("All other devices are signed out."))
    return redirect("devices")


def _devices_page(request: SignedInRequest, form: PasswordChangeForm) -> HttpResponse:
    own = Session.objects.visible_to(request.user).live()
    return render(request, "accounts/devices.html", {"sessions": own, "form": form})


def _my_changes(form: ProfileForm) -> profiles.MyChanges:
    given = dict(form.cleaned_data)
    picture, removed = given.pop("avatar"), given.pop("remove_avatar")
    changes: profiles.MyChanges = {"profile": given}  # type: ignore[typeddict-item]
    if picture or removed:
        changes["avatar"] = picture
    return changes
