"""The examples in the documents: every shape, made of one value for each field name.

All tell one story, in which Alice (3) writes to Bob (4) in conversation 12. What has no line here gets
something of its type. A test holds that each operation and each event has its example, and that it fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOMENT = "2026-11-22T18:00:00.000Z"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOjd9.c2lnbmF0dXJl"
CLIENT_ID = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
PASSWORD = "a long sentence of your own"

P256 = "BIPUL12DLfytvTajnryr2PRdAgXS3HGKiLqndGcJGabyhHheJYlNGCeXl1dn18gSJ1WAkAPIxr4gK0_dQds4yiI"
KINDS = {"message": True, "mention": True, "addedToGroup": True, "system": True}

Schema = Mapping[str, Any]

# By "Shape.field" where a name means something else than usual. What has no value here is made of its shape.
VALUES: dict[str, Any] = {
    "about": "At work until six",
    "access": TOKEN,
    "after": 40,
    "applicationServerKey": P256,
    "archived": False,
    "archivedAt": None,
    "around": None,
    "at": MOMENT,
    "attr": "content",
    "auth": "tBHItJI5svbpez7KI4CCXg",
    "avatar": None,
    "avatarUrl": "/avatars/3?v=1",
    "before": None,
    "begins": "22:00",
    "body": "Alice: See you at six",
    "canPost": True,
    "clientId": CLIENT_ID,
    "code": "string_too_long",
    "confirms": True,
    "connectionId": "f0e1d2c3b4a5968778695a4b3c2d1e0f",
    "content": "See you at six",
    "conversationId": 12,
    "count": 1,
    "created": True,
    "createdAt": MOMENT,
    "createdById": 3,
    "currentPassword": "the one until now",
    "cursor": None,
    "days": [0, 1, 2, 3, 4],
    "decidedAt": MOMENT,
    "defaultPage": 50,
    "deletedAt": None,
    "MessageDeleted.deletedAt": MOMENT,
    "deletedForMe": [],
    "deletedForMeAfter": 2,
    "deletedForMeUpTo": 2,
    "deliveredAt": MOMENT,
    "deliveredSeq": 41,
    "deliveredToAllSeq": 41,
    "description": "",
    "detail": "This is too long.",
    "NotificationReason.detail": "You were not looking, and want to be told.",
    "PushTestResult.detail": "The push service took it.",
    "device": "Bob's phone",
    "displayName": "Alice",
    "editWindowSeconds": 900,
    "editedAt": None,
    "MessageEdited.editedAt": MOMENT,
    "email": "alice@acme.example",
    "Invitation.email": "dora@acme.example",
    "InvitationRequest.email": "dora@acme.example",
    "AcceptanceRequest.email": "dora@acme.example",
    "RegistrationRequest.email": "olga@initech.example",
    "endpoint": "https://push.example/send/e4Zm9vYmFy",
    "ends": "07:00",
    "SystemLine.event": "memberAdded",
    "expirationTime": None,
    "expiresAt": "2026-11-29T18:00:00.000Z",
    "features": ["groups", "editing", "sync"],
    "filter": "all",
    "framesBurst": 60,
    "framesPerSecond": 30,
    "gone": [],
    "hasMention": False,
    "hasNewer": False,
    "hasOlder": True,
    "id": 12,
    "ContactDetail.id": 4,
    "ContactShape.id": 4,
    "Me.id": 3,
    "MessageShape.id": 345,
    "MessageSent.id": 345,
    "NewMessage.id": 345,
    "QuoteShape.id": 344,
    "Person.id": 4,
    "PersonShape.id": 3,
    "Organization.id": 1,
    "Session.id": 7,
    "ids": [9],
    "IncomingMessageRequest.content": None,
    "IncomingMessageRequest.text": "Build 7 is green",
    "invitedBy": "Alice",
    "ipAddress": "203.0.113.7",
    "isActive": True,
    "isBlocked": False,
    "isBot": False,
    "isCurrent": True,
    "isDeleted": False,
    "isDelivered": True,
    "isMember": True,
    "isOnline": True,
    "isPrivate": False,
    "isRead": False,
    "isThisDevice": True,
    "isTyping": True,
    "NotificationPreferencesShape.email": {**KINDS, "message": False},
    "NotificationPreferencesChange.email": {"message": False},
    "NotificationPreferencesChangeRequest.email": {"message": False},
    "push": KINDS,
    "PushFate.label": "Sent",
    "label": "Firefox on Linux",
    "language": "en",
    "lastMessageAt": MOMENT,
    "lastSeen": "contacts",
    "lastSeenAt": MOMENT,
    "lastSeq": 41,
    "lastUsedAt": MOMENT,
    "limit": 50,
    "limited": False,
    "link": None,
    "maxBodyBytes": 1048576,
    "maxDescriptionLength": 500,
    "maxFrameBytes": 65536,
    "maxGroupMembers": 1024,
    "maxMessageLength": 4000,
    "maxPage": 100,
    "maxStatusQuestions": 500,
    "maxSyncConversations": 1000,
    "maxTitleLength": 100,
    "memberCount": 2,
    "memberIds": [4, 5],
    "messageId": 345,
    "mute": "eightHours",
    "mutedUntil": None,
    "name": "Acme",
    "names": ["Bob"],
    "newPassword": PASSWORD,
    "nextAfter": None,
    "nextCursor": None,
    "notificationId": 9,
    "number": 3,
    "online": "contacts",
    "organizationName": "Initech",
    "p256dh": P256,
    "password": PASSWORD,
    "peer": None,
    "photo": "everyone",
    "Privacy.about": "everyone",
    "PrivacyChangesRequest.about": "everyone",
    "groups": "everyone",
    "picture": "(the bytes of a picture)",
    "pictureUrl": None,
    "pinned": True,
    "pinnedAt": None,
    "PreferencesChanged.pinnedAt": MOMENT,
    "preview": True,
    "readAt": None,
    "readByAllSeq": 40,
    "readReceipts": True,
    "readSeq": 40,
    "readSeqs": {"12": 40},
    "SyncPage.preferences": {},
    "SyncResult.preferences": {},
    "SyncQueryRequest.conversations": {"12": 57},
    "Sync.conversations": {"12": 57},
    "reason": "wanted",
    "refresh": TOKEN,
    "remainingCount": 0,
    "replyTo": None,
    "replyToId": None,
    "retryAfter": None,
    "role": "member",
    "ParticipantShape.role": "admin",
    "SystemLine.role": None,
    "Error.type": "client_error",
    "webhookSecret": "parley_hook_8hV2mBq7TzXw1KfLr4YcJd9NsPgUa6Ee3RtQoMxZ",
    "whoMayPost": "everyone",
    "SystemLine.whoMayPost": None,
    "search": "",
    "senderId": 3,
    "senderName": "Alice",
    "seq": 41,
    "sessionId": 7,
    "sounds": True,
    "MessageShape.system": None,
    "MessageSent.system": None,
    "NewMessage.system": None,
    "targetUserId": 4,
    "timeZone": "Europe/Berlin",
    "title": "Friday",
    "token": TOKEN,
    "typingExpirySeconds": 6,
    "typingIdleSeconds": 5,
    "typingRepeatSeconds": 3,
    "uid": "Mw",
    "unreadCount": 1,
    "upToSeq": 41,
    "updatedAt": MOMENT,
    "userId": 4,
    "userIds": [4],
    "version": 58,
}  # fmt: skip


# By status: the code that is met most, and its field.
REFUSALS: dict[int, tuple[str, str, str | None]] = {
    400: ("string_too_long", "This is too long: at most 4000 characters.", "content"),
    401: ("token_not_valid", "The token is invalid or has expired.", None),
    403: ("not_a_member", "You are not a member of this conversation any more.", None),
    404: ("not_found", "Not found.", None),
    406: ("not_acceptable", "Could not satisfy the request Accept header.", None),
    409: ("client_id_reused", "This clientId was sent with another body.", "clientId"),
    411: ("length_required", "Say how long the body is (Content-Length).", None),
    413: ("too_large", "This is too large.", None),
    415: ("unsupported_media_type", 'Unsupported media type "text/plain" in request.', None),
    429: ("throttled", "Too many requests. Wait a moment.", None),
    503: ("unavailable", "The service is busy. Try again in a moment.", None),
}


def refusal_example(status: int) -> dict[str, Any]:
    code, detail, attr = REFUSALS[status]
    kind = {400: "validation_error", 503: "server_error"}.get(status, "client_error")
    return {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}


def typical(field: Schema) -> Any:
    kinds = field.get("type", [inner.get("type") for inner in field.get("anyOf", [])])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        match kind:
            case "string":
                return MOMENT if field.get("format") == "date-time" else "…"
            case "integer" | "number":
                return max(1, field.get("minimum", 1))
            case "boolean":
                return True
    return [] if kinds == "array" else {}


class Examples:
    """Of the schemas of one document."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components

    def named(self, name: str) -> Any:
        return VALUES[name]

    def of(self, schema: Schema, shape: str = "") -> Any:
        match schema:
            case {"$ref": reference}:
                name = reference.rpartition("/")[2]
                return self.of(self._components[name], name)
            case {"const": value} | {"default": bool(value)}:
                return value
            case {"enum": [value, *_]}:
                return value
            case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first, *_]}:
                return self.of(first, shape)
            case {"type": "string"}:
                return typical(schema)
            case {"type": "array", "items": items}:
                return [self.of(items, shape)]
            case {"type": "object", "properties": properties}:
                return {name: self._field(name, field, shape) for name, field in properties.items()}
        return {}

    def _field(self, name: str, field: Schema, shape: str) -> Any:
        shape = shape.removeprefix("Patched")
        for key in (f"{shape}.{name}", name):
            if key in VALUES:
                return VALUES[key]
        return self.of(field, shape) if self._is_made_of_others(field) else typical(field)

    def _is_made_of_others(self, field: Schema) -> bool:
        inner = [*field.get("anyOf", []), *field.get("oneOf", []), *field.get("allOf", [])]
        inner += [field["items"]] if "items" in field else []
        return bool({"$ref", "const", "enum"} & set(field)) or any(
            self._is_made_of_others(one) for one in inner
        )
