"""What tries add up to: the best per level, the sum per quiz. Kept in the transaction that grades."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    Case,
    ColumnElement,
    Subquery,
    Table,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from server.activities.quiz.attempts.models import Attempt, QuizBest, QuizStanding
from server.core.db import Upsert, upsert
from server.core.prepared import Prepared

_BESTS = cast(Table, QuizBest.__table__)
_STANDINGS = cast(Table, QuizStanding.__table__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What an attempt changed. `finished_now`: with it the last missing level was passed."""

    is_best: bool
    finished_now: bool
    is_finished: bool


def _upsert_best() -> ReturningInsert[Any]:
    insert = upsert(_BESTS).values(
        {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in _BESTS.c}
    )
    new = insert.excluded
    better = or_(
        new.score > _BESTS.c.score, (new.score == _BESTS.c.score) & (new.duration_ms < _BESTS.c.duration_ms)
    )  # fmt: skip
    kept = {name: case((better, new[name]), else_=_BESTS.c[name]) for name in ("attempt_id", "score", "duration_ms")}
    return insert.on_conflict_do_update(
        index_elements=["person_id", "quiz_id", "level"],
        set_={**kept, "has_passed": _BESTS.c.has_passed | new.has_passed},
    ).returning(_BESTS.c.attempt_id, _BESTS.c.score, _BESTS.c.duration_ms, _BESTS.c.has_passed)


_MINE = (_BESTS.c.person_id == bindparam("asker_id"), _BESTS.c.quiz_id == bindparam("the_quiz_id"))
_NEW_STANDING = {"score": 0, "duration_ms": 0, "levels_passed": 0, "is_listed": False}


def _totals(*within: ColumnElement[bool]) -> Subquery:
    """What the best tries within some levels add up to."""
    passed = func.sum(case((_BESTS.c.has_passed, 1), else_=0))
    sums = {"score": func.sum(_BESTS.c.score), "duration_ms": func.sum(_BESTS.c.duration_ms), "levels_passed": passed}
    columns = [func.coalesce(total, 0).label(name) for name, total in sums.items()]
    return select(*columns).where(*_MINE, *within).subquery("totals")


def _finished_at(passed: Any, moment: Any) -> Case[Any]:
    """When every level is passed, the moment it was first so; nothing before."""
    return case((passed < bindparam("levels"), None), else_=moment)


_MOMENT: Any = bindparam("moment", type_=_STANDINGS.c.finished_at.type)
_FIRST_MOMENT = func.coalesce(_STANDINGS.c.finished_at, _MOMENT)


def _add_up(totals: Mapping[str, Any]) -> ReturningUpdate[Any]:
    """Totals in the row that somebody holds already."""
    mine = (_STANDINGS.c.person_id == bindparam("asker_id"), _STANDINGS.c.quiz_id == bindparam("the_quiz_id"))
    values = {**totals, "finished_at": _finished_at(totals["levels_passed"], _FIRST_MOMENT)}
    return update(_STANDINGS).where(*mine).values(values).returning(_STANDINGS.c.finished_at)


def _hold(insert: Upsert) -> ReturningInsert[Any]:
    """Make the row or take hold of it: attempts of one person at two levels add up one after the other."""
    new = {name: insert.excluded[name] for name in ("updated_at", "enterprise_id")}
    made = insert.on_conflict_do_update(index_elements=["person_id", "quiz_id"], set_=new)
    return made.returning(_STANDINGS.c.person_id)


def hold_standing_of(graded: CTE) -> ReturningInsert[Any]:
    """For PostgreSQL: make or take hold of the standing of the attempt that the same statement grades, if it does.
    Needs `held_enterprise_id` and `held_at`."""
    columns = _STANDINGS.c
    values: dict[str, Any] = {
        "person_id": graded.c.person_id,
        "quiz_id": graded.c.quiz_id,
        "enterprise_id": _typed("held_enterprise_id", columns.enterprise_id.type),
        "updated_at": _typed("held_at", columns.updated_at.type),
        **{name: literal(value, columns[name].type) for name, value in _NEW_STANDING.items()},
    }
    return _hold(upsert(_STANDINGS).from_select(list(values), select(*values.values())))


def _typed(name: str, kind: Any) -> Any:
    return sql_cast(bindparam(name, type_=kind), kind)  # within SELECT PostgreSQL takes for text what it does not know


