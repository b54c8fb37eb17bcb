"""How far an adopted suggestion has come, and how its author reads that. Pure but for the reader of rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.activities.suggestions.models import PlanStep, Suggestion
from server.core.clock import SHANGHAI
from server.review.submissions.kinds.follow_up import FollowUp
from server.review.submissions.schemas import Step, TimelineEntry
from server.review.submissions.texts import day_text

STEPS = select(
    PlanStep.submission_id,
    func.count().label("steps"),
    func.count(PlanStep.done_on).label("done"),
    func.max(PlanStep.done_on).label("last_done_on"),
).group_by(PlanStep.submission_id)


def status_text_of(steps: int, done: int, confirmed_at: datetime | None) -> str:
    """已采纳, 落实中, 已落实, 已见效."""
    if confirmed_at is not None:
        return "已见效"
    if steps == 0:
        return "已采纳"
    return "已落实" if done == steps else "落实中"


def read_follow_ups_of(session: Session, submission_ids: Collection[UUID]) -> Mapping[UUID, FollowUp]:
    """The follow-ups of adopted suggestions: two statements, whatever their number."""
    columns = (Suggestion.submission_id, Suggestion.confirmed_at, Suggestion.published_at, Suggestion.risk)
    rows = session.execute(select(*columns).where(Suggestion.submission_id.in_(submission_ids))).all()
    steps: dict[UUID, list[PlanStep]] = {}
    statement = (
        select(PlanStep).where(PlanStep.submission_id.in_(submission_ids)).order_by(PlanStep.due_on, PlanStep.id)
    )
    for step in session.scalars(statement):
        steps.setdefault(step.submission_id, []).append(step)
    return {row.submission_id: _follow_up(row, steps.get(row.submission_id, [])) for row in rows}


def _follow_up(row: Any, steps: Sequence[PlanStep]) -> FollowUp:
    done = [step for step in steps if step.done_on is not None]
    return FollowUp(
        status_text=status_text_of(len(steps), len(done), row.confirmed_at),
        progress_steps=tuple(_steps_of(row, steps, done)),
        timeline=tuple(_timeline(row, done)),
        is_done=row.confirmed_at is not None,
        href=f"/console/suggestions/{row.submission_id}",
    )


def _steps_of(row: Any, steps: Sequence[PlanStep], done: Sequence[PlanStep]) -> list[Step]:
    """落实, 见效: each with when, and the current one with what happens next."""
    if row.confirmed_at is not None:
        return [_step("落实", "done"), _step("见效", "done", row.confirmed_at)]
    if not steps:
        return [_step("落实", "current", note="等单位安排怎么落实。"), _step("见效", "ahead")]
    if len(done) < len(steps):
        following = next(step for step in steps if step.done_on is None)
        note = f"已完成 {len(done)}/{len(steps)} 步，下一步由{following.owner}负责，计划 {_day(following)} 完成。"
        return [_step("落实", "current", note=note), _step("见效", "ahead")]
    return [_step("落实", "done", _beginning(_last_day(done))), _step("见效", "current", note="等单位确认效果。")]


def _timeline(row: Any, done: Sequence[PlanStep]) -> list[TimelineEntry]:
    entries = [
        _entry(_beginning(step.done_on), "step_done", "完成一步", step.what)
        for step in done
        if step.done_on is not None
    ]
    if row.confirmed_at is not None:
        entries.append(_entry(row.confirmed_at, "benefit_confirmed", "单位确认了效果", row.risk or None))
    if row.published_at is not None:
        entries.append(_entry(row.published_at, "published", "已公开展示", None))
    return entries


def _entry(at: datetime, kind: str, title: str, text: str | None) -> TimelineEntry:
    return TimelineEntry(at=at, kind=f"suggestion.{kind}", title=title, text=text, by=None)


def _step(title: str, state: Any, at: datetime | None = None, note: str | None = None) -> Step:
    return Step(title=title, state=state, at=at, note=note)


def _last_day(done: Sequence[PlanStep]) -> date:
    return max(step.done_on for step in done if step.done_on is not None)


def _beginning(day: date) -> datetime:
    """Of a day in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def _day(step: PlanStep) -> str:
    return day_text(_beginning(step.due_on))
