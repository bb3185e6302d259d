"""Deleting a message for oneself. Others keep it and are told nothing; sync tells one's own devices."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chatproject.errors import Forbidden, NotFound
from chatproject.events import DeletedForMe
from conversations import broadcasts, policies
from conversations.models import HiddenMessage, Message
from conversations.querysets import visible_part
from conversations.services.membership import locked_participation
from notifications.services import withdraw_message_from

# Bounds one answer of `sync`.
MAX_DELETED_FOR_ME = 1000


@dataclass(frozen=True)
class Deletions:
    told: list[DeletedForMe]
    up_to: int
    is_cut: bool


def delete_message_for_me(*, actor: User, conversation_id: int, message_id: int) -> None:
    """Whoever may see a message may put it away, also after leaving. Twice is not an error."""
    with transaction.atomic():
        # One at a time, so that a device that knows one number knows all before it.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        message = Message.objects.filter(visible_part(place), pk=message_id).first()
        if message is None:
            raise NotFound
        if not policies.can_hide(message):
            raise Forbidden(_("You may not delete this message."), code="cannot_delete")
        hidden, is_new = HiddenMessage.objects.get_or_create(
            user=actor,
            conversation_id=conversation_id,
            seq=message.seq,
            defaults={"number": last_deleted_for_me(actor=actor) + 1, "hidden_at": timezone.now()},
        )
        if is_new:
            broadcasts.message_deleted_for_me(_shape(hidden, message.pk), to=actor)
            latest = Message.objects.unread_for(place).order_by("-seq").first()
            withdraw_message_from(user=actor, message=message, instead=latest)


def deletions_after(*, actor: User, number: int | None) -> Deletions:
    """What a device does not know that knows everything up to this number; None: it holds nothing yet."""
    last = last_deleted_for_me(actor=actor)
    if number is None or number == last:
        return Deletions([], up_to=last, is_cut=False)
    # A number from the future is of a database that is gone: everything is told anew.
    after = number if number < last else 0
    message = Message.objects.filter(
        conversation_id=OuterRef("conversation_id"), seq=OuterRef("seq")
    )
    mine = HiddenMessage.objects.filter(user=actor, number__gt=after).order_by("number")
    found = list(mine.annotate(message_id=Subquery(message.values("pk")))[:MAX_DELETED_FOR_ME])
    up_to = found[-1].number if found else last
    told = [_shape(one, one.message_id) for one in found]
    return Deletions(told, up_to=up_to, is_cut=up_to < last)


def last_deleted_for_me(*, actor: User) -> int:
    number: int | None = HiddenMessage.objects.filter(user=actor).aggregate(last=Max("number"))[
        "last"
    ]
    return number or 0


def _shape(hidden: HiddenMessage, message_id: int) -> DeletedForMe:
    return DeletedForMe(
        conversation_id=hidden.conversation_id,
        message_id=message_id,
        seq=hidden.seq,
        number=hidden.number,
    )
