"""Telling people who are not looking, and knowing what they have seen since.

Every new or recounted notification passes through `_announce`, inside the transaction that caused it. What
devices are told while nobody looks goes another way, from the outbox (notifications/outbox.py).

Rows are locked by conversation, then by id, wherever several are: a sender who notifies and a reader who
clears everything never wait for each other in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Session, User
from chatproject.errors import NotFound
from chatproject.events import NewPushSubscription, NotificationsPage, NotificationsQuery
from chatproject.keyset import decode_cursor
from notifications import broadcasts
from notifications.models import (
    Notification,
    NotificationPreferences,
    NotificationQuerySet,
    PushDecision,
    PushDelivery,
    PushSubscription,
)
from notifications.outbox import announce_notifications
from notifications.push_endpoint import check_endpoint
from notifications.serializers import notifications_page, speaks_for_us

if TYPE_CHECKING:
    from conversations.models import Message

MAX_TEXT = 300
# A conversation and a person in it, by their ids.
Place = tuple[int, int]


def notify_new_messages(*, news: Mapping[Place, Sequence[Message]]) -> None:
    """What is new to whom, by conversation and person. Unread messages of one conversation share one
    notification, which counts.

    The caller is in a transaction and holds the conversations' row locks: nobody else can make a row for
    one of them between the look and the insert. Three statements, however many recipients.
    """
    if not news:
        return
    counted = _count_further(news)
    known = {(each.conversation_id, each.user_id) for each in counted}
    created = [
        _first_of(user_id, messages)
        for (conversation_id, user_id), messages in news.items()
        if (conversation_id, user_id) not in known
    ]
    _announce([*counted, *Notification.objects.bulk_create(created)])


def notify_added_to_group(*, message: Message, recipients: Iterable[User]) -> None:
    """`message` is the system line that tells of it: who added them, and to what. Not bots."""
    people = [person.pk for person in recipients if not person.is_bot]
    created = _create(Notification.Kind.ADDED_TO_GROUP, message, people)
    announce_notifications(created)
    _announce(created)


def notify_mentions(*, mentioned: Mapping[Message, Collection[int]]) -> None:
    """Each stands for itself, beside what counts the messages. The caller holds the conversations' locks."""
    created = [
        notification
        for message, user_ids in mentioned.items()
        for notification in _create(Notification.Kind.MENTION, message, user_ids)
    ]
    _announce(created)


def notify_security(*, user: User, text: str) -> None:
    """Each by itself, and never kept from the devices by a preference."""
    now = timezone.now()
    notice = Notification.objects.create(
        user=user,
        kind=Notification.Kind.SECURITY,
        text=text[:MAX_TEXT],
        created_at=now,
        updated_at=now,
    )
    announce_notifications([notice])
    _announce([notice])


def withdraw_message(*, message: Message) -> None:
    """A message deleted for everyone is not announced any more; where it was the only one, nothing is."""
    unread = Notification.objects.unread().with_sources()
    notifications = list(unread.filter(_counts(message)).in_lock_order())
    mentions = Notification.objects.unread().filter(kind="mention", message=message)
    alone = [each for each in notifications if each.count == 1 and each.message_id == message.pk]
    _remove([*mentions.in_lock_order(), *alone])
    _count_back([each for each in notifications if each.count > 1])


def withdraw_message_from(*, user: User, message: Message, instead: Message | None) -> None:
    """A message that somebody deleted for themselves; what counts others too shows the one `instead`."""
    own = Notification.objects.visible_to(user).with_sources()
    concerned = list(
        own.filter(Q(message=message) | _counts(message) & Q(read_at=None)).in_lock_order()
    )
    counting = [each for each in concerned if each.read_at is None and each.count > 1 and instead]
    for each in counting:
        each.message = instead if each.message_id == message.pk else each.message
    Notification.objects.bulk_update(counting, ["message"])
    _remove([each for each in concerned if each.message_id == message.pk])
    _count_back(counting)


