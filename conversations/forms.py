from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from chatproject.errors import Conflict, DomainError
from chatproject.events import (
    MAX_DESCRIPTION_LENGTH,
    MAX_GROUP_MEMBERS,
    MAX_MESSAGE_LENGTH,
    MAX_TITLE_LENGTH,
    ContactShape,
    ConversationShape,
    GroupBody,
    NewMessageBody,
)
from conversations.models import Conversation

WHO_MAY_POST = [
    (Conversation.WhoMayPost.EVERYONE, _("Every member")),
    (Conversation.WhoMayPost.ADMINS, _("Only administrators of the group")),
]


class LinesField(forms.CharField):
    """Browsers send line ends as two characters; the wire, and its limit on length, know one."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: browsers count otherwise, and cut what is pasted without a word.
        return {}


class MessageForm(forms.Form):
    # Made by the server, so that pressing the button twice sends once.
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reply_to_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    content = LinesField(
        max_length=MAX_MESSAGE_LENGTH,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(
            attrs={"rows": 1, "placeholder": _("Message"), "enterkeyhint": "send", "dir": "auto"}
        ),
    )

    @classmethod
    def blank(cls, *, reply_to_id: int | None) -> "MessageForm":
        return cls(
            initial={"client_id": uuid4(), "reply_to_id": reply_to_id},
            auto_id="composer-%s",
        )

    def body(self) -> NewMessageBody:
        return NewMessageBody(**self.cleaned_data)

    def refuse(self, error: DomainError) -> None:
        """Say why, and keep the text. Whoever came back to a sent form and wrote anew needs a new key."""
        self.add_error(None, error.detail)
        if isinstance(error, Conflict):
            self.data = {**self.data.dict(), "client_id": str(uuid4())}  # type: ignore[attr-defined]


class EditForm(forms.Form):
    content = LinesField(
        label=_("Your message"),
        max_length=MAX_MESSAGE_LENGTH,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class StartForm(forms.Form):
    target_user_id = forms.IntegerField(min_value=1)


class GroupForm(forms.Form):
    title = forms.CharField(label=_("Name of the group"), max_length=MAX_TITLE_LENGTH)
    member_ids = forms.TypedMultipleChoiceField(label=_("Members"), coerce=int, required=False)

    def __init__(self, *args: Any, people: Sequence[ContactShape], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_ids"].choices = [(one.id, one.display_name) for one in people]  # type: ignore[attr-defined]

    def chosen(self) -> set[int]:
        return {int(value) for value in self["member_ids"].value() or [] if str(value).isdigit()}


class GroupDetailsForm(forms.Form):
    title = forms.CharField(label=_("Name of the group"), max_length=MAX_TITLE_LENGTH)
    description = LinesField(
        label=_("Description"),
        max_length=MAX_DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    who_may_post = forms.ChoiceField(
        label=_("Who may post"), choices=WHO_MAY_POST, widget=forms.RadioSelect
    )

    @classmethod
    def of(cls, group: ConversationShape) -> "GroupDetailsForm":
        return cls(initial={name: getattr(group, name) for name in cls.base_fields})

    def changes(self) -> GroupBody:
        return GroupBody(**self.cleaned_data)


class PictureForm(forms.Form):
    picture = forms.FileField(required=False)


class MembersForm(forms.Form):
    user_ids = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who they are is the service's to look up: here they only have to be ids.
        chosen = self.data.getlist("user_ids")[:MAX_GROUP_MEMBERS]  # type: ignore[attr-defined]
        self.fields["user_ids"].choices = [(one, one) for one in chosen if one.isdecimal()]  # type: ignore[attr-defined]
