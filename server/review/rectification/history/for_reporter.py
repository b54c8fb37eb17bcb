"""How an accepted hazard goes on, as its reporter sees it: words for the status, steps ahead, what happened."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.review.rectification.history.standing import without_undone
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.texts import STATUS_TEXTS, move_title
from server.review.submissions.kinds.follow_up import FollowUp
from server.review.submissions.schemas import Step, TimelineEntry
from server.review.submissions.texts import due_text, union_label
from server.unions.tree.models import Union

AnyRow = Row[*tuple[Any, ...]]

_ROWS = (
    select(
        Rectification.id,
        Rectification.submission_id,
        Rectification.status,
        Rectification.opened_at,
        Rectification.due_at,
        Rectification.submitted_at,
        Rectification.closed_at,
        Rectification.updated_at,
        Union.name.label("addressee_name"),
    )
    .join(Union, Union.id == Rectification.addressee_id)
    .order_by(Rectification.id)
)
_STEPS = (
    select(
        RectificationStep.rectification_id,
        RectificationStep.move,
        RectificationStep.at,
        RectificationStep.actor_id,
        RectificationStep.union_id,
        RectificationStep.text,
        Union.name.label("union_name"),
    )
    .outerjoin(Union, Union.id == RectificationStep.union_id)
    .order_by(RectificationStep.id)
)


def read_rectification_follow_ups(session: Session, submission_ids: Collection[UUID]) -> Mapping[UUID, FollowUp]:
    """The follow-ups of accepted hazards: two statements, whatever their number."""
    latest = {
        row.submission_id: row for row in session.execute(_ROWS.where(Rectification.submission_id.in_(submission_ids)))
    }
    steps: dict[UUID, list[AnyRow]] = {}
    for step in list_steps(session, [row.id for row in latest.values()]):
        steps.setdefault(step.rectification_id, []).append(step)
    return {
        submission_id: FollowUp(
            status_text=STATUS_TEXTS[row.status],
            progress_steps=tuple(progress_steps(row)),
            timeline=tuple(timeline_of(steps.get(row.id, ()))),
            is_done=row.status is Status.CLOSED,
            href=f"/console/rectifications/{row.id}",
        )
        for submission_id, row in latest.items()
    }


def list_steps(session: Session, rectification_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """The steps of rectifications, each with the name of the union in whose name it was made."""
    if not rectification_ids:
        return []
    return session.execute(_STEPS.where(RectificationStep.rectification_id.in_(rectification_ids))).all()


def timeline_of(steps: Sequence[AnyRow]) -> list[TimelineEntry]:
    """What happened, for the reporter: without the unions' notes, and what they took back before telling of it. Steps
    without a union are the reporter's own."""
    return [
        TimelineEntry(
            at=step.at,
            kind=f"rectification.{step.move}",
            title=move_title(step.move, by_reporter=step.union_id is None),
            text=step.text,
            by=union_label(step.union_name) if step.union_name else "我" if step.move is not Move.VOID else None,
        )
        for step in without_undone(steps)
        if not (step.move is Move.NOTE and step.union_id is not None)
    ]


def progress_steps(row: Any) -> list[Step]:
    """整改中, 复查, 已销号: each with when, and the current one with what happens next. Of a row with the columns of
    _ROWS."""
    who = union_label(row.addressee_name)
    if row.status is Status.VOIDED:
        return [Step(title=STATUS_TEXTS[row.status], state="done", at=row.updated_at, note="企业的异议成立。")]
    if row.status is Status.CLOSED:
        return [_done("整改中", row.submitted_at), _done("复查", row.closed_at), _done("已销号", row.closed_at)]
    if row.status is Status.SUBMITTED:
        note = f"{who}说已经整改好，等工会复查；你也可以看照片确认。"
        return [_done("整改中", row.submitted_at), _current("复查", row.submitted_at, note), _ahead("已销号")]
    notes = {
        Status.OPEN: f"已建议{who}整改，期限 {due_text(row.due_at)}。",
        Status.ACCEPTED: f"{who}正在整改，期限 {due_text(row.due_at)}。",
        Status.DISPUTED: f"{who}有异议，等上级工会决定。",
    }
    return [_current("整改中", row.opened_at, notes[row.status]), _ahead("复查"), _ahead("已销号")]


def _done(title: str, at: Any) -> Step:
    return Step(title=title, state="done", at=at, note=None)


def _current(title: str, at: Any, note: str) -> Step:
    return Step(title=title, state="current", at=at, note=note)


def _ahead(title: str) -> Step:
    return Step(title=title, state="ahead", at=None, note=None)
