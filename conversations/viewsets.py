"""Conversations by REST: parse, call one service, answer."""

from typing import IO

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from chatproject.errors import Invalid
from chatproject.events import (
    ContactDetail,
    ContactsList,
    ContactsQuery,
    ConversationDetail,
    ConversationsPage,
    ConversationsQuery,
    EditBody,
    GroupBody,
    MembersBody,
    MessageInfo,
    MessageShape,
    MessagesPage,
    MessagesQuery,
    NewConversation,
    NewGroup,
    NewMessageBody,
    NotificationReason,
    ParticipantShape,
    ParticipantsList,
    PointersShape,
    Preferences,
    PreferencesBody,
    PresenceList,
    PresenceShape,
    RoleBody,
    SyncPage,
    SyncQuery,
    UpTo,
)
from chatproject.rest import ID, SEND, ApiRequest, ApiViewSet, operation
from conversations.models import Participant
from conversations.serializers import participant_shape, pointers_shape, preferences
from conversations.services.contacts import (
    contact_detail,
    contacts,
    online_status,
    online_status_of_one,
)
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.explaining import explain_notification
from conversations.services.groups import change_group, change_picture
from conversations.services.hiding import delete_message_for_me
from conversations.services.history import page_of_messages
from conversations.services.listing import conversation_in_full, page_of_conversations
from conversations.services.members import add_members, change_role, leave, remove_member
from conversations.services.membership import participation
from conversations.services.message_info import message_info
from conversations.services.messages import delete_message, edit_message
from conversations.services.preferences import change_preferences
from conversations.services.receipts import mark_delivered, mark_read
from conversations.services.sync import sync
from conversations.writer import send_message

NO_CONTENT = {204: None}
PICTURE_FORM = {
    "type": "object",
    "properties": {"picture": {"type": "string", "format": "binary"}},
    "required": ["picture"],
}


class ContactViewSet(ApiViewSet):
    lookup_url_kwarg = "user_id"
    lookup_value_regex = ID

    @operation(query=ContactsQuery, answer=ContactsList)
    def list(self, request: ApiRequest, query: ContactsQuery) -> Response:
        """People whom I may write to, by name."""
        found = contacts(actor=request.user, search=query.search)
        return Response(ContactsList(contacts=found))

    @operation(answer=ContactDetail)
    def retrieve(self, request: ApiRequest, user_id: int) -> Response:
        """One person of my organization, and the groups that we share."""
        return Response(contact_detail(actor=request.user, user_id=user_id))


class OnlineStatusViewSet(ApiViewSet):
    lookup_url_kwarg = "user_id"
    lookup_value_regex = ID

    @operation(answer=PresenceList)
    def list(self, request: ApiRequest) -> Response:
        """Which of my contacts are here, or were last seen when."""
        return Response(PresenceList(users=online_status(actor=request.user)))

    @operation(answer=PresenceShape)
    def retrieve(self, request: ApiRequest, user_id: int) -> Response:
        """Whether one person is here, or was last seen when, as far as they let me know."""
        return Response(online_status_of_one(actor=request.user, user_id=user_id))