def clear_conversation(*, user: User, conversation_id: int) -> None:
    """Whoever reads in the conversation need not be told of it any more."""
    _mark_read(
        user,
        Notification.objects.visible_to(user).filter(conversation_id=conversation_id),
        conversation_id=conversation_id,
    )


def mark_conversation_read(*, actor: User, conversation_id: int) -> None:
    """Clears the notifications only; the messages stay unread."""
    _check_is_own(actor, conversation_id)
    clear_conversation(user=actor, conversation_id=conversation_id)


def delete_of_conversation(*, actor: User, conversation_id: int) -> None:
    """All that tells of it, read or not; the messages stay as they are."""
    _check_is_own(actor, conversation_id)
    own = Notification.objects.visible_to(actor).filter(conversation_id=conversation_id)
    with transaction.atomic():
        if ids := [each.pk for each in own.in_lock_order()]:
            Notification.objects.filter(pk__in=ids).delete()
            broadcasts.notifications_read(
                user_id=actor.pk,
                ids=ids,
                conversation_id=conversation_id,
                unread_count=unread_count(actor=actor),
            )


def mark_read(*, actor: User, notification_id: int) -> Notification:
    _mark_read(actor, Notification.objects.visible_to(actor).filter(pk=notification_id))
    return get_notification(actor=actor, notification_id=notification_id)


def mark_all_read(*, actor: User) -> None:
    _mark_read(actor, Notification.objects.visible_to(actor), all_of_them=True)


def delete_notification(*, actor: User, notification_id: int) -> None:
    with transaction.atomic():
        _remove([get_notification(actor=actor, notification_id=notification_id)])


def get_notification(*, actor: User, notification_id: int) -> Notification:
    found = Notification.objects.visible_to(actor).with_sources().filter(pk=notification_id).first()
    if found is None:
        raise NotFound
    return found


def list_notifications(*, actor: User, query: NotificationsQuery) -> NotificationsPage:
    """Newest first, with their texts as they are now."""
    notifications = Notification.objects.visible_to(actor).with_sources().newest_first()
    if query.conversation_id:
        notifications = notifications.filter(conversation_id=query.conversation_id)
    if query.cursor:
        notifications = notifications.before(*decode_cursor(query.cursor))
    return notifications_page(
        notifications[: query.limit + 1],
        limit=query.limit,
        unread_count=unread_count(actor=actor),
    )


def unread_count(*, actor: User) -> int:
    return Notification.objects.visible_to(actor).unread().count()


def subscribe_to_push(
    *, actor: User, device: Session, body: NewPushSubscription
) -> PushSubscription:
    """One per device. The endpoint is the browser's: whoever signed in there last is told by it.

    Raises Invalid `endpoint_refused` (not https, or not on the open internet), Unavailable.
    """
    if body.keys:
        check_endpoint(body.endpoint)
    with transaction.atomic():
        subscription, _created = PushSubscription.objects.update_or_create(
            endpoint=body.endpoint,
            defaults={
                "user": actor,
                "session": device,
                "kind": body.kind,
                "p256dh": body.keys.p256dh if body.keys else "",
                "auth": body.keys.auth if body.keys else "",
            },
        )
        device.push_subscriptions.exclude(pk=subscription.pk).delete()
    return subscription


def unsubscribe_from_push(
    *, actor: User, device: Session, subscription_id: int | None = None
) -> None:
    """Without an id: this device, which need not have been subscribed."""
    own = PushSubscription.objects.visible_to(actor)
    if subscription_id is None:
        own.filter(session=device).delete()
    elif not own.filter(pk=subscription_id).delete()[0]:
        raise NotFound


def forget_person(*, user: User) -> None:
    """Of an account that is deleted nothing is kept: what they were told, how, where, and why."""
    for of_person in (
        Notification,
        NotificationPreferences,
        PushSubscription,
        PushDelivery,
        PushDecision,
    ):
        of_person._default_manager.filter(user=user).delete()


