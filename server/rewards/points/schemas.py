"""Shapes of points."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Cursor, In, Instant, Out, Page, Prose


class PointsQuery(In):
    """Which page of the ledger."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PointsItem(Out):
    """Points that came, or went (below zero)."""

    id: UUID
    at: Instant
    amount: int
    reason: str
    submission_id: UUID | None


class PointsPage(Page[PointsItem]):
    """A page of one's points, the newest first, and what they sum to."""

    balance: int


class CorrectionIn(In):
    """Why a credit is countered."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=200)]
