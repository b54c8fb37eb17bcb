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
    """Points that came, or went (below zero). `number`: of the submission, as people call it."""

    id: UUID
    at: Instant
    amount: int
    reason: str
    submission_id: UUID | None
    number: str | None


class PointsPage(Page[PointsItem]):
    """A page of one's points, the newest first, and what they sum to."""

    balance: int


class CorrectionIn(In):
    """Why a credit is countered."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=200)]


Points = Annotated[int, Field(ge=0, le=99_999)]


class RulesIn(In):
    """What earns how many points, see CODE_TEXTS."""

    accepted_1: Points
    accepted_2: Points
    accepted_3: Points
    accepted_4: Points
    closed: Points
    adopted: Points
    adopted_in_part: Points
    benefit: Points
