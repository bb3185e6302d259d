from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.conversation import Conversation
from conversations.querysets import ParticipantQuerySet
from notifications.decide import Level

# Muted until somebody says otherwise. Not the last moment of all, which has none in other time zones.
ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)


class Participant(models.Model):
    """One person's place in one conversation: membership, and how far they have got.

    Three pointers, each a seq that only moves forward: `delivered_seq` (a device confirmed it),
    `read_seq` (what others are told) and `private_read_seq` (what the person has really read; ahead of
    `read_seq` while they give no read receipts). Unread is derived from the last one.
    """

    class Role(models.TextChoices):
        ADMIN = "admin", "Administrator"
        MEMBER = "member", "Member"

    # The constraints below are indexes that begin with it.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="participants", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    # Ranges [from, to] of seq, both inclusive, sent while the person was not a member (the time before
    # joining included). They are never shown to them, also not after they are added again.
    absences = models.JSONField(default=list, blank=True)
    # Set when the person leaves or is removed: they keep history up to this seq and get nothing after.
    left_seq = models.PositiveBigIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    # The conversation's version then: for them, versions end with it.
    left_version = models.PositiveBigIntegerField(null=True, blank=True)
    delivered_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)
    private_read_seq = models.PositiveBigIntegerField(default=0)
    # The conversation's version at the last change of this row that members can see.
    version = models.PositiveBigIntegerField(default=0)
    joined_at = models.DateTimeField(auto_now_add=True)
    # Whether others' ticks wait for this one's confirmations: not for those of a bot in a group.
    confirms = models.BooleanField(default=True, db_default=True)
    # How the person keeps the conversation: nobody else's business, so no version tells of it.
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    muted_until = models.DateTimeField(null=True, blank=True)
    # Of what in it their devices are told.
    level = models.CharField(
        max_length=10, choices=Level.choices, default=Level.ALL, db_default=Level.ALL
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user"], name="participant_once_per_conversation"
            ),
            models.CheckConstraint(
                condition=Q(read_seq__lte=F("private_read_seq"))
                & Q(private_read_seq__lte=F("delivered_seq")),
                name="participant_read_implies_delivered",
            ),
            models.CheckConstraint(
                condition=Q(left_seq=None, left_at=None, left_version=None)
                | Q(left_seq__isnull=False, left_at__isnull=False, left_version__isnull=False),
                name="participant_left_all_or_nothing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "conversation"],
                condition=Q(left_seq=None),
                name="current_participations",
            ),
            # None by version: a group's members are few enough to look at, and an index of what changes with
            # each message is most of what an UPDATE writes (docs/performance.md).
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.conversation}"

    @property
    def is_current(self) -> bool:
        return self.left_seq is None

    @property
    def has_preferences(self) -> bool:
        return any((self.pinned_at, self.archived_at, self.muted_until, self.level != Level.ALL))

    def is_muted(self, *, at: datetime) -> bool:
        return self.muted_until is not None and at < self.muted_until

    @property
    def peer_id(self) -> int | None:
        """The other side of a direct conversation; None in a group."""
        lower, higher = self.conversation.lower_user_id, self.conversation.higher_user_id
        return higher if lower == self.user_id else lower

    @property
    def last_visible_seq(self) -> int:
        """The seq up to which this person may see the conversation."""
        return self.conversation.last_seq if self.left_seq is None else self.left_seq

    @property
    def last_visible_version(self) -> int:
        return self.conversation.version if self.left_version is None else self.left_version
