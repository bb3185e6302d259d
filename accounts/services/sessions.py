"""Signed-in devices: how they come, are renewed, and go."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts import audit, broadcasts, notices, policies, tokens
from accounts.models import Session, User
from chatproject.errors import Forbidden, SignInRequired
from chatproject.prepared import Given, GivenIds, prepared

# `last_used_at` is written at most this often; more would be a write for every request.
LAST_USED_PRECISION = timedelta(minutes=1)
MAX_LABEL_LENGTH = 200


class Reason(models.TextChoices):
    SIGNED_OUT = "signed_out", "signed out"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere", "signed out from another device"
    PASSWORD_CHANGED = "password_changed", "the password was changed"
    PASSWORD_RESET = "password_reset", "the password was reset"
    DEACTIVATED = "deactivated", "the person was deactivated"
    DELETED = "deleted", "the account was deleted"
    REVOKED = "revoked", "revoked by an administrator"
    TOKEN_REUSED = "token_reused", "a refresh token was used twice"


def start_session(
    *, user: User, kind: str, label: str = "", ip_address: str | None = None
) -> Session:
    with transaction.atomic():
        session = Session.objects.create(
            user=user, kind=kind, label=_printable(label), ip_address=ip_address
        )
        notices.tell_of_new_device(session)
        audit.record(
            audit.SESSION_STARTED,
            actor=user,
            organization=user.organization,
            target=session,
            ip_address=ip_address,
            device=_device(session),
        )
    return session


def issue_tokens(*, session: Session) -> tokens.TokenPair:
    """From now on only the refresh token of this pair is good."""
    pair = tokens.issue_pair(session)
    session.refresh_jti = pair.refresh_jti
    session.save(update_fields=["refresh_jti"])
    return pair


def refresh_tokens(*, refresh_token: str, ip_address: str | None = None) -> tokens.TokenPair:
    """Rotates. A token that was rotated before is in two hands, so the session ends for both."""
    claims = tokens.read_refresh_token(refresh_token)
    with transaction.atomic():
        session = _lock_live_session(claims)
        if compare_digest(session.refresh_jti, claims.jti):
            touch(session=session, ip_address=ip_address)
            return issue_tokens(session=session)
        _end_reused(session, ip_address)
    # Raised outside the transaction, which must commit the revocation.
    raise SignInRequired(
        "This token was used before. For your safety the device was signed out.",
        code="token_reused",
    )


def sign_out(*, session: Session) -> None:
    revoke_session(actor=session.user, session=session, reason=Reason.SIGNED_OUT)


def revoke_session(*, actor: User | None, session: Session, reason: Reason) -> None:
    _revoke(actor, Session.objects.filter(pk=session.pk), reason)


def revoke_sessions(
    *, actor: User | None, user: User, reason: Reason, keep: Session | None = None
) -> None:
    """Ends all of a person's sessions, but for the one to keep."""
    sessions = Session.objects.filter(user=user)
    _revoke(actor, sessions.exclude(pk=keep.pk) if keep else sessions, reason)


def revoke_of_member(*, actor: User, person: User, session: Session | None = None) -> None:
    """By an administrator: one session, or all."""
    if not policies.may_manage(actor, person):
        raise Forbidden
    rows = Session.objects.filter(user=person)
    _revoke(actor, rows.filter(pk=session.pk) if session else rows, Reason.REVOKED)


def live_session(session_id: int) -> Session | None:
    """With its user and organization, in one query, and asked each time: revoking works at once."""
    return _live_session().first(pk=session_id)


@prepared
def _live_session() -> models.QuerySet[Session]:
    return Session.objects.live().select_related("user__organization").filter(pk=Given("pk"))


def live_sessions(session_ids: Collection[int]) -> dict[int, Session]:
    """The same for many; those that are no longer live are missing."""
    sessions = Session.objects.live().select_related("user__organization")
    return {session.pk: session for session in sessions.filter(pk__in=session_ids)}


def revoked_among(session_ids: Iterable[int]) -> set[int]:
    """Those that are no longer live: for the sweep that closes sockets whatever got lost on the way."""
    wanted = set(session_ids)
    return wanted - {pk for (pk,) in _live_among().rows(ids=wanted)}


@prepared
def _live_among() -> models.QuerySet[Session, Any]:
    return Session.objects.live().filter(pk__among=GivenIds("ids")).values_list("pk")


def touch(*, session: Session, ip_address: str | None = None, now: datetime | None = None) -> None:
    now = now or timezone.now()
    if now - session.last_used_at < LAST_USED_PRECISION:
        return
    session.last_used_at = now
    session.ip_address = ip_address or session.ip_address
    session.save(update_fields=["last_used_at", "ip_address"])


def _lock_live_session(claims: tokens.Claims) -> Session:
    session = (
        Session.objects.live()
        .select_for_update(of=("self",))
        .select_related("user__organization")
        .filter(pk=claims.session_id, user_id=claims.user_id)
        .first()
    )
    if session is None:
        raise tokens.BadToken
    return session


def _end_reused(session: Session, ip_address: str | None) -> None:
    audit.record(
        audit.REFRESH_TOKEN_REUSED,
        actor=None,
        organization=session.user.organization,
        target=session,
        ip_address=ip_address,
        person=str(session.user),
        device=_device(session),
    )
    revoke_session(actor=None, session=session, reason=Reason.TOKEN_REUSED)


def _revoke(actor: User | None, sessions: models.QuerySet[Session], reason: Reason) -> None:
    with transaction.atomic():
        open_sessions = (
            sessions.filter(revoked_at=None)
            .select_for_update(of=("self",))
            .select_related("user__organization")
            .order_by("pk")
        )
        for session in open_sessions:
            session.revoked_at = timezone.now()
            session.revoked_reason = reason
            session.save(update_fields=["revoked_at", "revoked_reason"])
            # Nothing is pushed to a device that is signed out.
            session.push_subscriptions.all().delete()
            audit.record(
                audit.SESSION_REVOKED,
                actor=actor,
                organization=session.user.organization,
                target=session,
                person=str(session.user),
                device=_device(session),
                reason=reason.label,
            )
            broadcasts.session_revoked(session)


def _device(session: Session) -> str:
    return session.label or session.get_kind_display()


def _printable(label: str) -> str:
    return "".join(character for character in label if character.isprintable())[:MAX_LABEL_LENGTH]
