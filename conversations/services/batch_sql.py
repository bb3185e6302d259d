"""What the group commit does in the database (chatproject/set_wise.py): the rules of services/messages.py
and services/receipts.py, for many at once.

Only what is ordinary is decided here. A row that is given and does not come back is not ordinary, nothing
was done about it, and it goes through its service alone: a refusal, a repeat, somebody who left, somebody
whose notifications have to be cleared. So nothing is refused here, and tests/properties/test_batches.py
compares the two ways. Locks: conversations in id order, then their participants, as everywhere.
"""

from __future__ import annotations

from chatproject.set_wise import SetWise

# In id order, so that no two transactions wait for each other. Outsiders lock nothing.
LOCK_CONVERSATIONS = """
    SELECT id
    FROM conversations_conversation
    WHERE id IN (
        SELECT place.conversation_id
        FROM {rows}
        JOIN conversations_participant AS place
          ON place.conversation_id = given.conversation_id AND place.user_id = given.user_id
    )
    ORDER BY id
"""

# Once for each conversation, whoever is concerned by what happened in it.
MEMBERS = """
    CASE WHEN row_number() OVER (PARTITION BY conversation_id ORDER BY number) = 1 THEN (
        SELECT {list}(member.user_id) FROM conversations_participant AS member
        WHERE member.conversation_id = decided.conversation_id AND member.left_seq IS NULL
    ) END AS members
"""

# The place of whoever asks, in a conversation of their organization that they have not left. (A difference,
# so that no planner looks for a person by organization.)
PLACES = """
    FROM {rows}
    JOIN conversations_conversation AS conversation ON conversation.id = given.conversation_id
    JOIN conversations_participant AS place
      ON place.conversation_id = conversation.id AND place.user_id = given.user_id
     AND place.left_seq IS NULL
    JOIN accounts_user AS actor
      ON actor.id = given.user_id AND actor.organization_id - conversation.organization_id = 0
    LEFT JOIN accounts_user AS peer ON peer.id = CASE
        WHEN conversation.lower_user_id = actor.id THEN conversation.higher_user_id
        ELSE conversation.lower_user_id
    END
"""

# Groups always show receipts; in direct conversations both sides must give them.
TELLS_READS = """
    (conversation.kind = 'group' OR NOT EXISTS (
        SELECT 1 FROM accounts_privacysettings AS privacy
        WHERE privacy.user_id IN (actor.id, peer.id) AND NOT privacy.read_receipts
    ))
"""

# As `policies.can_post` has it.
MAY_POST = """
    (conversation.who_may_post = 'everyone' OR place.role = 'admin')
    AND (conversation.kind = 'group' OR (peer.is_active AND NOT EXISTS (
        SELECT 1 FROM accounts_block AS made
        WHERE made.blocker_id = actor.id AND made.blocked_id = peer.id
    ) AND NOT EXISTS (
        SELECT 1 FROM accounts_block AS received
        WHERE received.blocker_id = peer.id AND received.blocked_id = actor.id
    )))
"""

HAS_NOTHING_TO_CLEAR = """
    NOT EXISTS (
        SELECT 1 FROM notifications_notification AS notification
        WHERE notification.user_id = given.user_id AND notification.read_at IS NULL
          AND notification.conversation_id = given.conversation_id
    )
"""

