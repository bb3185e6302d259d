"""Who belongs where: nothing crosses from one organization, or one conversation, to another."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.audit import verify_chain
from accounts.models import AuditEntry, Block, Invitation, Organization
from conversations.management.integrity.check import check
from conversations.models import Conversation, HiddenMessage, Message, Participant
from notifications.models import PushSubscription

CURRENT = Q(participants__left_seq=None)


@check("participants are of their conversation's organization", noun="participant")
def participants() -> Iterable[int]:
    foreign = ~Q(user__organization=F("conversation__organization"))
    return Participant.objects.filter(foreign).values_list("pk", flat=True)


@check("messages are by participants of their conversation", noun="message")
def senders() -> Iterable[int]:
    place = Participant.objects.filter(
        conversation=OuterRef("conversation"), user=OuterRef("sender")
    )
    return Message.objects.filter(~Exists(place)).values_list("pk", flat=True)


@check("replies are to earlier messages of the same conversation", noun="message")
def replies() -> Iterable[int]:
    elsewhere = ~Q(reply_to__conversation=F("conversation")) | Q(reply_to__seq__gte=F("seq"))
    replying = Message.objects.filter(reply_to__isnull=False)
    return replying.filter(elsewhere).values_list("pk", flat=True)


@check(
    "what people deleted for themselves is a message of a conversation of theirs",
    noun="hidden message",
)
def hidden_messages() -> Iterable[int]:
    of_conversation = {"conversation": OuterRef("conversation")}
    place = Participant.objects.filter(**of_conversation, user=OuterRef("user"))
    message = Message.objects.filter(**of_conversation, seq=OuterRef("seq"), kind="text")
    astray = ~(Exists(place) & Exists(message))
    return HiddenMessage.objects.filter(astray).values_list("pk", flat=True)


@check("conversations were begun in their own organization", noun="conversation")
def creators() -> Iterable[int]:
    foreign = ~Q(created_by__organization=F("organization"))
    return Conversation.objects.filter(foreign).values_list("pk", flat=True)


@check("direct conversations are of exactly their two people", noun="conversation")
def direct_pairs() -> Iterable[int]:
    of_pair = Q(participants__user=F("lower_user")) | Q(participants__user=F("higher_user"))
    counted = Conversation.objects.filter(kind=Conversation.Kind.DIRECT).annotate(
        everybody=Count("participants"), pair=Count("participants", filter=CURRENT & of_pair)
    )
    return counted.filter(~Q(everybody=2) | ~Q(pair=2)).values_list("pk", flat=True)


@check("groups with members have an administrator among them", noun="conversation")
def group_administrators() -> Iterable[int]:
    administrator = Q(participants__role=Participant.Role.ADMIN)
    counted = Conversation.objects.filter(kind=Conversation.Kind.GROUP).annotate(
        members=Count("participants", filter=CURRENT),
        administrators=Count("participants", filter=CURRENT & administrator),
    )
    without = counted.filter(members__gt=0, administrators=0)
    return without.values_list("pk", flat=True)


@check("invitations were made and accepted in their own organization", noun="invitation")
def invitations() -> Iterable[int]:
    made_elsewhere = Q(invited_by__is_superuser=False) & ~Q(
        invited_by__organization=F("organization")
    )
    accepted_elsewhere = Q(accepted_by__isnull=False) & ~Q(
        accepted_by__organization=F("organization")
    )
    wrong = Invitation.objects.filter(made_elsewhere | accepted_elsewhere)
    return wrong.values_list("pk", flat=True)


@check("people block people of their own organization", noun="block")
def blocks() -> Iterable[int]:
    foreign = ~Q(blocker__organization=F("blocked__organization"))
    return Block.objects.filter(foreign).values_list("pk", flat=True)


@check("push subscriptions are of the person signed in on the device", noun="push subscription")
def push_subscriptions() -> Iterable[int]:
    of_another = ~Q(session__user=F("user"))
    return PushSubscription.objects.filter(of_another).values_list("pk", flat=True)


@check("audit entries tell of the actor's own organization", noun="audit entry")
def audit_actors() -> Iterable[int]:
    """But for operators of the whole server, who act everywhere."""
    foreign = Q(actor__is_superuser=False) & ~Q(actor__organization=F("organization"))
    return AuditEntry.objects.filter(foreign).values_list("pk", flat=True)


@check("audit chains are whole", noun="organization")
def audit_chains() -> Iterable[int]:
    organizations = Organization.objects.order_by("pk")
    return [each.pk for each in organizations if not verify_chain(each).is_whole]
