"""Shapes of leaderboards."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.activities.quiz.standings.models import BoardKind
from server.core.web.schemas import Cursor, In, Instant, Out

PAGE = 50
"""Places on a page, as phones ask for them: pages of this length are kept as they are sent."""


class BoardQuery(In):
    board: BoardKind = BoardKind.PEOPLE
    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class PlaceOut(Out):
    """A place. People have score and time; unions have coverage of their headcount and the share of high scores.

    `position`: from 1 without ties, so that a phone finds its own place among the others; equals share a `rank`.
    """

    position: int
    rank: int
    label: str
    score: int | None
    duration_ms: int | None
    coverage: float | None
    high_share: float | None
    people: int | None


class BoardPageOut(Out):
    """A page of a leaderboard as it was computed last, the same for everybody; `computed_at` null: not yet."""

    computed_at: Instant | None
    items: list[PlaceOut]
    next: str | None


class BoardOut(BoardPageOut):
    """Such a page, and where whoever asks stands."""

    mine: PlaceOut | None


class ListingIn(In):
    is_listed: bool


class ListingOut(Out):
    is_listed: bool


class FiguresQuery(In):
    """Which quiz the page of figures shows, and of which union."""

    quiz: Annotated[UUID | None, Field()] = None
    union: Annotated[UUID | None, Field()] = None
