"""Notifications by REST: parse, call one service, answer."""

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from chatproject.events import (
    NewPushSubscription,
    NotificationPreferencesChange,
    NotificationPreferencesShape,
    NotificationShape,
    NotificationsPage,
    NotificationsQuery,
    PushSubscriptionQuery,
    PushSubscriptionShape,
    PushSubscriptionsList,
    PushTestBody,
    PushTestResults,
    UnreadNotifications,
)
from chatproject.rest import ID, ApiRequest, ApiViewSet, operation
from notifications import greeting, preferences, services
from notifications.models import PushSubscription
from notifications.push.vapid import application_server_key
from notifications.serializers import (
    notification_shape,
    preferences_shape,
    push_subscription_shape,
)

NO_CONTENT = {204: None}


class NotificationViewSet(ApiViewSet):
    """In-app notifications: unread messages of one conversation share one, which counts."""

    lookup_url_kwarg = "notification_id"
    lookup_value_regex = ID

    @operation(query=NotificationsQuery, answer=NotificationsPage)
    def list(self, request: ApiRequest, query: NotificationsQuery) -> Response:
        """What I was told in the app, newest first."""
        return Response(services.list_notifications(actor=request.user, query=query))

    @operation(answer=NO_CONTENT)
    def destroy(self, request: ApiRequest, notification_id: int) -> Response:
        """Delete one notification."""
        services.delete_notification(actor=request.user, notification_id=notification_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @operation(answer=UnreadNotifications)
    @action(detail=False, url_path="unread-count")
    def unread_count(self, request: ApiRequest) -> Response:
        """How many notifications are unread."""
        return _unread_count(request)

    @operation(answer=NotificationShape)
    @action(detail=True, methods=["patch"])
    def read(self, request: ApiRequest, notification_id: int) -> Response:
        """Mark one notification as read."""
        notification = services.mark_read(actor=request.user, notification_id=notification_id)
        return Response(notification_shape(notification))

    @operation(answer=UnreadNotifications)
    @action(detail=False, methods=["patch"], url_path="read-all")
    def read_all(self, request: ApiRequest) -> Response:
        """Mark all notifications as read."""
        services.mark_all_read(actor=request.user)
        return _unread_count(request)

    @operation(answer=UnreadNotifications)
    @action(
        detail=False, methods=["patch"], url_path=f"conversations/(?P<conversation_id>{ID})/read"
    )
    def read_conversation(self, request: ApiRequest, conversation_id: int) -> Response:
        """Mark as read what tells of one conversation. Its messages stay unread."""
        services.mark_conversation_read(actor=request.user, conversation_id=conversation_id)
        return _unread_count(request)

    @operation(answer=NO_CONTENT)
    @action(detail=False, methods=["delete"], url_path=f"conversations/(?P<conversation_id>{ID})")
    def delete_of_conversation(self, request: ApiRequest, conversation_id: int) -> Response:
        """Delete what tells of one conversation. Its messages stay."""
        services.delete_of_conversation(actor=request.user, conversation_id=conversation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushSubscriptionViewSet(ApiViewSet):
    @operation(answer=PushSubscriptionsList)
    def list(self, request: ApiRequest) -> Response:
        """Own devices that can be reached while nobody looks."""
        own = PushSubscription.objects.visible_to(request.user)
        shapes = [push_subscription_shape(each, device=request.device) for each in own]
        key = application_server_key()
        return Response(
            PushSubscriptionsList(push_subscriptions=shapes, application_server_key=key)
        )

    @operation(body=NewPushSubscription, answer={201: PushSubscriptionShape})
    def create(self, request: ApiRequest, body: NewPushSubscription) -> Response:
        """Subscribe this device. Subscribing again replaces what was there."""
        subscription = services.subscribe_to_push(
            actor=request.user, device=request.device, body=body
        )
        shape = push_subscription_shape(subscription, device=request.device)
        return Response(shape, status=status.HTTP_201_CREATED)

    @operation(query=PushSubscriptionQuery, answer=NO_CONTENT)
    def destroy(self, request: ApiRequest, query: PushSubscriptionQuery) -> Response:
        """Unsubscribe this device, or another one of mine by its `id`."""
        services.unsubscribe_from_push(
            actor=request.user, device=request.device, subscription_id=query.id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushTestViewSet(ApiViewSet):
    @operation(body=PushTestBody, answer=PushTestResults)
    def create(self, request: ApiRequest, body: PushTestBody) -> Response:
        """Push a greeting at once, and tell what came of it."""
        results = greeting.push_greeting(
            actor=request.user, device=request.device, subscription_id=body.id
        )
        return Response(PushTestResults(results=results))


class PreferencesViewSet(ApiViewSet):
    @operation(answer=NotificationPreferencesShape)
    def retrieve(self, request: ApiRequest) -> Response:
        """How I want to be told."""
        return Response(preferences_shape(preferences.preferences_of(request.user)))

    @operation(body=NotificationPreferencesChange, answer=NotificationPreferencesShape)
    def partial_update(self, request: ApiRequest, body: NotificationPreferencesChange) -> Response:
        """Change some of how I want to be told. `quietHours: null` ends them."""
        changed = preferences.change_preferences(actor=request.user, changes=body)
        return Response(preferences_shape(changed))


def _unread_count(request: ApiRequest) -> Response:
    count = services.unread_count(actor=request.user)
    return Response(UnreadNotifications(unread_count=count))
