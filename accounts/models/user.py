from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.querysets import PeopleQuerySet
from accounts.roles import Permission, Role, allows


class UserManager(BaseUserManager["User"].from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        # Not `iexact`, which no index serves.
        people = self.select_related("organization").alias(address=Lower("email"))
        return people.get(address=(username or "").lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `manage.py createsuperuser`: an operator, in an organization of operators."""
        name = fields.pop("organization_name", "Operators")
        organization, _created = Organization.objects.get_or_create(
            slug=slugify(name), defaults={"name": name}
        )
        fields.setdefault("display_name", email.partition("@")[0])
        user = self.model(
            email=self.normalize_email(email),
            organization=organization,
            role=Role.OWNER,
            is_superuser=True,
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a bot. Belongs to exactly one organization; a person signs in by e-mail address.

    A bot has an address too, at which nobody is, and no password: it comes with API keys alone.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        BOT = "bot", _("Bot")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(
        max_length=10, choices=Kind.choices, default=Kind.PERSON, db_default=Kind.PERSON
    )
    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    about = models.CharField(max_length=140, blank=True)
    avatar = models.ImageField(upload_to="avatars/", blank=True)
    time_zone = models.CharField(max_length=50, default="UTC")
    language = models.CharField(max_length=10, default="en")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    # What was the person's own is gone; the row stays for what others have of them.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = UserManager()

    class Meta:
        ordering = ["display_name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Somebody signs in with this address already.",
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(is_active=False),
                name="nobody_is_active_once_deleted",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="person")
                | models.Q(
                    password__startswith="!", role__in=["member", "guest"], is_superuser=False
                ),
                name="bot_has_no_password_and_manages_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "display_name", "id"], name="people_by_name"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_bot(self) -> bool:
        return self.kind == self.Kind.BOT

    @property
    def is_staff(self) -> bool:
        """May open the admin, which shows them their own organization."""
        return self.is_superuser or allows(self.role, Permission.MANAGE_PEOPLE)
