"""Pages of a leaderboard as they are sent: bytes, the same for everybody who asks."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from server.activities.quiz.standings.models import BoardKind, QuizBoardPage, QuizBoardRow
from server.activities.quiz.standings.schemas import PAGE, BoardPageOut, PlaceOut
from server.core.web import cursors

KEPT = 20  # pages of each leaderboard: a thousand places, further than people scroll
_ROWS = cast(Table, QuizBoardRow.__table__)
PLACE = tuple(_ROWS.c[name] for name in PlaceOut.model_fields)
_PLACES = (
    select(*PLACE)
    .where(
        _ROWS.c.quiz_id == bindparam("the_quiz_id"),
        _ROWS.c.board == bindparam("the_board"),
        _ROWS.c.snapshot == bindparam("the_snapshot"),
        _ROWS.c.position > bindparam("after"),
    )
    .order_by(_ROWS.c.position)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it is sent. `last`: the position of its last place; `has_next`: whether another page follows."""

    body: bytes
    digest: str
    last: int
    has_next: bool


def render_page(
    session: Session, quiz_id: UUID, board: BoardKind, snapshot: int, computed_at: datetime, *, after: int, limit: int
) -> Rendered:
    """So many places after the position `after`. One statement."""
    values = {
        "the_quiz_id": quiz_id, "the_board": board, "the_snapshot": snapshot, "after": after, "most": limit + 1
    }  # fmt: skip
    rows = session.execute(_PLACES, values).all()
    places, has_next = rows[:limit], len(rows) > limit
    last = places[-1].position if places else after
    page = BoardPageOut(
        computed_at=computed_at,
        items=[PlaceOut.model_validate(row) for row in places],
        next=cursors.encode(last) if has_next else None,
    )
    body = page.model_dump_json().encode()
    return Rendered(body, hashlib.sha256(body).hexdigest()[:32], last, has_next)


def keep_pages(session: Session, quiz_id: UUID, board: BoardKind, snapshot: int, computed_at: datetime) -> None:
    """Render the first pages of a snapshot in place of those of the one before."""
    remove_pages(session, QuizBoardPage.quiz_id == quiz_id, QuizBoardPage.board == board)
    after = 0
    for _ in range(KEPT):
        page = render_page(session, quiz_id, board, snapshot, computed_at, after=after, limit=PAGE)
        session.execute(
            insert(QuizBoardPage).values(
                quiz_id=quiz_id, board=board, after=after, last=page.last, digest=page.digest, body=page.body
            )
        )
        if not page.has_next:
            return
        after = page.last


def remove_pages(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Keep those pages no longer: they are read from the rows until the next count."""
    session.execute(delete(QuizBoardPage).where(*conditions).execution_options(synchronize_session=False))


def pages_that_name(person_id: UUID) -> ColumnElement[bool]:
    """The kept pages on which the person has a place."""
    return and_(
        QuizBoardPage.board == BoardKind.PEOPLE,
        exists().where(
            QuizBoardRow.subject_id == person_id,
            QuizBoardRow.quiz_id == QuizBoardPage.quiz_id,
            QuizBoardRow.board == BoardKind.PEOPLE,
            QuizBoardRow.position.between(QuizBoardPage.after + 1, QuizBoardPage.last),
        ),
    )
