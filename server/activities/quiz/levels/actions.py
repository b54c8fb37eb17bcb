"""Writes of quizzes and levels. All of it is audited; what people have played under is never taken from them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.activities.quiz.levels.queries import (
    count_shortages,
    forget_quizzes,
    get_level,
    get_quiz,
    list_levels,
    list_quizzes_of,
    say_what_stands,
)
from server.activities.quiz.levels.schemas import MAX_LEVELS, LevelIn, QuizIn
from server.activities.quiz.levels.texts import RULES_BY_DAY, standard_levels
from server.core import ids
from server.core.audit.actions import record
from server.core.clock import SHANGHAI, in_shanghai
from server.core.errors import Conflict, Invalid, NotFound
from server.unions.campaigns.ports import Copying
from server.unions.campaigns.queries import require_editable

SAME_AS_LAST = ("seconds", "pass_mark", "tries_per_day", "quotas")
OPEN_AT_ONCE = 3
"""Levels of the demonstration that can be played from the start."""


def create_quiz(session: Session, campaign_id: UUID, body: QuizIn, *, actor_id: UUID | None, now: datetime) -> Quiz:
    """A quiz with the ten standard levels, not published yet."""
    require_editable(session, campaign_id)
    quiz = Quiz(id=ids.new_id(), campaign_id=campaign_id, created_at=now, **body.model_dump())
    session.add(quiz)
    session.flush()
    for number, level in enumerate(standard_levels(), 1):
        session.add(QuizLevel(quiz_id=quiz.id, number=number, **_columns(level)))
    session.flush()
    _record(session, "quiz.created", quiz.id, actor_id, now, body.model_dump(mode="json", exclude={"rules"}))
    return quiz


def create_open_quiz(session: Session, campaign_id: UUID, *, now: datetime) -> Quiz:
    """For a demonstration: the standard quiz, published for sixty days; three levels are open, one more every day."""
    body = QuizIn(
        name="安全生产法律法规知识闯关",
        rules=RULES_BY_DAY,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=60),
        opening=Opening.BY_DAY,
    )
    quiz = create_quiz(session, campaign_id, body, actor_id=None, now=now)
    today = in_shanghai(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for level in list_levels(session, quiz.id):
        days = level.number - OPEN_AT_ONCE
        level.opens_at = today + timedelta(days=days) if days > 0 else quiz.opens_at
    session.flush()
    publish_quiz(session, quiz.id, actor_id=None, now=now)
    return quiz


def copy_quizzes(session: Session, copying: Copying) -> None:
    """The quizzes of a campaign for another one: rules and levels as they are, open as long as the campaign runs, with
    no day of their own for the levels, and not published: somebody looks at them first."""
    opens_at = datetime.combine(copying.target.starts_on, time(), SHANGHAI)
    closes_at = datetime.combine(copying.target.ends_on + timedelta(days=1), time(), SHANGHAI)
    for quiz in list_quizzes_of(session, copying.source.id):
        copy = Quiz(
            id=ids.new_id(), campaign_id=copying.target.id, name=quiz.name, rules=quiz.rules, opening=quiz.opening,
            opens_at=opens_at, closes_at=closes_at, created_at=copying.now,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        for level in list_levels(session, quiz.id):
            same = {name: getattr(level, name) for name in (*SAME_AS_LAST, "number", "name")}
            session.add(QuizLevel(quiz_id=copy.id, opens_at=None, **same))
        session.flush()
        _record(session, "quiz.created", copy.id, copying.actor.person_id, copying.now, {"name": copy.name})


def edit_quiz(session: Session, quiz_id: UUID, body: QuizIn, *, version: int, actor_id: UUID, now: datetime) -> None:
    """Change a quiz itself. Raises Conflict if somebody was faster."""
    quiz = _lock(session, quiz_id, version)
    before = {name: getattr(quiz, name) for name in body.model_dump()}
    if before != body.model_dump():
        _check_open(session, quiz_id)
    for name, value in body.model_dump().items():
        setattr(quiz, name, value)
    session.flush()
    after = {name: getattr(quiz, name) for name in before}
    changed = {name: [str(before[name]), str(after[name])] for name in before if before[name] != after[name]}
    _record(session, "quiz.edited", quiz_id, actor_id, now, {"changed": changed})
    forget_quizzes()


def save_level(
    session: Session, quiz_id: UUID, number: int, body: LevelIn, *, version: int, actor_id: UUID, now: datetime
) -> None:
    """Change a level. Attempts that run keep the questions and the time with which they began."""
    _lock(session, quiz_id, version)
    _check_open(session, quiz_id)
    level = get_level(session, quiz_id, number)
    for name, value in _columns(body).items():
        setattr(level, name, value)
    session.flush()
    _record(session, "quiz.level_edited", quiz_id, actor_id, now, {"level": number, **body.model_dump(mode="json")})
    forget_quizzes()


def add_level(session: Session, quiz_id: UUID, *, version: int, actor_id: UUID, now: datetime) -> int:
    """One more level, like the last. Returns its number."""
    _lock(session, quiz_id, version)
    _check_open(session, quiz_id)
    levels = list_levels(session, quiz_id)
    if len(levels) >= MAX_LEVELS:
        raise Conflict(f"最多 {MAX_LEVELS} 关。", code="too_many_levels")
    last = levels[-1]
    same = {name: getattr(last, name) for name in (*SAME_AS_LAST, "opens_at")}
    session.add(QuizLevel(quiz_id=quiz_id, number=last.number + 1, name=f"第 {last.number + 1} 关", **same))
    session.flush()
    _record(session, "quiz.level_added", quiz_id, actor_id, now, {"level": last.number + 1})
    forget_quizzes()
    return last.number + 1


def remove_last_level(session: Session, quiz_id: UUID, *, version: int, actor_id: UUID, now: datetime) -> None:
    """Take the last level out, as long as nobody can have played it."""
    quiz = _lock(session, quiz_id, version)
    levels = list_levels(session, quiz_id)
    if quiz.published_at is not None or len(levels) == 1:
        raise Conflict("已经公布的关卡不能删除。", code="level_in_use")
    session.delete(levels[-1])
    session.flush()
    _record(session, "quiz.level_removed", quiz_id, actor_id, now, {"level": levels[-1].number})
    forget_quizzes()


def publish_quiz(session: Session, quiz_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """Show it to workers; it opens at its time. Raises Invalid while the bank cannot fill its levels."""
    quiz, levels = get_quiz(session, quiz_id), list_levels(session, quiz_id)
    if quiz.published_at is not None:
        return
    require_editable(session, quiz.campaign_id)
    short = [str(number) for number, found in count_shortages(session, levels).items() if found]
    if short:
        raise Invalid(f"题库里的题不够：第 {'、'.join(short)} 关。请先补题或改抽题要求。", code="bank_too_small")
    if quiz.opening is Opening.BY_DAY and any(level.opens_at is None for level in levels):
        raise Invalid("按日期开放时，每一关都要填开放时间。", code="level_without_day")
    quiz.published_at = now
    session.flush()
    _record(session, "quiz.published", quiz_id, actor_id, now, {})
    forget_quizzes()


def _check_open(session: Session, quiz_id: UUID) -> None:
    """Raises Conflict once prizes rest on the quiz: who takes part in a draw, and who leads, follows from its times,
    levels and rules."""
    if words := say_what_stands(session, quiz_id):
        raise Conflict(words, code="draw_promised")


def _columns(body: LevelIn) -> Mapping[str, Any]:
    quotas = [quota.model_dump(mode="json") for quota in body.quotas]
    return {**body.model_dump(exclude={"quotas"}), "quotas": quotas}


def _lock(session: Session, quiz_id: UUID, version: int) -> Quiz:
    """The quiz, locked and counted one version further: its levels share its version. Raises NotFound, Conflict."""
    quiz = session.get(Quiz, quiz_id, with_for_update=True, populate_existing=True)
    if quiz is None:
        raise NotFound("没有找到这场闯关。", code="quiz_not_found")
    require_editable(session, quiz.campaign_id)
    if quiz.version != version:
        raise Conflict("别人刚刚改过，请刷新后再改。", code="changed_meanwhile")
    quiz.version += 1
    session.flush()
    return quiz


def _record(
    session: Session, action: str, quiz_id: UUID, actor_id: UUID | None, now: datetime, detail: Mapping[str, Any]
) -> None:
    record(session, action, subject_type="quiz", subject_id=quiz_id, actor_id=actor_id, at=now, detail=detail)
