"""What accounts tells the sockets."""

from accounts.models import Session
from chatproject import realtime


def session_revoked(session: Session) -> None:
    """The session's own connections hear it and are closed with 4403."""
    realtime.revoke_sessions(user_id=session.user_id, session_ids=[session.pk])
