"""What accounts tells the sockets."""

from accounts.models import Block, Session
from chatproject import realtime
from chatproject.events import BlockChanged


def session_revoked(session: Session) -> None:
    """The session's own connections hear it and are closed with 4403."""
    realtime.revoke_sessions(user_id=session.user_id, session_ids=[session.pk])


def block_changed(block: Block, *, is_blocked: bool) -> None:
    """Only to whoever blocks; the blocked are not told."""
    event = BlockChanged(user_id=block.blocked_id, is_blocked=is_blocked)
    realtime.publish(event, to=[block.blocker_id])
