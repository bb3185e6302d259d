"""The numbers that clients read here instead of hard-coding them."""

from typing import Any

from django.conf import settings

from chatproject import events, frames

# A client repeats `typing` while somebody types, says that it stopped after a while of idling, and drops
# another's typing that is not repeated, all in seconds.
TYPING_REPEAT = 4
TYPING_IDLE = 5
TYPING_EXPIRY = 8


def capabilities() -> dict[str, Any]:
    return {
        "maxMessageLength": events.MAX_MESSAGE_LENGTH,
        "maxTitleLength": events.MAX_TITLE_LENGTH,
        "maxGroupMembers": events.MAX_GROUP_MEMBERS,
        "maxPage": events.MAX_PAGE,
        "defaultPage": events.DEFAULT_PAGE,
        "maxSyncConversations": events.MAX_SYNC_CONVERSATIONS,
        "maxStatusQuestions": events.MAX_STATUS_QUESTIONS,
        "maxFrameBytes": frames.MAX_FRAME_BYTES,
        "framesPerSecond": settings.SOCKET_FRAMES_PER_SECOND,
        "framesBurst": settings.SOCKET_FRAMES_BURST,
        "editWindowSeconds": settings.EDIT_WINDOW_SECONDS,
        "typingRepeatSeconds": TYPING_REPEAT,
        "typingIdleSeconds": TYPING_IDLE,
        "typingExpirySeconds": TYPING_EXPIRY,
    }
