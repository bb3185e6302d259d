"""Shapes of accounts' own REST resources. What others and the socket share is in chatproject/events.py."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from pydantic.alias_generators import to_camel
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import Invitation, PersonalExport, PrivacySettings, Session, User
from accounts.models.privacy import Audience
from accounts.roles import Role
from accounts.shapes import avatar_url
from chatproject.events import DEFAULT_PAGE, MAX_PAGE

MAX_TOKEN_LENGTH = 4096
MAX_PASSWORD_LENGTH = 256


class CamelCase(serializers.Serializer):
    """JSON keys are camelCase, what we validate and read is not."""

    # Of what comes in an address: there, everything is text.
    is_text = False

    def to_internal_value(self, data: Any) -> Any:
        """A form knows texts only. JSON says what it means: neither 1 nor "yes" is true."""
        if isinstance(data, Mapping) and not isinstance(data, QueryDict) and not self.is_text:
            wrong = {
                name: [ErrorDetail(_("This is not valid."), code="invalid")]
                for name, field in self.fields.items()
                if not field.read_only and _is_of_another_kind(data.get(name), field)
            }
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def get_fields(self) -> dict[str, serializers.Field]:
        return dict(_on_the_wire(name, field) for name, field in super().get_fields().items())


JSON_KINDS: tuple[tuple[type[serializers.Field], type], ...] = (
    (serializers.BooleanField, bool),
    (serializers.IntegerField, int),
    (serializers.CharField, str),
)


def _is_of_another_kind(value: Any, field: serializers.Field) -> bool:
    if value is None:
        return False
    kind = next((kind for fields, kind in JSON_KINDS if isinstance(field, fields)), type(value))
    return type(value) is not kind


def _on_the_wire(name: str, field: serializers.Field) -> tuple[str, serializers.Field]:
    camel = to_camel(name)
    if isinstance(field, serializers.SerializerMethodField):
        field.method_name = field.method_name or f"get_{name}"
    elif camel != name and field.source is None:
        field.source = name
    return camel, field


def password_field() -> serializers.CharField:
    return serializers.CharField(
        max_length=MAX_PASSWORD_LENGTH,
        trim_whitespace=False,
        write_only=True,
        style={"input_type": "password"},
    )


# --- Signing in --------------------------------------------------------------------------------


class SignInSerializer(CamelCase):
    email = serializers.CharField(max_length=254)
    password = password_field()
    device = serializers.CharField(
        max_length=200, required=False, help_text="A name for the list of sessions."
    )


class RefreshSerializer(CamelCase):
    refresh = serializers.CharField(max_length=MAX_TOKEN_LENGTH)


class TokensSerializer(CamelCase):
    access = serializers.CharField()
    refresh = serializers.CharField(
        help_text="Good once: the answer to a refresh has the next one."
    )


# --- Myself ------------------------------------------------------------------------------------


class PrivacySerializer(CamelCase, serializers.ModelSerializer):
    """Hiding something of yours hides the same of others from you."""

    class Meta:
        model = PrivacySettings
        fields = ("last_seen", "online", "photo", "about", "groups", "read_receipts")


class OrganizationSerializer(CamelCase):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MeSerializer(CamelCase, serializers.ModelSerializer):
    organization = OrganizationSerializer()
    avatar_url = serializers.SerializerMethodField()
    privacy = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "display_name",
            "about",
            "avatar_url",
            "role",
            "time_zone",
            "language",
            "organization",
            "privacy",
            "created_at",
        )

    def get_avatar_url(self, user: User) -> str | None:
        return avatar_url(user)

    @extend_schema_field(PrivacySerializer)
    def get_privacy(self, user: User) -> dict[str, Any]:
        return PrivacySerializer(PrivacySettings.of(user)).data


class PrivacyChangesSerializer(CamelCase):
    last_seen = serializers.ChoiceField(Audience.choices, required=False)
    online = serializers.ChoiceField(Audience.choices, required=False)
    photo = serializers.ChoiceField(Audience.choices, required=False)
    about = serializers.ChoiceField(Audience.choices, required=False)
    groups = serializers.ChoiceField(Audience.choices, required=False)
    read_receipts = serializers.BooleanField(required=False)


@extend_schema_field({"type": "string", "description": "An IANA name, such as Europe/Berlin."})
class TimeZoneField(serializers.ChoiceField):
    """Which there are changes several times a year, and from machine to machine: none of it is promised."""


class MyChangesSerializer(CamelCase):
    display_name = serializers.CharField(max_length=80, required=False)
    about = serializers.CharField(max_length=140, required=False, allow_blank=True)
    time_zone = TimeZoneField(sorted(available_timezones()), required=False)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)
    privacy = PrivacyChangesSerializer(required=False)
    avatar = serializers.FileField(
        required=False, allow_null=True, help_text="A picture, as multipart; null removes it."
    )


class PasswordChangeSerializer(CamelCase):
    current_password = password_field()
    new_password = password_field()


class AccountDeletionSerializer(CamelCase):
    password = password_field()


class PasswordResetSerializer(CamelCase):
    email = serializers.EmailField()


class PasswordResetConfirmSerializer(CamelCase):
    uid = serializers.CharField(max_length=64)
    token = serializers.CharField(max_length=128)
    new_password = password_field()


class SessionSerializer(CamelCase, serializers.ModelSerializer):
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = (
            "id",
            "kind",
            "label",
            "ip_address",
            "created_at",
            "last_used_at",
            "is_current",
        )

    def get_is_current(self, session: Session) -> bool:
        return session == self.context["request"].device


class ExportSerializer(CamelCase, serializers.ModelSerializer):
    size = serializers.SerializerMethodField(help_text="In bytes, once it is ready.")

    class Meta:
        model = PersonalExport
        fields = ("id", "state", "requested_at", "finished_at", "expires_at", "size")

    def get_size(self, export: PersonalExport) -> int | None:
        return export.file.size if export.file else None


class BlockSerializer(CamelCase):
    user_id = serializers.IntegerField(source="blocked_id", min_value=1, max_value=2**63 - 1)
    display_name = serializers.CharField(source="blocked.display_name", read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


# --- The organization --------------------------------------------------------------------------


class RegistrationSerializer(CamelCase):
    organization_name = serializers.CharField(max_length=100)
    email = serializers.EmailField(max_length=254)
    display_name = serializers.CharField(max_length=80)
    password = password_field()


class InvitationSerializer(CamelCase, serializers.ModelSerializer):
    invited_by = serializers.CharField(source="invited_by.display_name", read_only=True)
    link = serializers.SerializerMethodField(help_text="Of one that is for whoever holds it.")

    class Meta:
        model = Invitation
        fields = ("id", "email", "role", "invited_by", "created_at", "expires_at", "link")
        read_only_fields = ("created_at", "expires_at")

    def get_link(self, invitation: Invitation) -> str | None:
        link: str = self.context["link_for"](invitation)
        return link or None


class AcceptanceSerializer(CamelCase):
    token = serializers.CharField(max_length=128)
    email = serializers.EmailField(
        max_length=254, required=False, help_text="Needed if the invitation has no address."
    )
    display_name = serializers.CharField(max_length=80)
    password = password_field()


class PersonSerializer(CamelCase, serializers.ModelSerializer):
    """A member as administrators see them."""

    avatar_url = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "email", "display_name", "avatar_url", "role", "is_active", "created_at")

    def get_avatar_url(self, user: User) -> str | None:
        return avatar_url(user)


class MembershipSerializer(CamelCase):
    role = serializers.ChoiceField(Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class PeopleQuerySerializer(CamelCase):
    is_text = True

    search = serializers.CharField(max_length=100, required=False, allow_blank=True)
    after = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        help_text="The last id of the page before.",
    )
    limit = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, default=DEFAULT_PAGE)


class PeoplePageSerializer(CamelCase):
    people = PersonSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


def parsed(kind: type[CamelCase], data: Any, **options: Any) -> Any:
    """What the client sent, by our own names; raises what becomes a 400."""
    serializer = kind(data=data, **options)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
