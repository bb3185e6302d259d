"""What notifications tells the sockets."""

from chatproject.events import NewNotification, NotificationsRead
from chatproject.realtime import publish
from notifications.models import Notification
from notifications.serializers import notification_shape


def notification_created(notification: Notification) -> None:
    """Also when an unread one counts further: the client replaces what it shows under this id."""
    event = NewNotification(**dict(notification_shape(notification)))
    publish(event, to=[notification.user_id])


def notifications_read(
    *, user_id: int, ids: list[int], unread_count: int, conversation_id: int | None = None
) -> None:
    """Also when one was deleted. Without ids and conversation: all of them."""
    publish(
        NotificationsRead(ids=ids, conversation_id=conversation_id, unread_count=unread_count),
        to=[user_id],
    )
