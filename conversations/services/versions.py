"""What a page that is rendered now holds, so that its first `sync` asks only for what comes after."""

from accounts.models import User
from chatproject.events import MAX_SYNC_CONVERSATIONS
from conversations.models import Participant


def versions_held(*, actor: User) -> dict[int, int]:
    """By conversation, the newest ones. Take it *before* the rows: what changes meanwhile comes again."""
    places = Participant.objects.visible_to(actor).newest_first()
    rows = places.values_list("conversation_id", "conversation__version", "version", "left_seq")
    return {
        pk: current if left_seq is None else at_leaving
        for pk, current, at_leaving, left_seq in rows[:MAX_SYNC_CONVERSATIONS]
    }
