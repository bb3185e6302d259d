"""What webhooks take and answer."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Strict, model_validator

from chatproject.events import Content, Id, Input, Moment, Seq, Wire


class IncomingMessage(Input):
    """One of the two texts; `text` is what others call it. A repeat with the same `client_id` is safe."""

    text: Content | None = None
    content: Content | None = None
    client_id: Annotated[UUID, Strict(False)] | None = None

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if (self.text is None) == (self.content is None):
            raise ValueError(_("Send either `content` or `text`."))
        return self

    @property
    def words(self) -> str:
        return self.content or self.text or ""


class WrittenMessage(Wire):
    """What became of it. A repeat is answered with the same."""

    message_id: Id
    conversation_id: Id
    seq: Seq
    created_at: Moment
