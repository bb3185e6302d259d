"""The wire: every shape, event (server to client) and command (client to server), typed.

REST, the socket and Socket.IO speak these same models. JSON keys are camelCase, ids are integers, times are
ISO 8601 UTC with milliseconds and `Z`. Events are viewer-neutral, so that one text serves all recipients.
To add an event: a class here with `@event("name")`, a function in the app's broadcasts.py, a test.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from uuid import UUID, uuid4

import orjson
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    RootModel,
    Strict,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic.alias_generators import to_camel

MAX_MESSAGE_LENGTH = 4000
MAX_TITLE_LENGTH = 100
MAX_DESCRIPTION_LENGTH = 500
MAX_GROUP_MEMBERS = 1024
MAX_PAGE = 100
DEFAULT_PAGE = 50
MAX_SYNC_CONVERSATIONS = 1000
MAX_STATUS_QUESTIONS = 500


def as_utc_text(moment: datetime) -> str:
    # Of UTC already, as from the database, and most often: half of the time that a page of them takes.
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _without_nul(text: str) -> str:
    # PostgreSQL stores no NUL; refusing it here makes it a 400 instead of a 500.
    if "\x00" in text:
        raise ValueError(_("This must not contain the NUL character."))
    return text


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
# JSON has only texts for the names of fields.
Key = Annotated[int, Strict(False), Field(ge=1, le=2**63 - 1)]
Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]
Moment = Annotated[datetime, PlainSerializer(as_utc_text, return_type=str)]
Content = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_MESSAGE_LENGTH),
    AfterValidator(_without_nul),
]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Strict(), Field(ge=0, le=6)]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_LENGTH),
    AfterValidator(_without_nul),
]

Description = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=MAX_DESCRIPTION_LENGTH),
    AfterValidator(_without_nul),
]
WhoMayPost = Literal["everyone", "admins"]
Search = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_without_nul)
]


class Wire(BaseModel):
    """Base of everything that crosses the wire."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        # What has a default may be missing from a request, and never is from an answer.
        json_schema_serialization_defaults_required=True,
    )

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def _encoded(self) -> bytes:
        """The same as text, made once however often it is said."""
        return self.__pydantic_serializer__.to_json(self, by_alias=True)


class Input(Wire):
    """What clients send. JSON says what it means: neither "1" nor true is a number."""

    model_config = ConfigDict(strict=True)


# --- Shapes: what REST answers and events are made of ------------------------------------------


class PersonShape(Wire):
    """The card of a person. `avatar_url` answers 404 to those who may not see the photo."""

    id: Id
    display_name: str
    avatar_url: str | None
    role: str
    is_active: bool
    is_bot: bool


class PresenceShape(Wire):
    """What this viewer may see: a hidden time is null, a hidden presence reads as offline."""

    user_id: Id
    is_online: bool
    last_seen_at: Moment | None


class PresenceList(Wire):
    users: list[PresenceShape]


class ContactShape(PersonShape):
    """`is_blocked`: by me; whether they block me is theirs to know."""

    about: str
    is_blocked: bool
    is_online: bool
    last_seen_at: Moment | None


class ContactsList(Wire):
    contacts: list[ContactShape]


class ContactDetail(ContactShape):
    groups_in_common: list["ConversationSummary"]


class QuoteShape(Wire):
    """The message that another one replies to, shortened; empty when it was deleted."""

    id: Id
    seq: Seq
    sender_id: Id
    sender_name: str
    content: str
    is_deleted: bool


class SystemLine(Wire):
    """What a system line tells, for each client to put into its reader's language."""

    event: Literal[
        "groupCreated",
        "memberAdded",
        "memberRemoved",
        "memberLeft",
        "titleChanged",
        "descriptionChanged",
        "pictureChanged",
        "pictureRemoved",
        "postingChanged",
        "roleChanged",
    ]
    user_ids: list[Id] = []
    names: list[str] = []
    title: str | None = None
    role: str | None = None
    who_may_post: str | None = None


class MessageShape(Wire):
    """`is_read`: of an own message, every other member has read it; of another's, I have.

    `read_at` is given in direct conversations. In the event `newMessage` both are always empty.
    """

    id: Id
    conversation_id: Id
    seq: Seq
    version: Seq
    kind: Literal["text", "system"]
    sender_id: Id
    sender: PersonShape
    content: str
    system: SystemLine | None
    reply_to: QuoteShape | None
    client_id: UUID | None
    created_at: Moment
    updated_at: Moment
    edited_at: Moment | None
    deleted_at: Moment | None
    is_delivered: bool = False
    is_read: bool = False
    read_at: Moment | None = None


