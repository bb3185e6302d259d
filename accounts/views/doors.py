"""Pages for people who are not signed in: signing in, joining, and getting back in."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.browser import DeviceRequest, sign_in_browser, sign_out_browser
from accounts.forms import (
    AcceptanceForm,
    NewPasswordForm,
    PasswordResetForm,
    RegistrationForm,
    SignInForm,
)
from accounts.services import invitations, passwords, registration
from accounts.sign_in import check_password
from accounts.views.limits import limited

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@never_cache
@sensitive_post_parameters("password")
@limited("sign-in")
def sign_in(request: DeviceRequest) -> HttpResponse:
    if request.device:
        return redirect(_destination(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = form.carry_out(lambda: check_password(request, **form.cleaned_data))
        if user:
            sign_in_browser(request, user)
            return redirect(_destination(request))
    context = {"form": form, "next": _asked_for(request), "is_open": settings.REGISTRATION_OPEN}
    return render(request, "accounts/sign_in.html", context)


@require_POST
def sign_out(request: DeviceRequest) -> HttpResponseRedirect:
    sign_out_browser(request)
    return redirect("sign-in")


@get_or_post
@never_cache
@sensitive_post_parameters("password")
@limited("sign-in")
def register(request: HttpRequest) -> HttpResponse:
    if not settings.REGISTRATION_OPEN:
        raise Http404
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        owner = form.carry_out(lambda: registration.register_organization(**form.cleaned_data))
        if owner:
            sign_in_browser(request, owner)
            return redirect("people")
    return render(request, "accounts/register.html", {"form": form})


@get_or_post
@never_cache
@sensitive_post_parameters("password")
@limited("sign-in")
def invitation(request: DeviceRequest, token: str) -> HttpResponse:
    offered = invitations.open_invitation(token)
    if offered is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    if request.device:
        return render(request, "accounts/invitation_signed_in.html", {"invitation": offered})
    form = AcceptanceForm(request.POST or None)
    if offered.email:
        del form.fields["email"]
    if form.is_valid():
        person = form.carry_out(
            lambda: invitations.accept_invitation(token=token, **form.cleaned_data)
        )
        if person:
            sign_in_browser(request, person)
            return redirect("conversation-list")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": offered})


@get_or_post
@limited("sign-in")
def password_reset(request: HttpRequest) -> HttpResponse:
    form = PasswordResetForm(request.POST or None)
    if form.is_valid():
        passwords.request_password_reset(**form.cleaned_data)
        return redirect("password-reset-sent")
    return render(request, "accounts/password_reset.html", {"form": form})


@require_safe
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return render(request, "accounts/password_reset_sent.html", {"hours": hours})


@get_or_post
@never_cache
@sensitive_post_parameters("new_password")
@limited("sign-in")
def password_reset_confirm(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    person = passwords.person_of_link(uid=uid, token=token)
    if person is None:
        return render(request, "accounts/password_reset_gone.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        form.carry_out(lambda: passwords.reset_password(uid=uid, token=token, **form.cleaned_data))
        if form.is_valid():
            return redirect("password-reset-done")
    return render(request, "accounts/password_reset_confirm.html", {"form": form, "person": person})


@require_safe
def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_done.html")


def _asked_for(request: HttpRequest) -> str:
    """Where they were going, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def _destination(request: HttpRequest) -> str:
    return _asked_for(request) or settings.LOGIN_REDIRECT_URL