def _counts(message: Message) -> Q:
    """That a notification of several messages counts this one."""
    return Q(
        kind=Notification.Kind.MESSAGE,
        conversation_id=message.conversation_id,
        created_at__lte=message.created_at,
        updated_at__gte=message.created_at,
    )


def _check_is_own(actor: User, conversation_id: int) -> None:
    own = actor.participations.filter(conversation__organization_id=actor.organization_id)
    if not own.filter(conversation_id=conversation_id).exists():
        raise NotFound


def _count_further(news: Mapping[Place, Sequence[Message]]) -> list[Notification]:
    people: dict[int, list[int]] = defaultdict(list)
    for conversation_id, user_id in news:
        people[conversation_id].append(user_id)
    told = [Q(conversation_id=where, user_id__in=whom) for where, whom in people.items()]
    notifications = list(
        Notification.objects.unread()
        .filter(reduce(or_, told), kind=Notification.Kind.MESSAGE)
        .in_lock_order()
    )
    for notification in notifications:
        messages = news[notification.conversation_id or 0, notification.user_id]
        notification.count += len(messages)
        notification.updated_at = messages[-1].created_at
        notification.message = messages[-1]
        notification.conversation = messages[-1].conversation
    Notification.objects.bulk_update(notifications, ["count", "message", "updated_at"])
    return notifications


def _first_of(user_id: int, messages: Sequence[Message]) -> Notification:
    return Notification(
        user_id=user_id,
        kind=Notification.Kind.MESSAGE,
        conversation=messages[-1].conversation,
        message=messages[-1],
        count=len(messages),
        created_at=messages[0].created_at,
        updated_at=messages[-1].created_at,
    )


def _create(kind: str, message: Message, user_ids: Iterable[int]) -> list[Notification]:
    return Notification.objects.bulk_create(
        Notification(
            user_id=user_id,
            kind=kind,
            conversation=message.conversation,
            message=message,
            created_at=message.created_at,
            updated_at=message.created_at,
        )
        for user_id in sorted(user_ids)
    )


def _remove(notifications: Collection[Notification]) -> None:
    if not notifications:
        return
    ids = [each.pk for each in notifications]
    Notification.objects.filter(pk__in=ids).delete()
    remaining = _unread_counts([each.user_id for each in notifications])
    for notification_id, notification in zip(ids, notifications, strict=True):
        broadcasts.notifications_read(
            user_id=notification.user_id,
            ids=[notification_id],
            unread_count=remaining.get(notification.user_id, 0),
        )


def _count_back(notifications: Collection[Notification]) -> None:
    if not notifications:
        return
    Notification.objects.filter(pk__in=[each.pk for each in notifications]).update(
        count=F("count") - 1
    )
    for notification in notifications:
        notification.count -= 1
    _announce(notifications)


def _unread_counts(user_ids: Collection[int]) -> dict[int, int]:
    counts = Notification.objects.unread().filter(user_id__in=user_ids).order_by()
    return dict(counts.values_list("user_id").annotate(Count("pk")))


def _announce(notifications: Collection[Notification]) -> None:
    languages = _languages([each.user_id for each in notifications if speaks_for_us(each)])
    for notification in notifications:
        with override(languages.get(notification.user_id)):
            broadcasts.notification_created(notification)


def _languages(user_ids: Collection[int]) -> dict[int, str]:
    if not user_ids:
        return {}
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "language"))


def _mark_read(
    user: User,
    notifications: NotificationQuerySet,
    *,
    conversation_id: int | None = None,
    all_of_them: bool = False,
) -> None:
    """Tells the person's devices only if anything changed."""
    with transaction.atomic():
        ids = [each.pk for each in notifications.unread().in_lock_order()]
        if not ids:
            return
        Notification.objects.filter(pk__in=ids).update(read_at=timezone.now())
        broadcasts.notifications_read(
            user_id=user.pk,
            ids=[] if all_of_them else ids,
            conversation_id=conversation_id,
            unread_count=unread_count(actor=user),
        )