class ParticipantShape(Wire):
    """`confirms`: others' ticks wait for this one. For a bot in a group nobody waits."""

    user: PersonShape
    role: Literal["admin", "member"]
    is_current: bool
    confirms: bool
    delivered_seq: Seq
    read_seq: Seq
    version: Seq


class ParticipantsList(Wire):
    participants: list[ParticipantShape]


class PointersShape(Wire):
    """How far I have got in a conversation; `read_seq` counts private reading too."""

    conversation_id: Id
    delivered_seq: Seq
    read_seq: Seq


class ConversationSummary(Wire):
    """What is the same for every member. `picture_url` answers 404 to whoever is none."""

    id: Id
    kind: Literal["direct", "group"]
    title: str
    description: str
    picture_url: str | None
    who_may_post: WhoMayPost
    created_by_id: Id
    created_at: Moment
    updated_at: Moment
    last_message_at: Moment | None
    last_seq: Seq
    version: Seq
    member_count: int


class Preferences(Wire):
    """How I keep a conversation. Muted for ever is a moment that nobody will live to see.

    `level` says of what in it my devices are told while I am away.
    """

    pinned_at: Moment | None
    archived_at: Moment | None
    muted_until: Moment | None
    level: Literal["all", "mentions", "nothing"]


class ConversationShape(ConversationSummary, Preferences):
    """A conversation as one viewer sees it in the list.

    `peer` is the other person of a direct conversation. The two `_to_all` pointers are the lowest of the
    other members': an own message up to them has two ticks, or two coloured ones. `has_mention`: of a group,
    something that I have not read names me behind an @, or answers me.
    """

    peer: ContactShape | None
    last_message: MessageShape | None
    unread_count: int
    has_mention: bool
    read_seq: Seq
    delivered_seq: Seq
    delivered_to_all_seq: Seq
    read_by_all_seq: Seq
    role: Literal["admin", "member"]
    is_member: bool
    can_post: bool


class ConversationDetail(ConversationShape):
    participants: list[ParticipantShape]


class ConversationsPage(Wire):
    conversations: list[ConversationShape]
    next_cursor: str | None


class MessagesPage(Wire):
    """Messages in ascending seq. `has_older` and `has_newer` say whether there is more on either side."""

    conversation_id: Id
    messages: list[MessageShape]
    has_older: bool
    has_newer: bool


class DeletedForMe(Wire):
    """A message that I deleted for myself. `number` counts them: 1, 2, 3 …, of all my conversations."""

    conversation_id: Id
    message_id: Id
    seq: Seq
    number: Seq


class ReceiptShape(Wire):
    """Somebody who has a message on a device. A time is null where it was not kept."""

    user: PersonShape
    delivered_at: Moment | None
    is_read: bool
    read_at: Moment | None


class MessageInfo(Wire):
    """Of an own message: who has it on a device, those who have read it first.

    `remaining_count` are the members who do not have it yet. In a direct conversation reading is told only if
    both sides give read receipts.
    """

    conversation_id: Id
    message_id: Id
    seq: Seq
    receipts: list[ReceiptShape]
    remaining_count: int


class ConversationChanges(Wire):
    """All that changed after the version held; `version` is how far this answer is complete.

    With `limited`, ask again with that version. `conversation` is the state now; `participants` and
    `messages` are the rows that changed.
    """

    conversation: ConversationShape
    participants: list[ParticipantShape]
    messages: list[MessageShape]
    version: Seq
    limited: bool


class SyncPage(Wire):
    """Answer to `sync`: ask again while `limited`. `read_seqs` are my own read pointers, private ones too.

    `preferences` are mine of those asked for, where any is set: like private reading, they give no version.
    Conversations that were not asked for come with their latest page only (`has_older` by REST).
    `gone` are ids asked for that are not mine to see. `deleted_for_me` are what I deleted for myself behind
    `deletedForMeAfter`; ask with `deleted_for_me_up_to` next time.
    """

    conversations: list[ConversationChanges]
    read_seqs: dict[Id, Seq]
    preferences: dict[Id, Preferences]
    gone: list[Id]
    deleted_for_me: list[DeletedForMe]
    deleted_for_me_up_to: Seq
    limited: bool


