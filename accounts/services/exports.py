"""A copy of what is kept about a person: asked for, made in the background, there for some days."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from accounts import audit, notices
from accounts.models import PersonalExport, User

LIFETIME = timedelta(days=7)
# A worker that takes longer was killed: one may ask again.
PATIENCE = timedelta(hours=6)


def request_export(*, actor: User) -> PersonalExport:
    """Whoever asks again while one is being made gets that one; a new one takes the place of the last."""
    with transaction.atomic():
        # Of two who ask at once, the second waits here and finds the first one's.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        own = PersonalExport.objects.visible_to(actor)
        since = timezone.now() - PATIENCE
        waiting = own.filter(state=PersonalExport.State.WAITING, requested_at__gt=since).first()
        if waiting:
            return waiting
        discard_exports(of=own)
        export = PersonalExport.objects.create(user=actor)
        audit.record(audit.EXPORT_REQUESTED, actor=actor, organization=actor.organization)
        make_export.enqueue(export.pk)
    return export


@task()
def make_export(export_id: int) -> None:
    waiting = PersonalExport.objects.filter(state=PersonalExport.State.WAITING)
    export = waiting.select_related("user__organization").filter(pk=export_id).first()
    # Asked for anew, or of an account that is gone.
    if export is None:
        return
    try:
        with tempfile.TemporaryFile() as file:
            import_string(settings.PERSONAL_ARCHIVE)(person=export.user, file=file)
            file.seek(0)
            export.file.save(f"{uuid4().hex}.zip", File(file), save=False)
        _finish(export)
    except Exception:
        waiting.filter(pk=export_id).update(state=PersonalExport.State.FAILED)
        raise


def _finish(export: PersonalExport) -> None:
    with transaction.atomic():
        export.state = PersonalExport.State.READY
        export.finished_at = timezone.now()
        export.expires_at = export.finished_at + LIFETIME
        export.save(update_fields=["state", "file", "finished_at", "expires_at"])
        notices.tell_of_export(export.user)


def discard_expired_exports(*, now: datetime) -> None:
    discard_exports(of=PersonalExport.objects.filter(expires_at__lte=now))


def discard_exports(*, of: models.QuerySet[PersonalExport]) -> None:
    """The files go after commit: a rollback would leave rows without."""
    with transaction.atomic():
        for export in of:
            if name := export.file.name:
                transaction.on_commit(partial(export.file.storage.delete, name))
            export.delete()