# Sending implies having read: whatever lies between somebody's own last message (or pointer) and the new
# one is read by that, told or not, and takes a version of its own if others can see it.
SENDS = SetWise(
    name="store_sends",
    columns={
        "number": "bigint",
        "conversation_id": "bigint",
        "user_id": "bigint",
        "content": "text",
        "reply_to_id": "bigint",
        "client_id": "uuid",
        "request_hash": "text",
    },
    lock=LOCK_CONVERSATIONS,
    numbers="conversations_message",
    decide=f"""
    WITH moment AS MATERIALIZED (
        SELECT {{now}} AS at
    ), ordinary AS (
        SELECT given.*,
               conversation.last_seq, conversation.version AS conversation_version,
               place.id AS place_id, place.version AS place_version,
               place.delivered_seq, place.read_seq, place.private_read_seq,
               actor.display_name, actor.role, actor.avatar, actor.is_active,
               quoted.seq AS quoted_seq, quoted.content AS quoted_content,
               quoted.deleted_at IS NOT NULL AS quoted_is_deleted,
               author.id AS author_id, author.display_name AS author_name,
               {TELLS_READS} AS tells_reads
        {PLACES}
        LEFT JOIN conversations_message AS quoted ON quoted.id = given.reply_to_id
        LEFT JOIN accounts_user AS author ON author.id = quoted.sender_id
        WHERE {MAY_POST} AND {HAS_NOTHING_TO_CLEAR}
          -- What was said while somebody was away is for the service to find out.
          AND (given.reply_to_id IS NULL
               OR (quoted.conversation_id = conversation.id AND quoted.kind = 'text'
                   AND CAST(place.absences AS text) = '[]'))
          AND NOT EXISTS (
              SELECT 1 FROM conversations_message AS earlier
              WHERE earlier.sender_id = given.user_id AND earlier.client_id = given.client_id
          )
    ), numbered AS (
        SELECT ordinary.*,
               last_seq + row_number() OVER (PARTITION BY conversation_id ORDER BY number) AS seq
        FROM ordinary
    ), placed AS (
        SELECT numbered.*,
               coalesce(lag(seq) OVER own, delivered_seq) AS delivered_from,
               coalesce(lag(seq) OVER own, private_read_seq) AS private_read_from
        FROM numbered
        WINDOW own AS (PARTITION BY conversation_id, user_id ORDER BY number)
    ), reading AS (
        SELECT placed.*,
               delivered_from < seq - 1 AS delivers,
               private_read_from < seq - 1 AS reads,
               private_read_from < seq - 1 AND tells_reads AS tells
        FROM placed
    ), versioned AS (
        SELECT reading.*,
               conversation_version
                   + sum(CASE WHEN delivers OR tells THEN 2 ELSE 1 END)
                     OVER (PARTITION BY conversation_id ORDER BY number) AS version,
               coalesce(max(CASE WHEN tells THEN seq - 1 END) OVER (
                   PARTITION BY conversation_id, user_id ORDER BY number
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ), read_seq) AS read_from
        FROM reading
    ), ordered AS (
        SELECT versioned.*,
               coalesce(lag(version) OVER (
                   PARTITION BY conversation_id, user_id ORDER BY number
               ), place_version) AS version_before
        FROM versioned
        ORDER BY number
    )
    SELECT {{next_id}} AS id, moment.at, ordered.*
    FROM ordered, moment
    """,
    store=[
        """
        INSERT INTO conversations_message
            (id, conversation_id, seq, version, kind, sender_id, content, reply_to_id, client_id,
             request_hash, created_at, updated_at)
        SELECT id, conversation_id, seq, version, 'text', user_id, content, reply_to_id, client_id,
               request_hash, at, at
        FROM decided
        """,
        """
        INSERT INTO conversations_receipt (conversation_id, user_id, kind, from_seq, to_seq, at)
        SELECT conversation_id, user_id, 'delivered', delivered_from, seq - 1, at
        FROM decided WHERE delivers
        UNION ALL
        SELECT conversation_id, user_id, 'private_read', private_read_from, seq - 1, at
        FROM decided WHERE reads
        UNION ALL
        SELECT conversation_id, user_id, 'read', read_from, seq - 1, at
        FROM decided WHERE tells
        """,
        """
        UPDATE conversations_participant
        SET delivered_seq = own.seq, private_read_seq = own.seq, version = own.version,
            read_seq = own.read_seq
        FROM (
            SELECT place_id, max(seq) AS seq, max(version) AS version,
                   max(CASE WHEN tells THEN seq - 1 ELSE read_from END) AS read_seq
            FROM decided GROUP BY place_id
        ) AS own
        WHERE conversations_participant.id = own.place_id
        """,
        """
        UPDATE conversations_conversation
        SET last_seq = newest.seq, version = newest.version, last_message_id = newest.id,
            last_message_at = newest.at, last_activity_at = newest.at, updated_at = newest.at
        FROM (
            SELECT conversation_id, max(seq) AS seq, max(version) AS version, max(id) AS id,
                   max(at) AS at
            FROM decided GROUP BY conversation_id
        ) AS newest
        WHERE conversations_conversation.id = newest.conversation_id
        """,
    ],
    tell=f"""
    SELECT number, {MEMBERS}, id, conversation_id, seq, version, at, delivers, reads, tells, version_before,
           user_id, display_name, role, avatar, is_active,
           reply_to_id, quoted_seq, quoted_content, quoted_is_deleted, author_id, author_name
    FROM decided ORDER BY number
    """,
)

