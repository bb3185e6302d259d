"""What a batch of sends asks about notifications (chatproject/statements.py)."""

from chatproject.statements import Statement

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
