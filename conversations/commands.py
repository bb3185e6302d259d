"""What each command of the socket does: the typed command in, one service, the event that answers it.

To add one: a class in chatproject/events.py with `@command("name")`, a function here, a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import iscoroutinefunction
from typing import Any, get_args, get_type_hints

from accounts.models import User
from chatproject import events
from chatproject.events import Command, Event, encode
from chatproject.frames import FrameId
from chatproject.threads import in_thread
from conversations.caretaker import Caretaker
from conversations.services import (
    contacts,
    conversations,
    hiding,
    history,
    listing,
    message_info,
    messages,
    preferences,
    presence,
    sync,
    typing,
)
from conversations.writer import amark_delivered, amark_read, asend_message


@dataclass(frozen=True)
class Caller:
    actor: User
    connection_id: str


Action = Callable[[Caller, Any], Any]
ACTIONS: dict[type[Command], Action] = {}


async def perform(command: Command, caller: Caller, answer_to: FrameId = None) -> str | None:
    """The answer as a text frame. None: this command has no answer."""
    action = ACTIONS[type(command)]
    if iscoroutinefunction(action):
        event: Event | None = await action(caller, command)
        return encode(event, answer_to) if event else None
    return await in_thread(_act, action, caller, command, answer_to)


def _act(action: Action, caller: Caller, command: Command, answer_to: FrameId) -> str | None:
    """In a thread, the encoding included: a page of messages takes a while."""
    event: Event | None = action(caller, command)
    return encode(event, answer_to) if event else None


def does(kind: type[Command]) -> Callable[[Action], Action]:
    def register(action: Action) -> Action:
        ACTIONS[kind] = action
        return action

    return register


@cache
def answers_of(kind: type[Command]) -> list[type[Event]]:
    """None at all: whoever sends it does not wait."""
    if kind is events.Authenticate:
        # The connection's own affair, so that it stands in no table.
        return [events.Authenticated]
    answer: Any = get_type_hints(ACTIONS[kind])["return"]
    return [one for one in get_args(answer) or (answer,) if one is not type(None)]


@does(events.GetOrCreateConversation)
def get_or_create_conversation(
    caller: Caller, command: events.GetOrCreateConversation
) -> events.ConversationLoaded:
    place, created = conversations.get_or_create_direct(
        actor=caller.actor, target_user_id=command.target_user_id
    )
    conversation_id = place.conversation_id
    page = history.page_of_messages(
        actor=caller.actor, conversation_id=conversation_id, query=events.MessagesQuery()
    )
    return events.ConversationLoaded(
        conversation=listing.conversation_in_full(
            actor=caller.actor, conversation_id=conversation_id
        ),
        messages=page.messages,
        has_older=page.has_older,
        created=created,
    )


@does(events.GetConversations)
def get_conversations(caller: Caller, command: events.GetConversations) -> events.ConversationsList:
    page = listing.page_of_conversations(actor=caller.actor, query=command)
    return events.ConversationsList(**dict(page))


@does(events.GetMessages)
def get_messages(caller: Caller, command: events.GetMessages) -> events.MessagesLoaded:
    page = history.page_of_messages(
        actor=caller.actor, conversation_id=command.conversation_id, query=command
    )
    return events.MessagesLoaded(**dict(page))


@does(events.SendMessage)
async def send_message(caller: Caller, command: events.SendMessage) -> events.MessageSent:
    """Needs no thread of its own: all that are sent at the same time share the writer's."""
    sent = await asend_message(
        actor=caller.actor, conversation_id=command.conversation_id, body=command
    )
    return events.MessageSent.of(sent.message)


@does(events.EditMessage)
def edit_message(caller: Caller, command: events.EditMessage) -> events.Ok:
    messages.edit_message(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        message_id=command.message_id,
        content=command.content,
    )
    return events.Ok()


@does(events.DeleteMessage)
def delete_message(caller: Caller, command: events.DeleteMessage) -> events.Ok:
    messages.delete_message(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        message_id=command.message_id,
    )
    return events.Ok()


@does(events.DeleteMessageForMe)
def delete_message_for_me(caller: Caller, command: events.DeleteMessageForMe) -> events.Ok:
    hiding.delete_message_for_me(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        message_id=command.message_id,
    )
    return events.Ok()


@does(events.GetMessageInfo)
def get_message_info(caller: Caller, command: events.GetMessageInfo) -> events.MessageInfoLoaded:
    info = message_info.message_info(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        message_id=command.message_id,
    )
    return events.MessageInfoLoaded(**dict(info))


@does(events.MarkMessagesAsDelivered)
async def mark_messages_as_delivered(
    caller: Caller, command: events.MarkMessagesAsDelivered
) -> events.Ok:
    await amark_delivered(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        up_to_seq=command.up_to_seq,
    )
    return events.Ok()


@does(events.MarkMessagesAsRead)
async def mark_messages_as_read(caller: Caller, command: events.MarkMessagesAsRead) -> events.Ok:
    await amark_read(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        up_to_seq=command.up_to_seq,
    )
    return events.Ok()


@does(events.SetPreferences)
def set_preferences(caller: Caller, command: events.SetPreferences) -> events.Ok:
    preferences.change_preferences(
        actor=caller.actor, conversation_id=command.conversation_id, changes=command
    )
    return events.Ok()


@does(events.Typing)
def announce_typing(caller: Caller, command: events.Typing) -> None:
    typing.announce_typing(
        actor=caller.actor,
        conversation_id=command.conversation_id,
        is_typing=command.is_typing,
        kind=command.kind,
    )


@does(events.GetOnlineStatus)
def get_online_status(caller: Caller, command: events.GetOnlineStatus) -> events.OnlineStatus:
    users = contacts.online_status_of(actor=caller.actor, user_ids=command.user_ids)
    return events.OnlineStatus(users=users)


@does(events.SetActivity)
async def set_activity(caller: Caller, command: events.SetActivity) -> None:
    caretaker = await Caretaker.running()
    if await in_thread(
        presence.set_activity, connection_id=caller.connection_id, state=command.state
    ):
        caretaker.tell([caller.actor.pk])


@does(events.Sync)
def synchronize(caller: Caller, command: events.Sync) -> events.SyncResult:
    page = sync.sync(
        actor=caller.actor,
        held=command.conversations,
        deleted_for_me_after=command.deleted_for_me_after,
    )
    return events.SyncResult(**dict(page))
