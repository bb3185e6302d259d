from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.querysets import ConversationQuerySet


class Conversation(models.Model):
    """A direct conversation of two people, or a group.

    `last_seq` numbers its messages 1, 2, 3 … without gaps. `version` grows by one with every change
    that members can see; the rows that changed carry the new value. Both move only under this row's lock.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", "Direct"
        GROUP = "group", "Group"

    class WhoMayPost(models.TextChoices):
        EVERYONE = "everyone", "Every member"
        ADMINS = "admins", "Administrators of the group"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="conversations"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=500, blank=True, default="", db_default="")
    # Of a group, as accounts/avatars.py makes it.
    picture = models.ImageField(upload_to="groups/", blank=True, default="", db_default="")
    who_may_post = models.CharField(
        max_length=10,
        choices=WhoMayPost.choices,
        default=WhoMayPost.EVERYONE,
        db_default=WhoMayPost.EVERYONE,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations_created"
    )
    # A direct conversation is unique per pair: these two, in id order, are its key.
    lower_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    higher_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_seq = models.PositiveBigIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)
    # Whoever was offline has been notified of the messages up to here (services/news.py).
    notified_seq = models.PositiveBigIntegerField(default=0)
    last_message = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_message_at = models.DateTimeField(null=True, blank=True)
    # What the list is sorted by: the last message, or the creation while there is none.
    last_activity_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lower_user", "higher_user"], name="direct_conversation_once_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(kind="group", lower_user=None, higher_user=None)
                | Q(kind="direct", lower_user__lt=F("higher_user")),
                name="conversation_pair_matches_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="direct", title="") | (Q(kind="group") & ~Q(title="")),
                name="conversation_title_matches_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="group") | Q(description="", picture="", who_may_post="everyone"),
                name="conversation_details_are_of_groups",
            ),
            models.CheckConstraint(
                condition=Q(last_seq=0, last_message=None, last_message_at=None)
                | Q(last_seq__gt=0, last_message__isnull=False, last_message_at__isnull=False),
                name="conversation_last_message_matches_seq",
            ),
            models.CheckConstraint(
                condition=Q(notified_seq__lte=F("last_seq")),
                name="conversation_notifies_of_what_is_there",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-last_activity_at", "-id"], name="conversation_by_activity"
            ),
            models.Index(
                fields=["last_message_at"],
                condition=Q(notified_seq__lt=F("last_seq")),
                name="conversation_with_news",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Direct conversation {self.pk}"

    @property
    def described(self) -> str:
        """For administrators: the title, or whose it is."""
        return self.title or f"{self.lower_user} and {self.higher_user}"

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP
