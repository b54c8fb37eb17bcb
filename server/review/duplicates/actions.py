"""Writes of what reporters themselves say about their report being the same as another."""

from typing import cast
from uuid import UUID

from sqlalchemy import Table

from server.core.new_rows import NewRow
from server.review.duplicates.models import DuplicateClaim

_CLAIMS = cast(Table, DuplicateClaim.__table__)


def row_of_claim(submission_id: UUID, target_id: UUID) -> NewRow:
    """The row that says so, to be written with the report itself."""
    return _CLAIMS, {"submission_id": submission_id, "target_id": target_id}
