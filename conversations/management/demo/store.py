"""Puts the demonstration into the database: set-wise, in one transaction."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Coalesce

from accounts import audit
from accounts.models import Organization, PrivacySettings, User
from accounts.services.registration import create_organization
from conversations.management.demo.performance import People, perform
from conversations.management.demo.script import OrganizationScript, read_scripts
from conversations.management.demo.timeline import Timeline
from conversations.models import Conversation, Message, Participant, Receipt
from notifications.models import Notification

PASSWORD = "correct horse battery"
FOUNDED = timedelta(days=60)


@transaction.atomic
def store_demo(now: datetime) -> list[User]:
    """Returns the people, by organization."""
    return [user for script in read_scripts(now) for user in _store_organization(script, now)]


def _store_organization(script: OrganizationScript, now: datetime) -> list[User]:
    organization = create_organization(name=script.name)
    people = _store_people(organization, script, now)
    owner = next(iter(people.values()))
    audit.record(
        audit.ORGANIZATION_REGISTERED,
        actor=owner,
        organization=organization,
        target=organization,
        name=organization.name,
    )
    dice = random.Random(script.slug)
    _store_timelines([perform(each, people, dice=dice, now=now) for each in script.conversations])
    return list(people.values())


def _store_people(organization: Organization, script: OrganizationScript, now: datetime) -> People:
    password = make_password(PASSWORD)  # slow by design, so once for all
    people: People = {}
    settings: list[PrivacySettings] = []
    for entry in script.people:
        fields = dict(entry)
        key, name = fields.pop("key"), fields.pop("name")
        reads = fields.pop("read_receipts", True)
        people[key] = User(
            organization=organization,
            email=f"{key}@{organization.slug}.example",
            display_name=name,
            password=password,
            **fields,
        )
        settings.append(PrivacySettings(user=people[key], read_receipts=reads))
    User.objects.bulk_create(people.values())
    PrivacySettings.objects.bulk_create(settings)
    organization.people.update(created_at=now - FOUNDED)
    Organization.objects.filter(pk=organization.pk).update(created_at=now - FOUNDED)
    return people


def _store_timelines(timelines: Sequence[Timeline]) -> None:
    _store_conversations(timelines)
    participants = [place for each in timelines for place in each.places.values()]
    joined = [place.joined_at for place in participants]
    Participant.objects.bulk_create(participants)
    Receipt.objects.bulk_create(chain.from_iterable(each.receipts for each in timelines))
    Notification.objects.bulk_create(chain.from_iterable(each.notifications for each in timelines))
    # The database stamped these rows with today.
    for place, joined_at in zip(participants, joined, strict=True):
        place.joined_at = joined_at
    Participant.objects.bulk_update(participants, ["joined_at"])
    _store_last_seen(timelines)


def _store_conversations(timelines: Sequence[Timeline]) -> None:
    """First empty, since the last message and its conversation name each other."""
    conversations = [each.conversation for each in timelines]
    created = [conversation.created_at for conversation in conversations]
    Conversation.objects.bulk_create(conversations)
    messages = [message for each in timelines for message in each.messages]
    Message.objects.bulk_create(messages)
    replies = [pair for each in timelines for pair in each.replies]
    for reply, target in replies:
        reply.reply_to = target
    Message.objects.bulk_update([reply for reply, _target in replies], ["reply_to"])
    Message.objects.filter(conversation__in=conversations).update(
        updated_at=Coalesce("deleted_at", "edited_at", "created_at")
    )
    for timeline, created_at in zip(timelines, created, strict=True):
        timeline.close()
        timeline.conversation.created_at = created_at
    Conversation.objects.bulk_update(
        conversations,
        ["last_seq", "notified_seq", "version", "last_message", "last_message_at", "last_activity_at",
         "created_at", "updated_at"],
    )  # fmt: skip


def _store_last_seen(timelines: Sequence[Timeline]) -> None:
    """People were last here when they last said or got something."""
    seen: dict[User, datetime] = {}
    for timeline in timelines:
        for receipt in timeline.receipts:
            seen[receipt.user] = max(receipt.at, seen.get(receipt.user, receipt.at))
        for message in timeline.messages:
            seen[message.sender] = max(
                message.created_at, seen.get(message.sender, message.created_at)
            )
    for user, moment in seen.items():
        user.last_seen_at = moment
    User.objects.bulk_update(seen, ["last_seen_at"])
