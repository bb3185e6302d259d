"""What pages ask for. Forms check shapes; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext_lazy as _

from accounts.models import PrivacySettings, User
from accounts.roles import Role
from accounts.serializers import MAX_PASSWORD_LENGTH
from chatproject.errors import DomainError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Result = TypeVar("Result")


class OperationForm(forms.Form):
    """A form in front of one service: what the service refuses is shown beside the field it names."""

    def carry_out(self, operation: Callable[[], Result]) -> Result | None:
        try:
            return operation()
        except DomainError as error:
            name = camel_case_to_spaces(error.attr or "").replace(" ", "_")
            self.add_error(name if name in self.fields else None, error.detail)
            return None


def password_field(label: StrOrPromise, *, new: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MAX_PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password" if new else "current-password"}),
    )


def email_field() -> forms.EmailField:
    widget = forms.EmailInput({"autocomplete": "username", "autocapitalize": "none"})
    return forms.EmailField(label=_("E-mail address"), max_length=254, widget=widget)


def name_field() -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "name"})
    return forms.CharField(label=_("Your name"), max_length=80, widget=widget)


class SignInForm(OperationForm):
    email = email_field()
    password = password_field(_("Password"), new=False)


class RegistrationForm(OperationForm):
    name = forms.CharField(
        label=_("Name of the organization"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    display_name = name_field()
    email = email_field()
    password = password_field(_("Password"), new=True)


class AcceptanceForm(OperationForm):
    email = email_field()
    display_name = name_field()
    password = password_field(_("Password"), new=True)


class PasswordResetForm(OperationForm):
    email = email_field()


class NewPasswordForm(OperationForm):
    new_password = password_field(_("New password"), new=True)


class PasswordChangeForm(OperationForm):
    current_password = password_field(_("Current password"), new=False)
    new_password = password_field(_("New password"), new=True)


class AccountDeletionForm(OperationForm):
    password = password_field(_("Password"), new=False)


class ProfileForm(OperationForm):
    avatar = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF. It is cropped to a square."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    remove_avatar = forms.BooleanField(label=_("Remove my picture"), required=False)
    display_name = name_field()
    about = forms.CharField(
        label=_("About"),
        max_length=140,
        required=False,
        help_text=_("A line about you that others see."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name) for name in sorted(available_timezones())]
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PrivacyForm(forms.ModelForm):
    class Meta:
        model = PrivacySettings
        fields = ("last_seen", "online", "photo", "about", "groups", "read_receipts")
        labels = {
            "last_seen": _("Who can see when I was last here"),
            "online": _("Who can see that I am online"),
            "photo": _("Who can see my picture"),
            "about": _("Who can see the line about me"),
            "groups": _("Who can add me to groups"),
            "read_receipts": _("Tell people that I have read their messages"),
        }
        help_texts = {
            "last_seen": _("You see the last seen of those only who can see yours."),
            "online": _("You see online only those who can see you online."),
            "photo": _("You see the pictures of those only who can see yours."),
            "about": _("You see the lines of those only who can see yours."),
            "groups": _("You can add others to groups all the same, as far as they let you."),
            "read_receipts": _(
                "If you switch this off, you are not told either. Groups always show who has read."
            ),
        }
        widgets = dict.fromkeys(
            ("last_seen", "online", "photo", "about", "groups"), forms.RadioSelect
        )


class InvitationForm(OperationForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("Leave it empty for a link that you hand on yourself."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class RoleForm(OperationForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


def profile_of(user: User) -> dict[str, str]:
    return {
        name: getattr(user, name) for name in ("display_name", "about", "time_zone", "language")
    }