class NotificationShape(Wire):
    id: Id
    kind: Literal["message", "mention", "added_to_group", "missed", "security", "system"]
    conversation_id: Id | None
    message_id: Id | None
    title: str
    body: str
    count: int
    created_at: Moment
    updated_at: Moment
    is_read: bool
    read_at: Moment | None


class NotificationsPage(Wire):
    notifications: list[NotificationShape]
    unread_count: int
    next_cursor: str | None


class UnreadNotifications(Wire):
    unread_count: int


class PushSubscriptionShape(Wire):
    """A device that can be reached while nobody looks. The keys and the endpoint are told to nobody."""

    id: Id
    kind: Literal["web", "fcm", "apns"]
    session_id: Id
    is_this_device: bool
    created_at: Moment


class PushSubscriptionsList(Wire):
    """A browser subscribes with the `application_server_key`; it is empty where there is no web push."""

    push_subscriptions: list[PushSubscriptionShape]
    application_server_key: str


class PushTestResult(Wire):
    """What became of a test push to one device."""

    id: Id
    device: str
    is_delivered: bool
    detail: str


class PushTestResults(Wire):
    results: list[PushTestResult]


class KindsShape(Wire):
    """Of what somebody is told this way. Notices of security cannot be switched off."""

    message: bool
    mention: bool
    added_to_group: bool
    system: bool


class QuietHours(Wire):
    """In the person's time zone; `days` are the weekdays on which they begin, Monday is 0."""

    begins: ClockTime
    ends: ClockTime
    days: list[Weekday]


class NotificationPreferencesShape(Wire):
    push: KindsShape
    email: KindsShape
    preview: bool
    sounds: bool
    quiet_hours: QuietHours | None


class PushFate(Wire):
    """What became of the push to one device."""

    device: str
    state: Literal["waiting", "sending", "sent", "replaced", "dropped", "gone", "dead"]
    # The state in words.
    label: str
    reason: str
    at: Moment


class NotificationReason(Wire):
    """Why somebody was, or was not, told of a message. Without an outcome: not yet decided, or forgotten."""

    outcome: Literal["push", "in_app", "nothing"] | None
    reason: str
    detail: str
    decided_at: Moment | None
    devices: list[PushFate]


class PushShape(Wire):
    """What a push carries. A later one with the same `tag` takes the place of what a device shows.

    `unread` is for the app's badge; `stale` are tags that were read elsewhere and need not be shown any more.
    `reply` is what to call an answer from within the notification, empty where there can be none.
    Where no text may leave the server, `title` and `body` say nothing, and the app asks for them by the ids.
    """

    kind: Literal["message", "mention", "added_to_group", "missed", "security", "system", "test"]
    tag: str
    title: str
    body: str
    url: str
    conversation_id: Id | None = None
    message_id: Id | None = None
    notification_id: Id | None = None
    unread: int = 0
    reply: str = ""
    silent: bool = False
    stale: list[str] = []
    at: Moment

    def without_text(self) -> Self:
        return self.model_copy(update={"title": "Parley", "body": ""})


class Capabilities(Wire):
    """Numbers that clients read here instead of hard-coding them. `features`: what this server can do."""

    features: list[str]
    max_message_length: int
    max_title_length: int
    max_description_length: int
    max_group_members: int
    max_page: int
    default_page: int
    max_sync_conversations: int
    max_status_questions: int
    max_body_bytes: int
    max_frame_bytes: int
    frames_per_second: int
    frames_burst: int
    edit_window_seconds: int
    typing_repeat_seconds: int
    typing_idle_seconds: int
    typing_expiry_seconds: int


class ErrorItem(Wire):
    """`code` is for programs, `detail` for people, `attr` names the field that is wrong."""

    code: str
    detail: str
    attr: str | None


class ErrorBody(Wire):
    type: Literal["validation_error", "client_error", "server_error"]
    errors: list[ErrorItem]


# --- Registry ----------------------------------------------------------------------------------


class Event(Wire):
    name: ClassVar[str]


AnyEvent = TypeVar("AnyEvent", bound=type[Event])
AnyCommand = TypeVar("AnyCommand", bound=type["Command"])

