"""What Alice and Bob of Acme have between themselves, and how to see that nobody touched it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.audit import INVITATION_CREATED
from accounts.models import (
    ApiKey,
    AuditEntry,
    Block,
    Invitation,
    PersonalExport,
    PrivacySettings,
    Session,
    User,
)
from accounts.secrets import hash_of
from accounts.services.api_keys import create_api_key
from accounts.services.bots import create_bot
from accounts.services.exports import LIFETIME
from accounts.services.invitations import create_invitation
from chatproject.events import MessageShape, NewMessageBody
from conversations.models import Conversation, HiddenMessage, Message, Participant, Receipt
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import send_message
from integrations.models import IncomingWebhook, WebhookDelivery, WebhookEndpoint
from notifications.models import (
    Notification,
    NotificationPreferences,
    PushDecision,
    PushDelivery,
    PushSubscription,
)
from tests.conftest import access_token

# In everything that is between the two.
PRIVATE = "lantern"
# In everything that is Acme's own.
INTERNAL = "keeper"
# Not to be guessed by those who are outside; for those who try what comes with it.
WEBHOOK = "parley_hook_c0ffee"


@dataclass
class Secrets:
    owners: list[User]
    ids: dict[str, Any]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows that belong to the two, as they are now."""
        return {name: _rows(*query) for name, query in self._queries.items()}

    @cached_property
    def _queries(self) -> dict[str, tuple[str, tuple[Any, ...]]]:
        # Asked a thousand times; making SQL of them takes longer than the answer.
        return {
            rows.model.__name__: rows.order_by("pk").values().query.sql_with_params()
            for rows in _belongings(self)
        }


def _rows(sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def make_secrets(alice: User, bob: User, gus: User, *, kind: str) -> Secrets:
    for person in (alice, bob):
        person.display_name = f"{person.display_name} {INTERNAL}"
        person.about = f"{INTERNAL} of the house"
        person.save()
    alice.avatar.save(f"{INTERNAL}.webp", ContentFile(PRIVATE.encode()))
    PrivacySettings.objects.filter(user=alice).update(photo="nobody")
    block = Block.objects.create(blocker=alice, blocked=gus)
    token = access_token(bob)
    session = Session.objects.get(user=bob)
    endpoint = f"https://push.example/{PRIVATE}"
    push = PushSubscription.objects.create(user=bob, session=session, kind="fcm", endpoint=endpoint)
    invitation = create_invitation(actor=alice, email=f"{INTERNAL}@acme.example")
    message = _talk(alice, bob, kind)
    robot = create_bot(actor=alice, display_name=f"{INTERNAL}s of builds")
    key, _secret = create_api_key(
        actor=alice, bot=robot, name=f"The {PRIVATE} key", scopes=["messages:read"]
    )
    ids = {
        "alice": alice.pk,
        "bob": bob.pk,
        "organization": alice.organization_id,
        "audit entry": AuditEntry.objects.get(action=INVITATION_CREATED).pk,
        "block": block.pk,
        "blocked": gus.pk,
        "session": session.pk,
        "access": token,
        "push": push.pk,
        "export": _export(bob).pk,
        "invitation": invitation.pk,
        "conversation": message.conversation_id,
        "message": message.id,
        "notification": Notification.objects.get(user=bob, kind="message").pk,
        "bot": robot.pk,
        "key": key.pk,
        "webhook secret": WEBHOOK,
        "incoming webhook": _incoming(alice, robot, message).pk,
        "endpoint": (told := _told(alice, robot)).endpoint_id,
        "webhook delivery": told.pk,
        "push decision": _decision(bob, message).pk,
        "push delivery": _delivery(push, message).pk,
    }
    return Secrets(owners=[alice, bob, robot], ids=ids)


def _talk(alice: User, bob: User, kind: str) -> MessageShape:
    if kind == "group":
        place = create_group(actor=alice, title=f"The {PRIVATE}", member_ids=[bob.pk])
    else:
        place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    body = NewMessageBody(content=f"The {PRIVATE} is under the bridge")
    sent = send_message(actor=alice, conversation_id=place.conversation_id, body=body)
    return sent.message


def _incoming(alice: User, robot: User, message: MessageShape) -> IncomingWebhook:
    return IncomingWebhook.objects.create(
        bot=robot,
        conversation_id=message.conversation_id,
        name=f"The {PRIVATE} webhook",
        hint="parley_hook_c0ff",
        secret_hash=hash_of(WEBHOOK),
        created_by=alice,
    )


def _told(alice: User, robot: User) -> WebhookDelivery:
    """Switched off, so that nobody has to be there."""
    endpoint = WebhookEndpoint.objects.create(
        bot=robot,
        name=f"The {PRIVATE} receiver",
        url=f"https://{PRIVATE}.example",
        events=["newMessage"],
        secret=PRIVATE,
        created_by=alice,
        disabled_at=timezone.now(),
    )
    return WebhookDelivery.objects.create(
        endpoint=endpoint,
        event="newMessage",
        payload=PRIVATE,
        due_at=timezone.now(),
        created_at=timezone.now(),
    )


def _export(person: User) -> PersonalExport:
    export = PersonalExport(user=person, state="ready", finished_at=timezone.now())
    export.expires_at = timezone.now() + LIFETIME
    export.file.save(f"{PRIVATE}.zip", ContentFile(PRIVATE.encode()), save=False)
    export.save()
    return export


def _decision(person: User, message: MessageShape) -> PushDecision:
    return PushDecision.objects.create(
        user=person,
        conversation_id=message.conversation_id,
        from_seq=1,
        to_seq=message.seq,
        outcome="push",
        reason="wanted",
        decided_at=timezone.now(),
    )


def _delivery(push: PushSubscription, message: MessageShape) -> PushDelivery:
    return PushDelivery.objects.create(
        subscription=push,
        user=push.user,
        kind=push.kind,
        device=f"The {PRIVATE}",
        tag=f"conversation-{message.conversation_id}",
        message_id=message.id,
        due_at=timezone.now(),
        created_at=timezone.now(),
    )


def _belongings(secrets: Secrets) -> Iterable[QuerySet[Model]]:
    owners = secrets.owners
    conversations = Conversation.objects.filter(participants__user__in=owners).distinct()
    yield conversations
    for of_conversation in (Participant, Message, Receipt, HiddenMessage):
        yield of_conversation.objects.filter(conversation__in=conversations)
    yield User.objects.filter(pk__in=[owner.pk for owner in owners])
    for of_person in (
        Session,
        PersonalExport,
        PrivacySettings,
        Notification,
        NotificationPreferences,
        PushSubscription,
        PushDecision,
        PushDelivery,
    ):
        yield of_person.objects.filter(user__in=owners)
    yield Block.objects.filter(blocker__in=owners)
    yield WebhookDelivery.objects.filter(endpoint__bot__in=owners)
    for of_bot in (ApiKey, IncomingWebhook, WebhookEndpoint):
        yield of_bot.objects.filter(bot__in=owners)
    yield Invitation.objects.filter(invited_by__in=owners)
