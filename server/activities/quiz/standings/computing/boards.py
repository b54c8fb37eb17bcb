"""Computing leaderboards: one INSERT … SELECT each, beside the snapshot that is being read."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Float, Integer, Select, Table, Uuid, case, delete, func, insert, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased

from server.activities.quiz.attempts.models import QuizStanding
from server.activities.quiz.standings.computing.pages import keep_pages
from server.activities.quiz.standings.models import BoardKind, QuizBoard, QuizBoardPage, QuizBoardRow
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Union

_ROWS = cast(Table, QuizBoardRow.__table__)
HIGH = 80  # points of 100 on average over all levels
COLUMNS = (
    "quiz_id",
    "board",
    "snapshot",
    "position",
    "rank",
    "subject_id",
    "label",
    "score",
    "duration_ms",
    "people",
    "coverage",
    "high_share",
)


def compute_board(session: Session, quiz_id: UUID, board: BoardKind, levels: int, now: datetime) -> None:
    """Write a new snapshot, show it with its first pages, and remove those before it.

    Whoever leaves the leaderboard takes the same lock.
    """
    shown = session.get(QuizBoard, (quiz_id, board), with_for_update=True)
    snapshot = shown.snapshot + 1 if shown else 1
    chosen = _people(quiz_id) if board is BoardKind.PEOPLE else _unions(quiz_id, board, levels)
    places = chosen.subquery()
    source = select(
        literal(quiz_id, Uuid()), literal(board.value), literal(snapshot), *(places.c[name] for name in COLUMNS[3:])
    )
    session.execute(insert(_ROWS).from_select(list(COLUMNS), source))
    if shown is None:
        session.add(QuizBoard(quiz_id=quiz_id, board=board, snapshot=snapshot, computed_at=now))
    else:
        shown.snapshot, shown.computed_at = snapshot, now
    session.flush()
    keep_pages(session, quiz_id, board, snapshot, now)
    session.execute(
        delete(QuizBoardRow)
        .where(QuizBoardRow.quiz_id == quiz_id, QuizBoardRow.board == board, QuizBoardRow.snapshot < snapshot)
        .execution_options(synchronize_session=False)
    )


def remove_board(session: Session, quiz_id: UUID, board: BoardKind) -> None:
    """Keep nothing of a leaderboard that the campaign does not choose, or not any more."""
    for table in (QuizBoardPage, QuizBoardRow, QuizBoard):
        session.execute(
            delete(table)
            .where(table.quiz_id == quiz_id, table.board == board)
            .execution_options(synchronize_session=False)
        )


def _people(quiz_id: UUID) -> Select[*tuple[Any, ...]]:
    """By score, then time. Names in part, with the enterprise."""
    order = (QuizStanding.score.desc(), QuizStanding.duration_ms)
    enterprise = aliased(Union)
    name = case((func.coalesce(Person.name, "") == "", "未填姓名"), else_=func.substr(Person.name, 1, 1) + "**")
    place = case((enterprise.name.is_(None), ""), else_=" · " + enterprise.name)
    nothing = sql_cast(None, Float)
    return (
        select(
            func.row_number().over(order_by=(*order, QuizStanding.person_id)).label("position"),
            func.rank().over(order_by=order).label("rank"),
            QuizStanding.person_id.label("subject_id"),
            (name + place).label("label"),
            QuizStanding.score.label("score"),
            QuizStanding.duration_ms.label("duration_ms"),
            literal(1).label("people"),
            nothing.label("coverage"),
            nothing.label("high_share"),
        )
        .join(Person, Person.id == QuizStanding.person_id)
        .outerjoin(enterprise, enterprise.id == QuizStanding.enterprise_id)
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score > 0, QuizStanding.is_listed)
    )


def _unions(quiz_id: UUID, board: BoardKind, levels: int) -> Select[*tuple[Any, ...]]:
    """By coverage of the true headcount, then the share of high scores. Unions without a headcount come last."""
    enterprise, union = aliased(Union), aliased(Union)
    by_district = board is BoardKind.DISTRICTS
    key = enterprise.district_id if by_district else enterprise.id
    people = func.count(QuizStanding.person_id)
    high = func.sum(case((QuizStanding.score >= HIGH * levels, 1), else_=0))
    played = (
        select(key.label("union_id"), people.label("people"), high.label("high"))
        .select_from(QuizStanding)
        .join(enterprise, enterprise.id == QuizStanding.enterprise_id)
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score > 0, key.is_not(None))
        .group_by(key)
        .subquery()
    )
    heads, nothing = _headcounts(by_district), sql_cast(None, Integer)
    share_of_heads = sql_cast(played.c.people, Float) / heads.c.headcount
    coverage = case((played.c.people >= heads.c.headcount, 1.0), (heads.c.headcount > 0, share_of_heads), else_=None)
    share = sql_cast(played.c.high, Float) / played.c.people
    order = (case((coverage.is_(None), 1), else_=0), coverage.desc(), share.desc())
    return (
        select(
            func.row_number().over(order_by=(*order, played.c.union_id)).label("position"),
            func.rank().over(order_by=order).label("rank"),
            played.c.union_id.label("subject_id"),
            union.name.label("label"),
            nothing.label("score"),
            nothing.label("duration_ms"),
            played.c.people.label("people"),
            coverage.label("coverage"),
            share.label("high_share"),
        )
        .select_from(played)
        .join(union, union.id == played.c.union_id)
        .outerjoin(heads, heads.c.union_id == played.c.union_id)
    )


def _headcounts(by_district: bool) -> Any:
    """True headcounts of enterprises, or of districts as the sum of their enterprises."""
    key = Union.district_id if by_district else Union.id
    return (
        select(key.label("union_id"), func.sum(Union.headcount).label("headcount"))
        .where(Union.level == Level.ENTERPRISE, Union.is_active.is_(True), key.is_not(None))
        .group_by(key)
        .subquery()
    )