EVENTS: dict[str, type[Event]] = {}
COMMANDS: dict[str, type["Command"]] = {}


def event(name: str) -> Callable[[AnyEvent], AnyEvent]:
    def register(cls: AnyEvent) -> AnyEvent:
        if name in EVENTS:
            raise ValueError(f"The event {name} is registered twice.")
        cls.name = name
        EVENTS[name] = cls
        return cls

    return register


def command(name: str) -> Callable[[AnyCommand], AnyCommand]:
    def register(cls: AnyCommand) -> AnyCommand:
        if name in COMMANDS:
            raise ValueError(f"The command {name} is registered twice.")
        cls.name = name
        COMMANDS[name] = cls
        return cls

    return register


def encode(message: Event, answer_to: str | int | None = None) -> str:
    """The text frame of an event; `id` is present in answers only."""
    frame: dict[str, Any] = {"event": message.name, "data": orjson.Fragment(message._encoded)}
    if answer_to is not None:
        frame["id"] = answer_to
    return orjson.dumps(frame).decode()


# --- Events: server to client ------------------------------------------------------------------


@event("connected")
class Connected(Event):
    """The first of all: who this is, and what the server can do. With no user: `authenticate`."""

    connection_id: str
    user: PersonShape | None
    capabilities: Capabilities


@event("authenticated")
class Authenticated(Event):
    """Answers `authenticate`: who this is now, and until when."""

    user: PersonShape
    expires_at: Moment | None


@event("ok")
class Ok(Event):
    """Answer to a command that has nothing to tell but that it was done."""


@event("error")
class Error(Event):
    """A command was refused. With its `id`, where the frame had one; the socket stays open."""

    type: str
    errors: list[ErrorItem]
    retry_after: int | None = None


@event("conversationLoaded")
class ConversationLoaded(Event):
    """Answers `getOrCreateConversation`, with the latest page of its messages."""

    conversation: ConversationDetail
    messages: list[MessageShape]
    has_older: bool
    created: bool


@event("conversationsList")
class ConversationsList(ConversationsPage, Event):
    """Answers `getConversations`: one page of the list."""


@event("messagesLoaded")
class MessagesLoaded(MessagesPage, Event):
    """Answers `getMessages`: one page of a conversation, ascending by `seq`."""


class MessageEvent(MessageShape, Event):
    @classmethod
    def of(cls, message: MessageShape) -> Self:
        """Under this event's name; encoded once for both."""
        event = cls(**dict(message))
        vars(event)["_encoded"] = message._encoded
        return event


@event("messageSent")
class MessageSent(MessageEvent):
    """Acknowledges `sendMessage`, only after COMMIT."""


@event("messageInfo")
class MessageInfoLoaded(MessageInfo, Event):
    """Answers `getMessageInfo`: who has an own message, and who has read it."""


@event("newMessage")
class NewMessage(MessageEvent):
    """Somebody wrote; or I did, on another device."""


@event("messageEdited")
class MessageEdited(Event):
    """The text of a message changed."""

    conversation_id: Id
    message_id: Id
    seq: Seq
    version: Seq
    content: str
    edited_at: Moment
    updated_at: Moment


@event("messageDeleted")
class MessageDeleted(Event):
    """A message was deleted for everyone; its place stays."""

    conversation_id: Id
    message_id: Id
    seq: Seq
    version: Seq
    deleted_at: Moment
    updated_at: Moment


@event("messageDeletedForMe")
class MessageDeletedForMe(DeletedForMe, Event):
    """I deleted a message for myself. To my own devices alone; to everybody else it is still there."""


@event("messageDelivered")
class MessageDelivered(Event):
    """A member's devices hold everything up to `upToSeq`."""

    conversation_id: Id
    user_id: Id
    up_to_seq: Seq
    at: Moment
    version: Seq


@event("messagesRead")
class MessagesRead(Event):
    """A member has read everything up to `upToSeq`.

    To the reader's own devices it also comes for a private read, with `is_private` set.
    """

    conversation_id: Id
    user_id: Id
    up_to_seq: Seq
    at: Moment
    version: Seq
    is_private: bool = False


@event("conversationUpdated")
class ConversationUpdated(Event):
    """A new conversation, or a change of what it is or who is in it. `participants`: those who changed."""

    conversation: ConversationSummary
    participants: list[ParticipantShape]


