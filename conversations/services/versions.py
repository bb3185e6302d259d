"""What a page that is rendered now holds, so that its first `sync` asks only for what comes after."""

from django.db.models.functions import Coalesce

from accounts.models import User
from chatproject.events import MAX_SYNC_CONVERSATIONS
from conversations.models import Participant


def versions_held(*, actor: User) -> dict[int, int]:
    """By conversation, the newest ones. Take it *before* the rows: what changes meanwhile comes again."""
    places = Participant.objects.visible_to(actor).newest_first()
    version = Coalesce("left_version", "conversation__version")
    return dict(places.values_list("conversation_id", version)[:MAX_SYNC_CONVERSATIONS])
