"""What a batch of sends asks about notifications (chatproject/statements.py)."""

from chatproject.statements import Statement

# Who of these has any to be cleared, so that the others cost nothing.
UNREAD = Statement(
    """
    SELECT DISTINCT notification.conversation_id, notification.user_id
    FROM {rows}
    JOIN notifications_notification AS notification
      ON notification.user_id = given.user_id
     AND notification.conversation_id = given.conversation_id
    WHERE notification.read_at IS NULL
    """,
    {"conversation_id": "bigint", "user_id": "bigint"},
)

# In the order in which rows of notifications are locked everywhere.
LOCK_UNREAD = Statement(
    """
    SELECT notification.id
    FROM {rows}
    JOIN notifications_notification AS notification
      ON notification.user_id = given.user_id
     AND notification.conversation_id = given.conversation_id
    WHERE notification.read_at IS NULL
    ORDER BY notification.conversation_id, notification.id
    {lock}
    """,
    {"conversation_id": "bigint", "user_id": "bigint"},
)
