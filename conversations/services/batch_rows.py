"""What the group commit asks of the database and tells it, set-wise (chatproject/statements.py)."""

from __future__ import annotations

from chatproject.statements import Statement

PLACE = {"conversation_id": "bigint", "user_id": "bigint"}

# In id order, as everywhere, so that no two transactions wait for each other. Outsiders lock nothing.
LOCK_CONVERSATIONS = Statement(
    """
    SELECT id, organization_id, kind, title, last_seq, version
    FROM conversations_conversation
    WHERE id IN (
        SELECT place.conversation_id
        FROM {rows}
        JOIN conversations_participant AS place
          ON place.conversation_id = given.conversation_id AND place.user_id = given.user_id
    )
    ORDER BY id
    {lock}
    """,
    PLACE,
)

# The senders' places, each with its sender, with what is between them and the other person of a direct
# conversation, and with whether there is anything to clear. Facts only: batches.py decides.
PLACES = Statement(
    """
    SELECT place.id, place.conversation_id, place.user_id, place.absences, place.left_seq,
           place.delivered_seq, place.read_seq, place.private_read_seq, place.version,
           sender.id, sender.organization_id, sender.display_name, sender.role, sender.avatar,
           sender.is_active,
           peer.is_active,
           EXISTS (
               SELECT 1 FROM accounts_block AS made
               WHERE made.blocker_id = sender.id AND made.blocked_id = peer.id
           ) OR EXISTS (
               SELECT 1 FROM accounts_block AS received
               WHERE received.blocker_id = peer.id AND received.blocked_id = sender.id
           ),
           EXISTS (
               SELECT 1 FROM accounts_privacysettings AS privacy
               WHERE privacy.user_id IN (sender.id, peer.id) AND NOT privacy.read_receipts
           ),
           EXISTS (
               SELECT 1 FROM notifications_notification AS notification
               WHERE notification.user_id = sender.id AND notification.read_at IS NULL
                 AND notification.conversation_id = conversation.id
           )
    FROM {rows}
    JOIN conversations_participant AS place
      ON place.conversation_id = given.conversation_id AND place.user_id = given.user_id
    JOIN conversations_conversation AS conversation ON conversation.id = place.conversation_id
    JOIN accounts_user AS sender ON sender.id = place.user_id
    LEFT JOIN accounts_user AS peer ON peer.id = CASE
        WHEN conversation.lower_user_id = sender.id THEN conversation.higher_user_id
        ELSE conversation.lower_user_id
    END
    """,
    PLACE,
)

MEMBERS = Statement(
    """
    SELECT member.conversation_id, member.user_id
    FROM {rows}
    JOIN conversations_participant AS member ON member.conversation_id = given.conversation_id
    WHERE member.left_seq IS NULL
    """,
    {"conversation_id": "bigint"},
)

# The id that a send's message will have, known before it is written, so that everything about it can be said
# in order; and whether its key is taken.
KEYS = Statement(
    """
    SELECT nextval(pg_get_serial_sequence('conversations_message', 'id')), given.number,
           EXISTS (
               SELECT 1 FROM conversations_message AS earlier
               WHERE earlier.sender_id = given.sender_id AND earlier.client_id = given.client_id
           )
    FROM {rows}
    """,
    {"number": "bigint", "sender_id": "bigint", "client_id": "uuid"},
    sqlite="""
    SELECT given.number + 1 + coalesce(
               (SELECT seq FROM sqlite_sequence WHERE name = 'conversations_message'), 0
           ), given.number,
           EXISTS (
               SELECT 1 FROM conversations_message AS earlier
               WHERE earlier.sender_id = given.sender_id AND earlier.client_id = given.client_id
           )
    FROM {rows}
    """,
)

QUOTED = Statement(
    """
    SELECT quoted.conversation_id, quoted.id, quoted.seq, quoted.content, quoted.deleted_at,
           author.id, author.display_name
    FROM {rows}
    JOIN conversations_message AS quoted
      ON quoted.id = given.reply_to_id AND quoted.conversation_id = given.conversation_id
    JOIN accounts_user AS author ON author.id = quoted.sender_id
    WHERE quoted.kind = 'text'
    """,
    {"conversation_id": "bigint", "reply_to_id": "bigint"},
)

INSERT_MESSAGES = Statement(
    """
    INSERT INTO conversations_message
        (id, conversation_id, seq, version, kind, sender_id, content, reply_to_id, client_id,
         request_hash, created_at, updated_at)
    SELECT id, conversation_id, seq, version, 'text', sender_id, content, reply_to_id, client_id,
           request_hash, at, at
    FROM {rows}
    """,
    {
        "id": "bigint",
        "conversation_id": "bigint",
        "seq": "bigint",
        "version": "bigint",
        "sender_id": "bigint",
        "content": "text",
        "reply_to_id": "bigint",
        "client_id": "uuid",
        "request_hash": "text",
        "at": "timestamptz",
    },
)

INSERT_RECEIPTS = Statement(
    """
    INSERT INTO conversations_receipt (conversation_id, user_id, kind, from_seq, to_seq, at)
    SELECT conversation_id, user_id, kind, from_seq, to_seq, at FROM {rows}
    """,
    {
        **PLACE,
        "kind": "text",
        "from_seq": "bigint",
        "to_seq": "bigint",
        "at": "timestamptz",
    },
)

UPDATE_PLACES = Statement(
    """
    UPDATE conversations_participant
    SET delivered_seq = given.delivered_seq, read_seq = given.read_seq,
        private_read_seq = given.private_read_seq, version = given.version
    FROM {rows}
    WHERE conversations_participant.id = given.id
    """,
    {
        "id": "bigint",
        "delivered_seq": "bigint",
        "read_seq": "bigint",
        "private_read_seq": "bigint",
        "version": "bigint",
    },
)

UPDATE_CONVERSATIONS = Statement(
    """
    UPDATE conversations_conversation
    SET last_seq = given.last_seq, version = given.version,
        last_message_id = given.last_message_id,
        last_message_at = given.at, last_activity_at = given.at, updated_at = given.at
    FROM {rows}
    WHERE conversations_conversation.id = given.id
    """,
    {
        "id": "bigint",
        "last_seq": "bigint",
        "version": "bigint",
        "last_message_id": "bigint",
        "at": "timestamptz",
    },
)