@event("preferencesChanged")
class PreferencesChanged(Preferences, Event):
    """How I keep a conversation has changed. To my own devices alone."""

    conversation_id: Id


@event("blockChanged")
class BlockChanged(Event):
    """To my own devices alone: I block them, or do so no more."""

    user_id: Id
    is_blocked: bool


@event("userTyping")
class UserTyping(Event):
    """Somebody is writing, or is no more. Forget it after `typingExpirySeconds` without another one."""

    conversation_id: Id
    user_id: Id
    is_typing: bool
    kind: Literal["text", "voice"]


@event("userStatusChanged")
class UserStatusChanged(PresenceShape, Event):
    """Somebody came or went, as far as I may see it."""


@event("onlineStatus")
class OnlineStatus(PresenceList, Event):
    """Answers `getOnlineStatus`, for those of them whom I may know."""


@event("syncResult")
class SyncResult(SyncPage, Event):
    """Answers `sync`."""


@event("newNotification")
class NewNotification(NotificationShape, Event):
    """Something to tell in the app: new, or one more of the same."""


@event("notificationsRead")
class NotificationsRead(Event):
    """Notifications were read, on another device perhaps. `ids` empty and no conversation: all of them."""

    ids: list[Id]
    conversation_id: Id | None
    unread_count: int


@event("resync")
class Resync(Event):
    """The server may have lost events: ask again by `sync`."""


@event("sessionRevoked")
class SessionRevoked(Event):
    """This device was signed out. The socket is closed with 4403 after it."""

    session_id: Id


# --- Commands: client to server ----------------------------------------------------------------


class Command(Input):
    name: ClassVar[str]


@command("authenticate")
class Authenticate(Command):
    """Say who you are, or show the next access token before the one that holds expires."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


@command("getOrCreateConversation")
class GetOrCreateConversation(Command):
    """Open the direct conversation with somebody; it is made if there is none."""

    target_user_id: Id


class ConversationsQuery(Input):
    """`cursor` is `nextCursor` of the page before.

    What is archived comes with `filter=archived`, and with a `search`: part of the title, or of the other
    person's name.
    """

    filter: Literal["all", "unread", "groups", "archived"] = "all"
    search: Search = ""
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE


@command("getConversations")
class GetConversations(ConversationsQuery, Command):
    """One page of my conversations."""


class ContactsQuery(Input):
    """`search` is part of a name or of an e-mail address."""

    search: Search = ""


class MessagesQuery(Input):
    """At most one of before, after, around; none of them is the latest page."""

    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE


@command("getMessages")
class GetMessages(MessagesQuery, Command):
    """One page of messages: the latest, or the one before, after or around a `seq`."""

    conversation_id: Id


class NewMessageBody(Input):
    """What a message consists of. Send a `client_id` of your own, so that a repeat is safe."""

    content: Content
    client_id: Annotated[UUID, Strict(False)] = Field(default_factory=uuid4)
    reply_to_id: Id | None = None


@command("sendMessage")
class SendMessage(NewMessageBody, Command):
    """Send a message. A repeat with the same `clientId` is answered with the first result."""

    conversation_id: Id


class UpTo(Input):
    """Without `up_to_seq`: everything."""

    up_to_seq: Seq | None = None


@command("getMessageInfo")
class GetMessageInfo(Command):
    """Of an own message: to whom it was delivered, and who has read it."""

    conversation_id: Id
    message_id: Id


@command("markMessagesAsDelivered")
class MarkMessagesAsDelivered(UpTo, Command):
    """This device holds everything up to `upToSeq`; without it: all."""

    conversation_id: Id


@command("markMessagesAsRead")
class MarkMessagesAsRead(UpTo, Command):
    """I have seen everything up to `upToSeq`; without it: all."""

    conversation_id: Id


class PreferencesBody(Input):
    """What is left out stays as it is. Archiving unpins, pinning takes out of the archive."""

    pinned: bool | None = None
    archived: bool | None = None
    mute: Literal["off", "eightHours", "oneWeek", "always"] | None = None
    level: Literal["all", "mentions", "nothing"] | None = None


@command("setPreferences")
class SetPreferences(PreferencesBody, Command):
    """Pin, archive or mute a conversation for myself."""

    conversation_id: Id


class EditBody(Input):
    content: Content


@command("editMessage")
class EditMessage(EditBody, Command):
    """Change the text of an own message, within the window of the capabilities."""

    conversation_id: Id
    message_id: Id


@command("deleteMessage")
class DeleteMessage(Command):
    """Delete an own message for everyone."""

    conversation_id: Id
    message_id: Id


@command("deleteMessageForMe")
class DeleteMessageForMe(Command):
    """Delete a message for myself alone, whoever wrote it."""

    conversation_id: Id
    message_id: Id


@command("typing")
class Typing(Command):
    """I am writing, or no more. Repeat it every `typingRepeatSeconds` while it lasts."""

    conversation_id: Id
    is_typing: bool
    kind: Literal["text", "voice"] = "text"


@command("getOnlineStatus")
class GetOnlineStatus(Command):
    """Who of these is here, as far as I may know it."""

    user_ids: Annotated[list[Id], Field(max_length=MAX_STATUS_QUESTIONS)]


@command("setActivity")
class SetActivity(Command):
    """Whether somebody is at this device."""

    state: Literal["active", "idle"]


class SyncQuery(Input):
    """The version held of each conversation that the client knows.

    `deleted_for_me_after`: up to which number it knows what I deleted for myself; without it, none is told.
    """

    conversations: Annotated[
        dict[Key, Seq],
        Field(
            max_length=MAX_SYNC_CONVERSATIONS,
            json_schema_extra={"propertyNames": {"pattern": "^[1-9][0-9]{0,17}$"}},
        ),
    ]
    deleted_for_me_after: Seq | None = None


@command("sync")
class Sync(SyncQuery, Command):
    """Versions held in; everything that changed after them comes as `syncResult`."""


class NotificationsQuery(Input):
    """`conversationId`: only what tells of this one."""

    conversation_id: Id | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE


class WebPushKeys(Input):
    """Of a browser's PushSubscription, base64url: a point on P-256, and 16 bytes."""

    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}=?$")] = Field(
        # As browsers call it.
        alias="p256dh"
    )
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}={0,2}$")]