def _stand() -> ReturningInsert[Any]:
    """For SQLite, where nobody else writes meanwhile: make the row or bring it up to date, with its totals."""
    columns, totals = _STANDINGS.c, _totals()
    values: dict[str, Any] = {
        **dict(totals.c.items()),
        "person_id": bindparam("asker_id", type_=columns.person_id.type),
        "quiz_id": bindparam("the_quiz_id", type_=columns.quiz_id.type),
        "enterprise_id": bindparam("held_enterprise_id", type_=columns.enterprise_id.type),
        "updated_at": _MOMENT,
        "finished_at": _finished_at(totals.c.levels_passed, _MOMENT),
        "is_listed": literal(False),
    }
    # Without a WHERE SQLite takes ON CONFLICT for what tables are joined by.
    insert = upsert(_STANDINGS).from_select(list(values), select(*values.values()).where(true()))
    new = insert.excluded
    changed: dict[str, Any] = {
        name: new[name] for name in ("score", "duration_ms", "levels_passed", "enterprise_id", "updated_at")
    }
    changed["finished_at"] = _finished_at(new.levels_passed, _FIRST_MOMENT)
    made = insert.on_conflict_do_update(index_elements=["person_id", "quiz_id"], set_=changed)
    return made.returning(columns.finished_at)


def _count_at_once() -> ReturningUpdate[Any]:
    """For PostgreSQL, where the standing is held: the best, and the totals with it, which the same statement does not
    see in its table yet."""
    best = _upsert_best().cte("best")
    others = _totals(_BESTS.c.level != bindparam("new_level", type_=_BESTS.c.level.type))
    totals = {
        "score": others.c.score + best.c.score,
        "duration_ms": others.c.duration_ms + best.c.duration_ms,
        "levels_passed": others.c.levels_passed + case((best.c.has_passed, 1), else_=0),
    }
    return _add_up(totals).returning(best.c.attempt_id)


_ADD_UP = Prepared(_add_up(dict(_totals().c.items())))
_HOLD = Prepared(_hold(upsert(_STANDINGS)), [*_NEW_STANDING, "person_id", "quiz_id", "enterprise_id", "updated_at"])
_UPSERT_BEST, _STAND = Prepared(_upsert_best()), Prepared(_stand())
_COUNT_AT_ONCE = Prepared(_count_at_once())


def count_attempt(
    session: Session, attempt: Attempt, enterprise_id: UUID | None, levels: int, now: datetime
) -> Progress:
    """Let a graded attempt count. Two statements on SQLite; one on PostgreSQL, where the standing is held already
    (`hold_standing_of`): what others added to it meanwhile is seen by a statement that begins after that."""
    connection = session.connection()
    best = {f"new_{column.name}": getattr(attempt, column.name) for column in _BESTS.c if column.name != "attempt_id"}
    best["new_attempt_id"] = attempt.id
    totals = {"asker_id": attempt.person_id, "the_quiz_id": attempt.quiz_id, "levels": levels, "moment": now}
    if connection.dialect.name == "sqlite":
        [(best_id, *_)] = _UPSERT_BEST.execute(connection, best)
        [(finished_at,)] = _STAND.execute(connection, {**totals, "held_enterprise_id": enterprise_id})
    else:
        [(finished_at, best_id)] = _COUNT_AT_ONCE.execute(connection, {**best, **totals})
    return Progress(is_best=best_id == attempt.id, finished_now=finished_at == now, is_finished=finished_at is not None)


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
    values = {"asker_id": attempt.person_id, "the_quiz_id": attempt.quiz_id, "levels": levels, "moment": now}
    _ADD_UP.execute(session.connection(), values)
    session.expire(standing)


def set_listed(
    session: Session, person_id: UUID, quiz_id: UUID, enterprise_id: UUID | None, *, is_listed: bool, now: datetime
) -> None:
    """Whether somebody wants to be on leaderboards."""
    values = {"person_id": person_id, "quiz_id": quiz_id, "enterprise_id": enterprise_id, "updated_at": now}
    _HOLD.execute(session.connection(), {**_NEW_STANDING, **values})
    mine = (QuizStanding.person_id == person_id, QuizStanding.quiz_id == quiz_id)
    session.execute(update(QuizStanding).where(*mine).values(is_listed=is_listed))
