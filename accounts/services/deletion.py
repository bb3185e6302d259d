"""The end of an account. What others have of the person stays whole; what was their own goes, at once.

The audit log keeps what it says: see docs/decisions/0016-deleted-accounts.md.
"""

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.models import Block, Invitation, PersonalExport, PrivacySettings, User
from accounts.services import exports, profiles, sessions
from accounts.services.members import keep_an_owner, lock_person
from chatproject.errors import Conflict, Forbidden, Invalid

DELETED_NAME = "Deleted user"
# Of a domain that nobody can have, so that no mail ever goes anywhere.
DELETED_ADDRESS = "deleted-{pk}@deleted.invalid"


def delete_own_account(*, actor: User, password: str) -> None:
    with transaction.atomic():
        person = lock_person(actor.pk)
        if not person.check_password(password):
            raise Invalid(_("This is not your password."), code="wrong_password", attr="password")
        _delete(person, person)


def delete_account(*, actor: User, person: User) -> None:
    """By an administrator."""
    with transaction.atomic():
        person = lock_person(person.pk)
        if person.deleted_at and policies.may_manage(actor, person):
            return
        if actor.pk == person.pk:
            raise Conflict(
                _("Delete your own account in your settings, with your password."),
                code="own_account",
            )
        if not policies.may_delete(actor, person):
            raise Forbidden
        _delete(actor, person)


def _delete(actor: User, person: User) -> None:
    """Conversations are locked before sessions and the audit chain, as everywhere."""
    address, person.is_active = person.email, False
    keep_an_owner(person)
    _erase(person)
    _forget(person, address)
    import_string(settings.FAREWELL)(person=person)
    sessions.revoke_sessions(actor=actor, user=person, reason=sessions.Reason.DELETED)
    person.sessions.update(label="", ip_address=None, refresh_jti="")
    person.api_keys.all().delete()
    audit.record(
        audit.ACCOUNT_DELETED,
        actor=actor,
        organization=person.organization,
        target=person,
        number=person.pk,
    )


def _erase(person: User) -> None:
    profiles.change_avatar(actor=person, picture=None)
    blank = User(organization=person.organization)
    for name in ("about", "time_zone", "language", "last_seen_at", "last_login"):
        setattr(person, name, getattr(blank, name))
    person.email = DELETED_ADDRESS.format(pk=person.pk)
    person.display_name = DELETED_NAME
    person.deleted_at = timezone.now()
    person.set_unusable_password()
    person.save()


def _forget(person: User, address: str) -> None:
    PrivacySettings.objects.filter(user=person).delete()
    exports.discard_exports(of=PersonalExport.objects.visible_to(person))
    Block.objects.of(person).delete()
    invited = Invitation.objects.filter(organization=person.organization, email=address)
    invited.filter(accepted_by=None).delete()
    Invitation.objects.filter(accepted_by=person).update(email="")
    forget_failures(username=address)
    # The admin's own log of changes repeats the name.
    of_people = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=of_people, object_id=str(person.pk))
    about.update(object_repr=DELETED_NAME)
