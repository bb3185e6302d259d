"""How somebody wants to be told, as the settings page asks for it."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.forms import OperationForm
from notifications.models import NotificationPreferences
from notifications.organization import MAX_TEXT

KINDS = (
    ("message", _("New messages")),
    ("mention", _("Mentions and replies to me")),
    ("added_to_group", _("Somebody adds me to a group")),
    ("system", _("News from the administrators")),
)
CHANNELS = ("push", "email")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PreferencesForm(forms.ModelForm):
    quiet_days = forms.MultipleChoiceField(
        label=_("Days on which they begin"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = NotificationPreferences
        fields = (
            *(f"{channel}_{kind}" for channel in CHANNELS for kind, _label in KINDS),
            "preview",
            "sounds",
            "quiet_from",
            "quiet_to",
        )
        labels = {
            "preview": _("Show what a message says"),
            "sounds": _("Play a sound"),
            "quiet_from": _("From"),
            "quiet_to": _("To"),
        }
        help_texts = {
            "preview": _(
                "Otherwise a notification says only who wrote. It may be read on a locked screen."
            ),
        }
        widgets = {"quiet_from": CLOCK, "quiet_to": CLOCK}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["quiet_days"] = list(self.instance.quiet_days)

    def clean_quiet_days(self) -> str:
        return "".join(sorted(self.cleaned_data["quiet_days"]))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours have a beginning and an end."))
        return given

    def rows(self) -> list[dict[str, Any]]:
        """Kinds by channels."""
        return [
            {"label": label, "push": self[f"push_{kind}"], "email": self[f"email_{kind}"]}
            for kind, label in KINDS
        ]


class TellForm(OperationForm):
    text = forms.CharField(
        label=_("News for everybody"),
        max_length=MAX_TEXT,
        help_text=_("Everybody of the organization finds it among their notifications."),
    )


class DigestForm(OperationForm):
    hours = forms.TypedChoiceField(
        label=_("E-mail people what they missed"),
        choices=(
            ("", _("Never")),
            ("8", _("When they were away for 8 hours")),
            ("24", _("When they were away for a day")),
            ("72", _("When they were away for three days")),
        ),
        coerce=int,
        empty_value=None,
        required=False,
    )
