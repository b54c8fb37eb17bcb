"""What tries add up to: the best per level, the sum per quiz. Kept in the transaction that grades."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Table, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, QuizBest, QuizStanding
from server.core.prepared import Prepared, Row

_BESTS = cast(Table, QuizBest.__table__)
_STANDINGS = cast(Table, QuizStanding.__table__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What an attempt changed. `finished_now`: with it the last missing level was passed."""

    is_best: bool
    finished_now: bool
    is_finished: bool


def _upsert_best(dialect: Any) -> Insert:
    insert = dialect.insert(_BESTS)
    new = insert.excluded
    better = or_(
        new.score > _BESTS.c.score, (new.score == _BESTS.c.score) & (new.duration_ms < _BESTS.c.duration_ms)
    )  # fmt: skip
    kept = {name: case((better, new[name]), else_=_BESTS.c[name]) for name in ("attempt_id", "score", "duration_ms")}
    return cast(
        Insert,
        insert.on_conflict_do_update(
            index_elements=["person_id", "quiz_id", "level"],
            set_={**kept, "has_passed": _BESTS.c.has_passed | new.has_passed},
        ).returning(_BESTS.c.attempt_id),
    )


def _lock_standing(dialect: Any) -> Insert:
    """Make the row or take hold of it: attempts of one person at two levels add up one after the other."""
    insert = dialect.insert(_STANDINGS)
    return cast(
        Insert,
        insert.on_conflict_do_update(
            index_elements=["person_id", "quiz_id"],
            set_={"updated_at": insert.excluded.updated_at, "enterprise_id": insert.excluded.enterprise_id},
        ).returning(_STANDINGS.c.levels_passed, _STANDINGS.c.finished_at),
    )


_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_UPSERT_BEST = {
    name: Prepared(_upsert_best(dialect), [column.name for column in _BESTS.c]) for name, dialect in _DIALECTS.items()
}
_NEW_STANDING = {"score": 0, "duration_ms": 0, "levels_passed": 0, "is_listed": False}
_LOCK_STANDING = {
    name: Prepared(_lock_standing(dialect), [*_NEW_STANDING, "person_id", "quiz_id", "enterprise_id", "updated_at"])
    for name, dialect in _DIALECTS.items()
}
_MINE = (_BESTS.c.person_id == bindparam("asker_id"), _BESTS.c.quiz_id == bindparam("the_quiz_id"))


def _sum_of(column: Any) -> Any:
    return select(func.coalesce(func.sum(column), 0)).where(*_MINE).scalar_subquery()


_passed = select(func.count()).where(*_MINE, _BESTS.c.has_passed).scalar_subquery()
_ADD_UP = Prepared(
    update(_STANDINGS)
    .where(_STANDINGS.c.person_id == bindparam("asker_id"), _STANDINGS.c.quiz_id == bindparam("the_quiz_id"))
    .values(
        score=_sum_of(_BESTS.c.score),
        duration_ms=_sum_of(_BESTS.c.duration_ms),
        levels_passed=_passed,
        finished_at=case(
            (_passed < bindparam("levels"), None),
            else_=func.coalesce(_STANDINGS.c.finished_at, bindparam("moment", type_=_STANDINGS.c.finished_at.type)),
        ),
    )
    .returning(_STANDINGS.c.levels_passed, _STANDINGS.c.finished_at)
)


def count_attempt(
    session: Session, attempt: Attempt, enterprise_id: UUID | None, levels: int, now: datetime
) -> Progress:
    """Let a graded attempt count. Three statements."""
    connection = session.connection()
    _, finished_before = _hold(connection, attempt.person_id, attempt.quiz_id, enterprise_id, now)
    [(best_id,)] = _UPSERT_BEST[connection.dialect.name].execute(
        connection,
        {
            "person_id": attempt.person_id,
            "quiz_id": attempt.quiz_id,
            "level": attempt.level,
            "attempt_id": attempt.id,
            "score": attempt.score,
            "duration_ms": attempt.duration_ms,
            "has_passed": attempt.has_passed,
        },
    )
    _, finished_at = _add_up(connection, attempt.person_id, attempt.quiz_id, levels, now)
    return Progress(
        is_best=best_id == attempt.id,
        finished_now=finished_at is not None and finished_before is None,
        is_finished=finished_at is not None,
    )


def recount(session: Session, attempt: Attempt, levels: int, now: datetime) -> None:
    """Find the best of what is left at a level when an attempt was voided, and add up again."""
    standing = session.get_one(QuizStanding, (attempt.person_id, attempt.quiz_id), with_for_update=True)
    at_level = (
        Attempt.person_id == attempt.person_id,
        Attempt.quiz_id == attempt.quiz_id,
        Attempt.level == attempt.level,
        Attempt.score.is_not(None),
        Attempt.voided_at.is_(None),
    )
    session.execute(
        delete(QuizBest).where(
            QuizBest.person_id == attempt.person_id,
            QuizBest.quiz_id == attempt.quiz_id,
            QuizBest.level == attempt.level,
        )
    )
    best = session.scalars(
        select(Attempt).where(*at_level).order_by(Attempt.score.desc(), Attempt.duration_ms, Attempt.id).limit(1)
    ).first()
    if best is not None:
        has_passed = session.scalar(select(func.count()).where(*at_level, Attempt.has_passed.is_(True)))
        session.add(
            QuizBest(
                person_id=best.person_id,
                quiz_id=best.quiz_id,
                level=best.level,
                attempt_id=best.id,
                score=best.score,
                duration_ms=best.duration_ms,
                has_passed=bool(has_passed),
            )
        )
        session.flush()
    _add_up(session.connection(), attempt.person_id, attempt.quiz_id, levels, now)
    session.expire(standing)


def set_listed(
    session: Session, person_id: UUID, quiz_id: UUID, enterprise_id: UUID | None, *, is_listed: bool, now: datetime
) -> None:
    """Whether somebody wants to be on leaderboards."""
    _hold(session.connection(), person_id, quiz_id, enterprise_id, now)
    mine = (QuizStanding.person_id == person_id, QuizStanding.quiz_id == quiz_id)
    session.execute(update(QuizStanding).where(*mine).values(is_listed=is_listed))


def _hold(connection: Connection, person_id: UUID, quiz_id: UUID, enterprise_id: UUID | None, now: datetime) -> Row:
    values = {
        **_NEW_STANDING,
        "person_id": person_id,
        "quiz_id": quiz_id,
        "enterprise_id": enterprise_id,
        "updated_at": now,
    }
    [row] = _LOCK_STANDING[connection.dialect.name].execute(connection, values)
    return row


def _add_up(connection: Connection, person_id: UUID, quiz_id: UUID, levels: int, now: datetime) -> Row:
    values = {"asker_id": person_id, "the_quiz_id": quiz_id, "levels": levels, "moment": now}
    [row] = _ADD_UP.execute(connection, values)
    return row
