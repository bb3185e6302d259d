"""What the pages about bots ask for. The rules are the services'."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import OperationForm
from accounts.scopes import Scope
from accounts.services.bots import MAX_ABOUT, MAX_NAME
from conversations.models import Conversation
from integrations.models import WebhookEvent

DAYS = (
    ("", _("Never")),
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
)


class BotForm(OperationForm):
    display_name = forms.CharField(label=_("Name of the bot"), max_length=MAX_NAME)
    about = forms.CharField(
        label=_("About"),
        max_length=MAX_ABOUT,
        required=False,
        help_text=_("What it is for. Everybody sees that."),
    )


class IncomingWebhookForm(OperationForm):
    name = forms.CharField(
        label=_("Name of the webhook"),
        max_length=MAX_NAME,
        help_text=_("Which program has it."),
    )
    conversation_id = forms.TypedChoiceField(
        label=_("Where it writes"),
        coerce=int,
        help_text=_(
            "Groups that you administer, and wherever you and the bot are. It is added if need be."
        ),
    )

    def __init__(self, *args: Any, conversations: Iterable[Conversation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, each.described) for each in conversations]
        self.fields["conversation_id"].choices = choices  # type: ignore[attr-defined]


class EndpointForm(OperationForm):
    name = forms.CharField(label=_("Name of the webhook"), max_length=MAX_NAME)
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("Of the receiver: https, and on the open internet."),
        widget=forms.URLInput({"dir": "ltr", "placeholder": "https://"}),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told of"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the conversations that the bot takes part in."),
    )


class ApiKeyForm(OperationForm):
    name = forms.CharField(
        label=_("Name of the key"),
        max_length=MAX_NAME,
        help_text=_("Which program has it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, scope.label) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("It ends"), choices=DAYS, coerce=int, empty_value=None, required=False
    )

    @property
    def expires_at(self) -> datetime | None:
        days: int | None = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None
