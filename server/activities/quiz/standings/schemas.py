"""Shapes of leaderboards."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.activities.quiz.standings.models import BoardKind
from server.core.web.schemas import Cursor, In, Instant, Out


class BoardQuery(In):
    board: BoardKind = BoardKind.PEOPLE
    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class PlaceOut(Out):
    """A place. People have score and time; unions have coverage of their headcount and the share of high scores."""

    rank: int
    label: str
    score: int | None
    duration_ms: int | None
    coverage: float | None
    high_share: float | None
    people: int | None
    is_mine: bool


class BoardOut(Out):
    """A page of a leaderboard as it was computed last; `computed_at` null: not yet."""

    computed_at: Instant | None
    items: list[PlaceOut]
    next: str | None
    mine: PlaceOut | None


class ListingIn(In):
    is_listed: bool


class ListingOut(Out):
    is_listed: bool


class FiguresQuery(In):
    """Which quiz the page of figures shows, and of which union."""

    quiz: Annotated[UUID | None, Field()] = None
    union: Annotated[UUID | None, Field()] = None
