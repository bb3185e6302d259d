from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class PersonalExportQuerySet(models.QuerySet["PersonalExport"]):
    def visible_to(self, viewer: User) -> PersonalExportQuerySet:
        """Nobody else's business, administrators included."""
        return self.filter(user=viewer)

    def open(self) -> PersonalExportQuerySet:
        return self.filter(state=PersonalExport.State.READY, expires_at__gt=Now())


class PersonalExport(models.Model):
    """A copy of everything that is kept about a person, for that person, for some days."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    file = models.FileField(upload_to="exports/", blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = PersonalExportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state="waiting"),
                name="one_waiting_export_per_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | (~models.Q(file="") & models.Q(expires_at__isnull=False)),
                name="export_that_is_ready_has_a_file_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Export for {self.user}, {self.state}"
