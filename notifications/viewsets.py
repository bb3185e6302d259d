from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.models import Session, User
from chatproject.events import (
    DEFAULT_PAGE,
    NewPushSubscription,
    NotificationShape,
    NotificationsPage,
    NotificationsQuery,
    PushSubscriptionQuery,
    PushSubscriptionShape,
    PushSubscriptionsList,
    UnreadNotifications,
)
from notifications import services
from notifications.models import PushSubscription
from notifications.serializers import notification_shape, push_subscription_shape

# As many digits as the database can look up.
ID = "[0-9]{1,18}"
NOTIFICATION_ID = OpenApiParameter("id", OpenApiTypes.INT64, OpenApiParameter.PATH)
CONVERSATION_ID = OpenApiParameter("conversation_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
PAGE = [
    OpenApiParameter("cursor", str, description="`nextCursor` of the page before."),
    OpenApiParameter("limit", int, description=f"1 to 100, default {DEFAULT_PAGE}."),
]
SUBSCRIPTION_ID = OpenApiParameter(
    "id", OpenApiTypes.INT64, description="Without it: those of this device."
)


class SignedInApiRequest(Request):
    """What the authentication classes make of a request."""

    user: User  # type: ignore[assignment]
    device: Session


class NotificationViewSet(ViewSet):
    """In-app notifications: unread messages of one conversation share one, which counts."""

    lookup_value_regex = ID

    @extend_schema(parameters=PAGE, responses=NotificationsPage)
    def list(self, request: SignedInApiRequest) -> Response:
        """Newest first."""
        query = NotificationsQuery.model_validate(request.query_params.dict())
        page = services.list_notifications(actor=request.user, query=query)
        return Response(page.as_json())

    @extend_schema(parameters=[NOTIFICATION_ID], responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: str) -> Response:
        services.delete_notification(actor=request.user, notification_id=int(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=UnreadNotifications)
    @action(detail=False, url_path="unread-count")
    def unread_count(self, request: SignedInApiRequest) -> Response:
        return _unread_count(request)

    @extend_schema(parameters=[NOTIFICATION_ID], request=None, responses=NotificationShape)
    @action(detail=True, methods=["patch"])
    def read(self, request: SignedInApiRequest, pk: str) -> Response:
        notification = services.mark_read(actor=request.user, notification_id=int(pk))
        return Response(notification_shape(notification).as_json())

    @extend_schema(request=None, responses=UnreadNotifications)
    @action(detail=False, methods=["patch"], url_path="read-all")
    def read_all(self, request: SignedInApiRequest) -> Response:
        services.mark_all_read(actor=request.user)
        return _unread_count(request)

    @extend_schema(parameters=[CONVERSATION_ID], request=None, responses=UnreadNotifications)
    @action(
        detail=False,
        methods=["patch"],
        url_path=f"conversations/(?P<conversation_id>{ID})/read",
    )
    def read_conversation(self, request: SignedInApiRequest, conversation_id: str) -> Response:
        """Clears what tells of the conversation; its messages stay unread."""
        services.mark_conversation_read(actor=request.user, conversation_id=int(conversation_id))
        return _unread_count(request)

    @extend_schema(responses=PushSubscriptionsList)
    @action(detail=False, url_path="push-subscriptions")
    def push_subscriptions(self, request: SignedInApiRequest) -> Response:
        """Own devices that can be reached while nobody looks."""
        own = PushSubscription.objects.visible_to(request.user)
        shapes = [push_subscription_shape(each, device=request.device) for each in own]
        return Response(PushSubscriptionsList(push_subscriptions=shapes).as_json())

    @extend_schema(request=NewPushSubscription, responses={201: PushSubscriptionShape})
    @push_subscriptions.mapping.post
    def subscribe_to_push(self, request: SignedInApiRequest) -> Response:
        """This device. Subscribing again replaces what was there."""
        body = NewPushSubscription.model_validate(request.data)
        subscription = services.subscribe_to_push(
            actor=request.user, device=request.device, body=body
        )
        shape = push_subscription_shape(subscription, device=request.device)
        return Response(shape.as_json(), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[SUBSCRIPTION_ID], responses={204: None})
    @push_subscriptions.mapping.delete
    def unsubscribe_from_push(self, request: SignedInApiRequest) -> Response:
        query = PushSubscriptionQuery.model_validate(request.query_params.dict())
        services.unsubscribe_from_push(
            actor=request.user, device=request.device, subscription_id=query.id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _unread_count(request: SignedInApiRequest) -> Response:
    count = services.unread_count(actor=request.user)
    return Response(UnreadNotifications(unread_count=count).as_json())
