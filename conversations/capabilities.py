"""The numbers that clients read here instead of hard-coding them, each taken from where it holds."""

from django.conf import settings

from chatproject import events, frames, json

# A client repeats `typing` while somebody types, says that it stopped after a while of idling, and drops
# another's typing that is not repeated, all in seconds.
TYPING_REPEAT = 4
TYPING_IDLE = 5
TYPING_EXPIRY = 8

FEATURES = [
    "directConversations",
    "groups",
    "replies",
    "editing",
    "deletion",
    "deletionForMe",
    "deliveryReceipts",
    "readReceipts",
    "mentions",
    "messageInfo",
    "typing",
    "presence",
    "notifications",
    "sync",
    "pinning",
    "archiving",
    "muting",
    "groupPictures",
    "groupDescriptions",
    "whoMayPost",
    "bots",
    "incomingWebhooks",
    "outgoingWebhooks",
]


def capabilities() -> events.Capabilities:
    return events.Capabilities(
        features=[*FEATURES, *(["registration"] if settings.REGISTRATION_OPEN else [])],
        max_message_length=events.MAX_MESSAGE_LENGTH,
        max_title_length=events.MAX_TITLE_LENGTH,
        max_description_length=events.MAX_DESCRIPTION_LENGTH,
        max_group_members=events.MAX_GROUP_MEMBERS,
        max_page=events.MAX_PAGE,
        default_page=events.DEFAULT_PAGE,
        max_sync_conversations=events.MAX_SYNC_CONVERSATIONS,
        max_status_questions=events.MAX_STATUS_QUESTIONS,
        max_body_bytes=json.MAX_BYTES,
        max_frame_bytes=frames.MAX_FRAME_BYTES,
        frames_per_second=settings.SOCKET_FRAMES_PER_SECOND,
        frames_burst=settings.SOCKET_FRAMES_BURST,
        edit_window_seconds=settings.EDIT_WINDOW_SECONDS,
        typing_repeat_seconds=TYPING_REPEAT,
        typing_idle_seconds=TYPING_IDLE,
        typing_expiry_seconds=TYPING_EXPIRY,
    )