class NewPushSubscription(Input):
    """What a browser's PushSubscription gives by `toJSON()`; of a phone, its token as `endpoint`."""

    kind: Literal["web", "fcm", "apns"] = "web"
    endpoint: Annotated[str, StringConstraints(pattern=r"^[!-~]+$", min_length=16, max_length=1000)]
    keys: WebPushKeys | None = None
    expiration_time: float | None = None

    @model_validator(mode="after")
    def _web_has_keys(self) -> Self:
        if (self.kind == "web") != (self.keys is not None):
            raise ValueError(_("Keys are of web push, which cannot do without."))
        return self


class PushSubscriptionQuery(Input):
    """Without `id`: those of this device."""

    id: Id | None = None


class PushTestBody(Input):
    """Without `id`: this device."""

    id: Id | None = None


class KindsChange(Input):
    message: bool | None = None
    mention: bool | None = None
    added_to_group: bool | None = None
    system: bool | None = None


class NotificationPreferencesChange(Input):
    """What is not named stays as it is; `quietHours: null` ends them."""

    push: KindsChange | None = None
    email: KindsChange | None = None
    preview: bool | None = None
    sounds: bool | None = None
    quiet_hours: QuietHours | None = None


class NewDirectConversation(Input):
    type: Literal["direct"] = "direct"
    target_user_id: Id


class NewGroup(Input):
    type: Literal["group"]
    title: Title
    member_ids: Annotated[list[Id], Field(max_length=MAX_GROUP_MEMBERS - 1)] = []


def _conversation_type(body: Any) -> str | None:
    return body.get("type", "direct") if isinstance(body, dict) else None


class NewConversation(RootModel[Any]):
    """Direct, unless it says `"type": "group"`."""

    root: Annotated[
        Annotated[NewDirectConversation, Tag("direct")] | Annotated[NewGroup, Tag("group")],
        Discriminator(_conversation_type),
    ]


class GroupBody(Input):
    """What is left out stays as it is."""

    title: Title | None = None
    description: Description | None = None
    who_may_post: WhoMayPost | None = None


class MembersBody(Input):
    user_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_GROUP_MEMBERS - 1)]


class RoleBody(Input):
    role: Literal["admin", "member"]
