"""Rows that come from elsewhere, with the moments that they bring.

`bulk_create` stamps `auto_now` and `auto_now_add` fields with today, and correcting a million rows afterwards
takes longer than writing them. Django's own way to load rows "raw" does one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models
from django.db.models.sql import InsertQuery

MAX_BATCH = 500

Row = TypeVar("Row", bound=models.Model)


def insert_as_given(rows: Sequence[Row]) -> None:
    """In this order, in which their ids, which are set, ascend."""
    if not rows:
        return
    model = type(rows[0])
    auto = model._meta.auto_field
    fields = [field for field in model._meta.concrete_fields if field is not auto]
    size = min(MAX_BATCH, connection.ops.bulk_batch_size(fields, list(rows)))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        query = InsertQuery(model)
        query.insert_values(fields, list(part), raw=True)
        returned = query.get_compiler(connection=connection).execute_sql([auto] if auto else [])
        for row, values in zip(part, returned or (), strict=bool(auto)):
            row.pk = values[0]
            row._state.adding = False
