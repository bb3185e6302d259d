from django.db import models

from accounts.models.organization import Organization
from accounts.models.user import User


class AuditChain(models.Model):
    """The head of an organization's chain. Its row lock puts entries in one order, and a tail
    that somebody cut off is noticed because the head still knows the last number and hash."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="audit_chain"
    )
    last_number = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"Audit chain of {self.organization}, at {self.last_number}"


class AuditEntry(models.Model):
    """What somebody did, for ever. Written by accounts/audit.py alone, in the transaction that does it.

    The database refuses updates (and, on PostgreSQL, deletions). `hash` is SHA-256 over
    the previous hash and this entry's canonical JSON.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="audit_entries"
    )
    number = models.PositiveBigIntegerField()
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_entries"
    )
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="audit_number_once_per_organization"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "action", "-number"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} #{self.number}: {self.action}"
