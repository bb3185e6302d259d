from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext_lazy as _

from integrations.models.webhook_endpoint import WebhookEndpoint

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, viewer: User) -> WebhookDeliveryQuerySet:
        return self.filter(endpoint__bot__organization_id=viewer.organization_id)

    def due(self, now: datetime) -> WebhookDeliveryQuerySet:
        """Those whose time has come, and those whose worker died with them in its hands."""
        return self.filter(state__in=OPEN, due_at__lte=now).filter(
            Q(endpoint__resting_until=None)
            | Q(endpoint__resting_until__lte=now)
            | Q(endpoint__disabled_at__isnull=False)
        )

    def first_of_each_endpoint(self, number: int, *, now: datetime) -> WebhookDeliveryQuerySet:
        """So many of one endpoint are on their way at most: one that dawdles holds up no other."""
        busy: Any = (
            WebhookDelivery.objects.filter(
                endpoint=OuterRef("endpoint"), state=WebhookDelivery.State.SENDING, due_at__gt=now
            )
            .order_by()
            .values("endpoint")
            .annotate(number=Count("pk"))
            .values("number")
        )
        place = Window(
            RowNumber(), partition_by=F("endpoint"), order_by=[F("due_at").asc(), F("pk").asc()]
        )
        return self.annotate(
            place=place, busy=Coalesce(Subquery(busy), 0, output_field=models.IntegerField())
        ).filter(place__lte=number - F("busy"))

    def withdraw(self, *, message_ids: Collection[int | None], now: datetime) -> None:
        """What a message said is forgotten here too; what was not sent yet is not."""
        waiting = Q(state=WebhookDelivery.State.WAITING)
        self.filter(message_id__in=message_ids).update(
            payload="",
            state=Case(
                When(waiting, then=Value(WebhookDelivery.State.DROPPED.value)), default=F("state")
            ),
            finished_at=Case(When(waiting, then=Value(now)), default=F("finished_at")),
        )

    def finished_before(self, moment: datetime) -> WebhookDeliveryQuerySet:
        return self.filter(finished_at__lt=moment)


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint, until its end, which the state names.

    `key` is its id for the receiver, the same with each attempt. While it is being sent, `due_at` is when its
    worker counts as dead and another one repeats it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        # The endpoint was switched off meanwhile, or the message deleted.
        DROPPED = "dropped", _("No longer needed")
        DEAD = "dead", _("Given up")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.CharField(max_length=40)
    payload = models.TextField(blank=True)
    message = models.ForeignKey(
        "conversations.Message", null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # What the last attempt was answered.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], finished_at=None)
                | (~Q(state__in=["waiting", "sending"]) & Q(finished_at__isnull=False)),
                name="webhook_delivery_ends_when_it_is_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="due_webhook_deliveries",
            ),
            models.Index(fields=["endpoint", "-created_at"], name="deliveries_of_endpoint"),
            models.Index(fields=["finished_at"], name="finished_webhook_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    @property
    def is_repeatable(self) -> bool:
        return self.finished_at is not None and self.payload != ""


OPEN = (WebhookDelivery.State.WAITING, WebhookDelivery.State.SENDING)
