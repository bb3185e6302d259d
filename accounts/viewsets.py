"""REST of accounts: parse, call one service, answer."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from accounts import browser, serializers
from accounts.client_address import client_address
from accounts.device_label import device_label
from accounts.models import Block, Invitation, PersonalExport, Session, User
from accounts.models.personal_export import PersonalExportQuerySet
from accounts.permissions import permitted
from accounts.querysets import PeopleQuerySet
from accounts.roles import Permission
from accounts.serializers import parsed
from accounts.services import (
    deletion,
    exports,
    invitations,
    members,
    passwords,
    profiles,
    registration,
    sessions,
)
from accounts.sign_in import check_password
from accounts.views.own_data import download_of
from chatproject.json import BoundedJSONParser
from chatproject.rest import ID, ApiRequest, parameters_of

AnyAction = TypeVar("AnyAction", bound=Callable[..., Response])


def open_door(**options: Any) -> Callable[[AnyAction], AnyAction]:
    """For people who are not signed in, and who are many: no credentials are read, and few tries given."""
    return action(  # type: ignore[return-value]
        detail=False,
        methods=["post"],
        authentication_classes=[],
        permission_classes=[AllowAny],
        throttle_scope="sign-in",
        **options,
    )


def signed_in(request: Request, user: User, device: str = "") -> dict[str, str]:
    """A new device of this person, and its tokens."""
    session = sessions.start_session(
        user=user,
        kind=Session.Kind.API,
        label=device or device_label(request.headers.get("User-Agent", "")),
        ip_address=client_address(request._request),
    )
    return serializers.TokensSerializer(sessions.issue_tokens(session=session)).data


class AuthViewSet(ViewSet):
    throttle_scope: str | None = None

    @extend_schema(request=serializers.SignInSerializer, responses=serializers.TokensSerializer)
    @open_door()
    def token(self, request: Request) -> Response:
        """Sign in. The access token goes into `Authorization: Bearer`, the refresh token nowhere else."""
        given = parsed(serializers.SignInSerializer, request.data)
        device = given.pop("device", "")
        user = check_password(request._request, **given)
        return Response(signed_in(request, user, device))

    @extend_schema(request=serializers.RefreshSerializer, responses=serializers.TokensSerializer)
    @open_door(url_path="token/refresh")
    def refresh(self, request: Request) -> Response:
        """The next pair of tokens. Using a refresh token twice signs its device out."""
        given = parsed(serializers.RefreshSerializer, request.data)
        pair = sessions.refresh_tokens(
            refresh_token=given["refresh"], ip_address=client_address(request._request)
        )
        return Response(serializers.TokensSerializer(pair).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def logout(self, request: ApiRequest) -> Response:
        """Sign this device out, at once."""
        browser.sign_out_browser(request._request)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=serializers.MeSerializer)
    @action(detail=False, parser_classes=[BoundedJSONParser, MultiPartParser])
    def me(self, request: ApiRequest) -> Response:
        """My own profile and privacy."""
        return Response(serializers.MeSerializer(request.user).data)

    @extend_schema(
        request={
            "application/json": serializers.MyChangesSerializer,
            "multipart/form-data": serializers.MyChangesSerializer,
        },
        responses=serializers.MeSerializer,
    )
    @me.mapping.patch
    def change_me(self, request: ApiRequest) -> Response:
        """Change my profile or privacy. The picture comes as `multipart/form-data`."""
        given = parsed(serializers.MyChangesSerializer, request.data, partial=True)
        changes: Any = {name: given.pop(name) for name in ("privacy", "avatar") if name in given}
        user = profiles.update_me(actor=request.user, changes=changes | {"profile": given})
        return Response(serializers.MeSerializer(user).data)

    @extend_schema(request=serializers.AccountDeletionSerializer, responses={204: None})
    @action(detail=False, methods=["post"], url_path="me/delete", throttle_scope="sign-in")
    def delete_me(self, request: ApiRequest) -> Response:
        """The own account, for good, with the password again. 409 `last_owner` if nobody else is owner.

        Messages stay with those who have them, by a "Deleted user"; groups are left; all devices are
        signed out; address, picture, settings and notifications are gone.
        """
        given = parsed(serializers.AccountDeletionSerializer, request.data)
        deletion.delete_own_account(actor=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=serializers.PasswordChangeSerializer, responses={204: None})
    @action(detail=False, methods=["post"], throttle_scope="sign-in")
    def password(self, request: ApiRequest) -> Response:
        """Change my password. Every other device is signed out."""
        given = parsed(serializers.PasswordChangeSerializer, request.data)
        passwords.change_password(actor=request.user, keep=request.device, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=serializers.PasswordResetSerializer, responses={202: None})
    @open_door(url_path="password/reset")
    def password_reset(self, request: Request) -> Response:
        """Mail a link for a new password, if somebody has this address. The answer does not tell."""
        given = parsed(serializers.PasswordResetSerializer, request.data)
        passwords.request_password_reset(**given)
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=serializers.PasswordResetConfirmSerializer, responses={204: None})
    @open_door(url_path="password/reset/confirm")
    def password_reset_confirm(self, request: Request) -> Response:
        """Set a new password by the link. `uid` and `token` are its last two parts.

        All devices are signed out.
        """
        given = parsed(serializers.PasswordResetConfirmSerializer, request.data)
        passwords.reset_password(**given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=serializers.RegistrationSerializer, responses={201: serializers.TokensSerializer}
    )
    @open_door()
    def register(self, request: Request) -> Response:
        """Register a new organization, whose first owner you are. 404 where registration is closed."""
        given = parsed(serializers.RegistrationSerializer, request.data)
        owner = registration.register_organization(name=given.pop("organization_name"), **given)
        return Response(signed_in(request, owner), status=status.HTTP_201_CREATED)


class SessionViewSet(GenericViewSet):
    """Own devices that are signed in."""

    lookup_value_regex = ID
    serializer_class = serializers.SessionSerializer

    def get_queryset(self) -> QuerySet[Session]:
        return Session.objects.visible_to(self.request.user).live()  # type: ignore[arg-type]

    @extend_schema(responses=serializers.SessionSerializer(many=True))
    def list(self, request: ApiRequest) -> Response:
        """My devices that are signed in."""
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: str) -> Response:
        """Sign one of my devices out, at once."""
        sessions.revoke_session(
            actor=request.user,
            session=self.get_object(),
            reason=sessions.Reason.SIGNED_OUT_ELSEWHERE,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="sign-out-others")
    def sign_out_others(self, request: ApiRequest) -> Response:
        """Sign all my other devices out."""
        sessions.revoke_sessions(
            actor=request.user,
            user=request.user,
            reason=sessions.Reason.SIGNED_OUT_ELSEWHERE,
            keep=request.device,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportViewSet(GenericViewSet):
    """Copies of what is kept about me."""

    lookup_value_regex = ID
    serializer_class = serializers.ExportSerializer

    def get_queryset(self) -> PersonalExportQuerySet:
        return PersonalExport.objects.visible_to(self.request.user)  # type: ignore[arg-type]

    @extend_schema(responses=serializers.ExportSerializer(many=True))
    def list(self, request: ApiRequest) -> Response:
        """Copies of what is kept about me, of the last days."""
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @extend_schema(request=None, responses={202: serializers.ExportSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Ask for a copy. It is made in the background, in a minute or so; a notification tells when.

        Asking again while one is being made answers with that one; a new one takes the place of the last.
        """
        export = exports.request_export(actor=request.user)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)

    def retrieve(self, request: ApiRequest, pk: str) -> Response:
        """One copy, and how far it is."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: ApiRequest, pk: str) -> HttpResponseBase:
        """A ZIP, for me alone, until `expiresAt`; 404 while it is not ready, and afterwards."""
        return download_of(get_object_or_404(self.get_queryset().open(), pk=pk))


class BlockViewSet(GenericViewSet):
    """People whom I block. They are not told."""

    lookup_value_regex = ID
    lookup_url_kwarg = "user_id"
    lookup_field = "blocked_id"
    serializer_class = serializers.BlockSerializer

    def get_queryset(self) -> QuerySet[Block]:
        blocks = Block.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return blocks.select_related("blocked").order_by("-created_at", "-pk")

    @extend_schema(responses=serializers.BlockSerializer(many=True))
    def list(self, request: ApiRequest) -> Response:
        """People whom I block. They are not told."""
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @extend_schema(responses={201: serializers.BlockSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Block somebody. They are not told, and cannot write to me directly."""
        given = parsed(serializers.BlockSerializer, request.data)
        person = get_object_or_404(User.objects.visible_to(request.user), pk=given["blocked_id"])
        block = profiles.block(actor=request.user, person=person)
        return Response(self.get_serializer(block).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, user_id: str) -> Response:
        """Block somebody no more."""
        profiles.unblock(actor=request.user, person=self.get_object().blocked)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationViewSet(GenericViewSet):
    """Open ways into the organization; for administrators."""

    throttle_scope: str | None = None
    lookup_value_regex = ID
    permission_classes = [permitted(Permission.INVITE_PEOPLE)]
    serializer_class = serializers.InvitationSerializer

    def get_queryset(self) -> QuerySet[Invitation]:
        invitations_here = Invitation.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return invitations_here.open().select_related("invited_by", "organization")

    def get_serializer_context(self) -> dict[str, Any]:
        link_for = partial(invitations.link_for, cast(User, self.request.user))
        return {**super().get_serializer_context(), "link_for": link_for}

    @extend_schema(responses=serializers.InvitationSerializer(many=True))
    def list(self, request: ApiRequest) -> Response:
        """Open ways into the organization, for administrators."""
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @extend_schema(responses={201: serializers.InvitationSerializer})
    def create(self, request: ApiRequest) -> Response:
        """Invite somebody. With `email` it is mailed there; without, hand on the link."""
        given = parsed(serializers.InvitationSerializer, request.data)
        invitation = invitations.create_invitation(actor=request.user, **given)
        return Response(self.get_serializer(invitation).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: str) -> Response:
        """Revoke an invitation."""
        invitations.revoke_invitation(actor=request.user, invitation=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=serializers.AcceptanceSerializer, responses={201: serializers.TokensSerializer}
    )
    @open_door()
    def accept(self, request: Request) -> Response:
        """Join by an invitation. `token` is the last part of the invitation's link, and good once."""
        given = parsed(serializers.AcceptanceSerializer, request.data)
        person = invitations.accept_invitation(**given)
        return Response(signed_in(request, person), status=status.HTTP_201_CREATED)


class PeopleViewSet(GenericViewSet):
    """The organization's people, the deactivated included; for administrators."""

    lookup_value_regex = ID
    permission_classes = [permitted(Permission.MANAGE_PEOPLE)]
    serializer_class = serializers.PersonSerializer

    def get_queryset(self) -> PeopleQuerySet:
        people = User.objects.visible_to(self.request.user)
        return people.persons().undeleted().select_related("organization").order_by("pk")

    @extend_schema(
        parameters=[serializers.PeopleQuerySerializer],
        responses=serializers.PeoplePageSerializer,
    )
    def list(self, request: ApiRequest) -> Response:
        """The organization's people, the deactivated included; for administrators."""
        query = parsed(serializers.PeopleQuerySerializer, parameters_of(request))
        people = self.get_queryset().named_like(query.get("search", ""))
        page = list(people.filter(pk__gt=query.get("after", 0))[: query["limit"] + 1])
        shown = page[: query["limit"]]
        more = shown[-1].pk if len(page) > len(shown) else None
        return Response(
            serializers.PeoplePageSerializer({"people": shown, "next_after": more}).data
        )

    @extend_schema(request=serializers.MembershipSerializer)
    def partial_update(self, request: ApiRequest, pk: str) -> Response:
        """Change somebody's role, deactivate (signs them out everywhere at once) or reactivate."""
        given = parsed(serializers.MembershipSerializer, request.data)
        person = members.change_membership(actor=request.user, person=self.get_object(), **given)
        return Response(self.get_serializer(person).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: ApiRequest, pk: str) -> Response:
        """Deletes the account for good; see `POST /api/auth/me/delete` for what that means."""
        deletion.delete_account(actor=request.user, person=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
