from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone in the organization")
    CONTACTS = "contacts", _("People I may write to")
    NOBODY = "nobody", _("Nobody")


class PrivacySettings(models.Model):
    """Who sees what of a person. Hiding yours hides others' from you (see accounts/privacy.py)."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="privacy"
    )
    last_seen = models.CharField(max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    online = models.CharField(max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    photo = models.CharField(max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    about = models.CharField(
        max_length=10,
        choices=Audience.choices,
        default=Audience.EVERYONE,
        db_default=Audience.EVERYONE,
    )
    # Not seen, but done: who may add the person to groups.
    groups = models.CharField(
        max_length=10,
        choices=Audience.choices,
        default=Audience.EVERYONE,
        db_default=Audience.EVERYONE,
    )
    read_receipts = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "privacy settings"

    def __str__(self) -> str:
        return f"Privacy of {self.user}"

    @classmethod
    def of(cls, user: User) -> "PrivacySettings":
        """Somebody made by `createsuperuser` has no row until they change something."""
        return cls.objects.filter(user=user).first() or cls(user=user)