# One row at most for a person in a conversation; `delivered_to` and `read_to` are how far they say to have
# got.
RECEIPTS = SetWise(
    name="store_receipts",
    columns={
        "number": "bigint",
        "conversation_id": "bigint",
        "user_id": "bigint",
        "delivered_to": "bigint",
        "read_to": "bigint",
    },
    lock=LOCK_CONVERSATIONS,
    decide=f"""
    WITH moment AS MATERIALIZED (
        SELECT {{now}} AS at
    ), ordinary AS (
        SELECT given.number, given.conversation_id, given.user_id,
               conversation.last_seq, conversation.version AS conversation_version,
               place.id AS place_id, place.version AS place_version,
               place.delivered_seq, place.read_seq, place.private_read_seq,
               -- Nobody confirms what does not exist yet.
               CASE WHEN delivered_to < conversation.last_seq THEN delivered_to
                    ELSE conversation.last_seq END AS delivered_to,
               CASE WHEN read_to < conversation.last_seq THEN read_to
                    ELSE conversation.last_seq END AS read_to,
               {TELLS_READS} AS tells_reads
        {PLACES}
        WHERE given.read_to = 0 OR {HAS_NOTHING_TO_CLEAR}
    ), reading AS (
        SELECT ordinary.*,
               delivered_to > delivered_seq AS delivers,
               read_to > private_read_seq AS reads,
               read_to > private_read_seq AND tells_reads AS tells
        FROM ordinary
    )
    SELECT moment.at, reading.*,
           conversation_version
               + sum(CASE WHEN delivers OR tells THEN 1 ELSE 0 END)
                 OVER (PARTITION BY conversation_id ORDER BY number) AS version
    FROM reading, moment
    """,
    store=[
        """
        INSERT INTO conversations_receipt (conversation_id, user_id, kind, from_seq, to_seq, at)
        SELECT conversation_id, user_id, 'delivered', delivered_seq, delivered_to, at
        FROM decided WHERE delivers
        UNION ALL
        SELECT conversation_id, user_id, 'private_read', private_read_seq, read_to, at
        FROM decided WHERE reads
        UNION ALL
        SELECT conversation_id, user_id, 'read', read_seq, read_to, at
        FROM decided WHERE tells
        """,
        """
        UPDATE conversations_participant
        SET delivered_seq = CASE WHEN delivers THEN delivered_to ELSE decided.delivered_seq END,
            private_read_seq = CASE WHEN reads THEN read_to ELSE decided.private_read_seq END,
            read_seq = CASE WHEN tells THEN read_to ELSE decided.read_seq END,
            version = CASE WHEN delivers OR tells THEN decided.version ELSE place_version END
        FROM decided
        WHERE conversations_participant.id = decided.place_id AND (delivers OR reads)
        """,
        """
        UPDATE conversations_conversation
        SET version = newest.version
        FROM (
            SELECT conversation_id, max(version) AS version
            FROM decided WHERE delivers OR tells GROUP BY conversation_id
        ) AS newest
        WHERE conversations_conversation.id = newest.conversation_id
        """,
    ],
    tell=f"""
    SELECT number, {MEMBERS}, conversation_id, user_id, at, delivers, reads, tells, version, place_version,
           delivered_to, read_to
    FROM decided ORDER BY number
    """,
)
