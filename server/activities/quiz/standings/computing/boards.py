"""Computing leaderboards: read as of one moment, and written in pieces beside the snapshot that is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Row,
    Select,
    Table,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased

from server.activities.quiz.attempts.models import QuizStanding
from server.activities.quiz.standings.computing.pages import keep_pages, remove_pages
from server.activities.quiz.standings.models import BoardKind, QuizBoard, QuizBoardPage, QuizBoardRow
from server.core.db import Database
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Union

_ROWS = cast(Table, QuizBoardRow.__table__)
HIGH = 80  # points of 100 on average over all levels
PIECE = 1000  # places that are written, or removed, in one transaction: nobody waits long for the turn to write


def compute_board(database: Database, quiz_id: UUID, board: BoardKind, levels: int, now: datetime) -> None:
    """Write a new snapshot, show it with its first pages, and remove those before it.

    Whoever leaves the leaderboard takes the lock that each piece takes: they take themselves off the pieces that stand,
    and are in none that follows.
    """
    with database.transaction() as session:
        snapshot = _locked(session, quiz_id, board, now).snapshot + 1
    _remove_rows(database, quiz_id, board, QuizBoardRow.snapshot >= snapshot)  # of a count that was cut off
    chosen = _people(quiz_id) if board is BoardKind.PEOPLE else _unions(quiz_id, board, levels)
    with database.streaming() as reader:
        found = reader.connection().execute(chosen, execution_options={"yield_per": PIECE})
        for places in found.partitions():
            with database.transaction() as session:
                _locked(session, quiz_id, board, now)
                _write(session, quiz_id, board, snapshot, places)
    with database.transaction() as session:
        shown = _locked(session, quiz_id, board, now)
        shown.snapshot, shown.computed_at = snapshot, now
        session.flush()
        keep_pages(session, quiz_id, board, snapshot, now)
    _remove_rows(database, quiz_id, board, QuizBoardRow.snapshot < snapshot)


def remove_board(database: Database, quiz_id: UUID, board: BoardKind) -> None:
    """Keep nothing of a leaderboard that the campaign does not choose, or not any more."""
    with database.transaction() as session:
        remove_pages(session, QuizBoardPage.quiz_id == quiz_id, QuizBoardPage.board == board)
        session.execute(
            delete(QuizBoard)
            .where(QuizBoard.quiz_id == quiz_id, QuizBoard.board == board)
            .execution_options(synchronize_session=False)
        )
    _remove_rows(database, quiz_id, board, true())


def _locked(session: Session, quiz_id: UUID, board: BoardKind, now: datetime) -> QuizBoard:
    """The leaderboard's row. Snapshot 0 is shown to nobody: the first count is still under way."""
    shown = session.get(QuizBoard, (quiz_id, board), with_for_update=True)
    if shown is None:
        shown = QuizBoard(quiz_id=quiz_id, board=board, snapshot=0, computed_at=now)
        session.add(shown)
        session.flush()
    return shown


def _write(session: Session, quiz_id: UUID, board: BoardKind, snapshot: int, places: Sequence[Row[Any]]) -> None:
    rows: list[dict[str, Any]] = [dict(place._mapping) for place in places]
    if board is BoardKind.PEOPLE:
        labels = _labels(session, quiz_id, [row["subject_id"] for row in rows])
        rows = [row | {"label": labels[row["subject_id"]]} for row in rows if row["subject_id"] in labels]
    if rows:
        of_it = {"quiz_id": quiz_id, "board": board, "snapshot": snapshot}
        session.execute(insert(_ROWS), [row | of_it for row in rows])


def _remove_rows(database: Database, quiz_id: UUID, board: BoardKind, which: ColumnElement[bool]) -> None:
    chosen = (QuizBoardRow.quiz_id == quiz_id, QuizBoardRow.board == board, which)
    with database.reading() as session:
        last = session.scalar(select(func.max(QuizBoardRow.position)).where(*chosen)) or 0
    for start in range(0, last, PIECE):
        within = QuizBoardRow.position.between(start + 1, start + PIECE)
        with database.transaction() as session:
            session.execute(delete(QuizBoardRow).where(*chosen, within).execution_options(synchronize_session=False))


def _people(quiz_id: UUID) -> Select[*tuple[Any, ...]]:
    """By score, then time. Their names are read when they are written."""
    order = (QuizStanding.score.desc(), QuizStanding.duration_ms)
    nothing = sql_cast(None, Float)
    return (
        select(
            func.row_number().over(order_by=(*order, QuizStanding.person_id)).label("position"),
            func.rank().over(order_by=order).label("rank"),
            QuizStanding.person_id.label("subject_id"),
            QuizStanding.score.label("score"),
            QuizStanding.duration_ms.label("duration_ms"),
            literal(1).label("people"),
            nothing.label("coverage"),
            nothing.label("high_share"),
        )
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score > 0, QuizStanding.is_listed)
        .order_by("position")
    )


def _labels(session: Session, quiz_id: UUID, person_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Those who want their place still: their names in part, with the enterprise."""
    enterprise = aliased(Union)
    name = case((func.coalesce(Person.name, "") == "", "未填姓名"), else_=func.substr(Person.name, 1, 1) + "**")
    place = case((enterprise.name.is_(None), ""), else_=" · " + enterprise.name)
    statement = (
        select(QuizStanding.person_id, name + place)
        .join(Person, Person.id == QuizStanding.person_id)
        .outerjoin(enterprise, enterprise.id == QuizStanding.enterprise_id)
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.person_id.in_(person_ids), QuizStanding.is_listed)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


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
        .order_by("position")
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