class ConversationViewSet(ApiViewSet):
    lookup_url_kwarg = "conversation_id"
    lookup_value_regex = ID

    @operation(query=ConversationsQuery, answer=ConversationsPage)
    def list(self, request: ApiRequest, query: ConversationsQuery) -> Response:
        """My conversations: what is pinned first, then by last activity, newest first."""
        return Response(page_of_conversations(actor=request.user, query=query))

    @operation(body=NewConversation, answer={200: ConversationDetail, 201: ConversationDetail})
    def create(self, request: ApiRequest, body: NewConversation) -> Response:
        """Begin a group, or open the direct conversation with somebody.

        201 when it is new; 200 when the direct conversation of the two was there already.
        """
        place, created = _begin(request, body)
        return _in_full(request, place.conversation_id, created=created)

    @operation(answer=ConversationDetail)
    def retrieve(self, request: ApiRequest, conversation_id: int) -> Response:
        """One conversation, with everybody who is or was in it."""
        return _in_full(request, conversation_id)

    @operation(body=GroupBody, answer=ConversationDetail)
    def partial_update(
        self, request: ApiRequest, conversation_id: int, body: GroupBody
    ) -> Response:
        """Change what a group is, for its administrators. Each change leaves a system line."""
        change_group(actor=request.user, conversation_id=conversation_id, changes=body)
        return _in_full(request, conversation_id)

    @extend_schema(
        request={"multipart/form-data": PICTURE_FORM}, responses={200: ConversationDetail}
    )
    @action(detail=True, methods=["put"], parser_classes=[MultiPartParser])
    def picture(self, request: ApiRequest, conversation_id: str) -> Response:
        """Give a group a picture. It is the part `picture` of the form, and is cropped to a square."""
        pk = int(conversation_id)
        # Outsiders are told nothing, not even what was wrong with their picture.
        participation(actor=request.user, conversation_id=pk)
        return self._change_picture(request, pk, _picture_in(request))

    @extend_schema(responses={200: ConversationDetail})
    @picture.mapping.delete
    def remove_picture(self, request: ApiRequest, conversation_id: str) -> Response:
        """A group is without a picture again."""
        return self._change_picture(request, int(conversation_id), None)

    def _change_picture(
        self, request: ApiRequest, conversation_id: int, picture: IO[bytes] | None
    ) -> Response:
        change_picture(actor=request.user, conversation_id=conversation_id, picture=picture)
        return _in_full(request, conversation_id)

    @operation(body=UpTo, answer=PointersShape)
    @action(detail=True, methods=["patch"])
    def read(self, request: ApiRequest, conversation_id: int, body: UpTo) -> Response:
        """I have seen everything up to `upToSeq` (without it: all)."""
        place = mark_read(
            actor=request.user, conversation_id=conversation_id, up_to_seq=body.up_to_seq
        )
        return Response(pointers_shape(place))

    @operation(body=UpTo, answer=PointersShape)
    @action(detail=True, methods=["patch"])
    def delivered(self, request: ApiRequest, conversation_id: int, body: UpTo) -> Response:
        """This device holds everything up to `upToSeq` (without it: all)."""
        place = mark_delivered(
            actor=request.user, conversation_id=conversation_id, up_to_seq=body.up_to_seq
        )
        return Response(pointers_shape(place))

    @operation(body=PreferencesBody, answer=Preferences)
    @action(detail=True, methods=["patch"])
    def preferences(
        self, request: ApiRequest, conversation_id: int, body: PreferencesBody
    ) -> Response:
        """Pin, archive or mute it for myself; nobody else learns of it."""
        place = change_preferences(
            actor=request.user, conversation_id=conversation_id, changes=body
        )
        return Response(preferences(place))

    @operation(answer=NO_CONTENT)
    @action(detail=True, methods=["post"])
    def leave(self, request: ApiRequest, conversation_id: int) -> Response:
        """Leave a group. The last administrator hands over to the longest member."""
        leave(actor=request.user, conversation_id=conversation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemberViewSet(ApiViewSet):
    """Of a group, for its administrators."""

    lookup_url_kwarg = "user_id"
    lookup_value_regex = ID

    @operation(body=MembersBody, answer=ParticipantsList)
    def create(self, request: ApiRequest, conversation_id: int, body: MembersBody) -> Response:
        """Add people to a group. Answers with those who were not members yet."""
        joined = add_members(
            actor=request.user, conversation_id=conversation_id, user_ids=body.user_ids
        )
        shapes = [participant_shape(place) for place in joined]
        return Response(ParticipantsList(participants=shapes))

    @operation(body=RoleBody, answer=ParticipantShape)
    def partial_update(
        self, request: ApiRequest, conversation_id: int, user_id: int, body: RoleBody
    ) -> Response:
        """Make a member an administrator of the group, or an ordinary member again."""
        place = change_role(
            actor=request.user, conversation_id=conversation_id, user_id=user_id, role=body.role
        )
        return Response(participant_shape(place))

    @operation(answer=NO_CONTENT)
    def destroy(self, request: ApiRequest, conversation_id: int, user_id: int) -> Response:
        """Remove somebody from a group. They keep the history up to now, and get nothing after."""
        remove_member(actor=request.user, conversation_id=conversation_id, user_id=user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MessageViewSet(ApiViewSet):
    lookup_url_kwarg = "message_id"
    lookup_value_regex = ID

    @operation(query=MessagesQuery, answer=MessagesPage)
    def list(self, request: ApiRequest, conversation_id: int, query: MessagesQuery) -> Response:
        """Messages, ascending by seq. The latest page, or the one before, after or around a seq.

        Give at most one of the three.
        """
        page = page_of_messages(actor=request.user, conversation_id=conversation_id, query=query)
        return Response(page)

    @operation(body=NewMessageBody, answer={200: MessageShape, 201: MessageShape}, scope=SEND)
    def create(self, request: ApiRequest, conversation_id: int, body: NewMessageBody) -> Response:
        """Send a message. 201 the first time; a repeat of the same `clientId` gets 200 and the first result.

        The same `clientId` with another body is refused with 409.
        """
        sent = send_message(actor=request.user, conversation_id=conversation_id, body=body)
        return Response(sent.message, status=_created_or_there(sent.created))

    @operation(body=EditBody, answer=MessageShape)
    def partial_update(
        self, request: ApiRequest, conversation_id: int, message_id: int, body: EditBody
    ) -> Response:
        """Edit an own message, within the window that /api/capabilities tells."""
        message = edit_message(
            actor=request.user,
            conversation_id=conversation_id,
            message_id=message_id,
            content=body.content,
        )
        return Response(message)

    @operation(answer=NotificationReason)
    @action(detail=True, methods=["get"])
    def notification(self, request: ApiRequest, conversation_id: int, message_id: int) -> Response:
        """Why I was, or was not, told of it, and what became of it on each device."""
        reason = explain_notification(
            actor=request.user, conversation_id=conversation_id, message_id=message_id
        )
        return Response(reason)

    @operation(answer=MessageShape)
    def destroy(self, request: ApiRequest, conversation_id: int, message_id: int) -> Response:
        """Delete an own message for everyone. Answers with the tombstone that stays in its place."""
        message = delete_message(
            actor=request.user, conversation_id=conversation_id, message_id=message_id
        )
        return Response(message)

    @operation(answer=NO_CONTENT)
    @action(detail=True, methods=["delete"], url_path="for-me")
    def for_me(self, request: ApiRequest, conversation_id: int, message_id: int) -> Response:
        """Delete a message for myself alone, whoever wrote it. Nobody else learns of it."""
        delete_message_for_me(
            actor=request.user, conversation_id=conversation_id, message_id=message_id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @operation(answer=MessageInfo)
    @action(detail=True, methods=["get"])
    def info(self, request: ApiRequest, conversation_id: int, message_id: int) -> Response:
        """To whom an own message was delivered, and who has read it, when."""
        info = message_info(
            actor=request.user, conversation_id=conversation_id, message_id=message_id
        )
        return Response(info)


class SyncViewSet(ApiViewSet):
    @operation(body=SyncQuery, answer=SyncPage)
    def create(self, request: ApiRequest, body: SyncQuery) -> Response:
        """Catch up. Versions held in, everything that changed after them out; ask again while `limited`."""
        page = sync(
            actor=request.user,
            held=body.conversations,
            deleted_for_me_after=body.deleted_for_me_after,
        )
        return Response(page)


def _begin(request: ApiRequest, body: NewConversation) -> tuple[Participant, bool]:
    match body.root:
        case NewGroup(title=title, member_ids=member_ids):
            return create_group(actor=request.user, title=title, member_ids=member_ids), True
        case direct:
            return get_or_create_direct(actor=request.user, target_user_id=direct.target_user_id)


def _picture_in(request: ApiRequest) -> IO[bytes]:
    picture: IO[bytes] | None = request.FILES.get("picture")
    if picture is None:
        raise Invalid(_("Send a file as the part `picture`."), code="missing", attr="picture")
    return picture


def _in_full(request: ApiRequest, conversation_id: int, *, created: bool = False) -> Response:
    detail = conversation_in_full(actor=request.user, conversation_id=conversation_id)
    return Response(detail, status=_created_or_there(created))


def _created_or_there(created: bool) -> int:
    return status.HTTP_201_CREATED if created else status.HTTP_200_OK
