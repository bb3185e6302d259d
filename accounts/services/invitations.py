"""Ways into an organization, by e-mail or by a link to hand on."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, links, passwords, policies, tasks
from accounts.models import Invitation, User
from accounts.models.invitation import new_seed
from accounts.roles import Permission, Role, allows
from accounts.services.members import insert_person, normal_email
from chatproject.errors import Conflict, Forbidden, Invalid, NotFound

LIFETIME = timedelta(days=7)


def create_invitation(*, actor: User, email: str = "", role: str = Role.MEMBER) -> Invitation:
    """With an address it is mailed there and good for that address only."""
    if not allows(actor.role, Permission.INVITE_PEOPLE):
        raise Forbidden
    if not policies.may_give_role(actor, actor.organization, role):
        raise Forbidden(_("You cannot give this role."), attr="role")
    email, seed = normal_email(email), new_seed()
    if email and User.objects.visible_to(actor).filter(email=email).exists():
        raise Conflict(_("This person is a member already."), code="member", attr="email")
    with transaction.atomic():
        invitation = Invitation.objects.create(
            organization=actor.organization,
            email=email,
            role=role,
            seed=seed,
            token_hash=links.invitation_hash(links.invitation_token(seed)),
            invited_by=actor,
            expires_at=timezone.now() + LIFETIME,
        )
        _record(audit.INVITATION_CREATED, actor, invitation, role=role)
        if email:
            tasks.mail_invitation.enqueue(invitation.pk)
    return invitation


def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    if not allows(actor.role, Permission.INVITE_PEOPLE):
        raise Forbidden
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at:
            raise Conflict(_("This invitation was accepted already."), code="accepted")
        if invitation.revoked_at:
            return
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        _record(audit.INVITATION_REVOKED, actor, invitation)


def accept_invitation(*, token: str, display_name: str, password: str, email: str = "") -> User:
    """Good once: of two who come at the same time, the row lock lets one in."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.open()
            .select_for_update(of=("self",))
            .filter(token_hash=links.invitation_hash(token))
            .first()
        )
        if invitation is None:
            raise NotFound(_("This invitation was used, revoked, or has expired."))
        person = _join(invitation, display_name, password, invitation.email or email)
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    return person


def open_invitation(token: str) -> Invitation | None:
    """What the page shows before somebody accepts."""
    invitations = Invitation.objects.open().select_related("organization", "invited_by")
    return invitations.filter(token_hash=links.invitation_hash(token)).first()


def link_for(viewer: User, invitation: Invitation) -> str:
    """Empty for those who are not to see it."""
    if not policies.may_see_link(viewer, invitation):
        return ""
    return links.invitation_link(invitation)


def _join(invitation: Invitation, display_name: str, password: str, email: str) -> User:
    if not email:
        raise Invalid(_("Your e-mail address is needed."), code="required", attr="email")
    organization = invitation.organization
    passwords.require_strong(password, User(email=email, display_name=display_name))
    person = insert_person(
        organization=organization,
        email=email,
        display_name=display_name,
        password=password,
        role=invitation.role,
    )
    audit.record(
        audit.INVITATION_ACCEPTED,
        actor=person,
        organization=organization,
        target=invitation,
        role=invitation.role,
        invited_by=str(invitation.invited_by),
    )
    return person


def _record(action: str, actor: User, invitation: Invitation, **data: str) -> None:
    audit.record(
        action,
        actor=actor,
        organization=invitation.organization,
        target=invitation,
        invited=invitation.email or "whoever holds the link",
        **data,
    )
