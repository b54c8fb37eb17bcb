"""What becomes of reports whose target has ended: the earliest of them takes its place, the others are merged into it.

A target ends by being withdrawn, or by being declined for good. Until then its reporter answers for all of them; after
that nobody would. Done by a job, in a transaction of its own that takes its locks in the order of ids, as merges do.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.events import Event, publish
from server.core.jobs.actions import enqueue
from server.kit.deadlines.deadline import Deadline
from server.review.decisions.rules import UNDO_WINDOW
from server.review.decisions.transitions import EDGES
from server.review.duplicates.actions import carry_over, take_back
from server.review.duplicates.models import Follow
from server.review.submissions.actions import lock_submission
from server.review.submissions.log import StepTaken, log_step
from server.review.submissions.models import Move, Status, Submission

SUCCEED_JOB = "duplicates.succeed"
ENDINGS = {Status.WITHDRAWN: "撤回了", Status.DECLINED: "没有受理"}

_FOLLOWS = cast(Table, Follow.__table__)


def provide_for(session: Session, target_id: UUID, *, ends_at: datetime) -> None:
    """Have those behind `target_id` seen to at `ends_at`, unless nobody stands behind it."""
    merged = exists().where(Submission.duplicate_of_id == target_id)
    followed = exists().where(Follow.submission_id == target_id)
    if session.scalar(select(or_(merged, followed))):
        enqueue(session, SUCCEED_JOB, run_at=ends_at, target_id=target_id)


def succeed(session: Session, target_id: UUID, now: datetime) -> UUID | None:
    """Let the earliest report that was merged into an ended target take its place. Returns it. Safe to repeat.

    Nothing happens while the target stands, or its refusal can still be taken back. Followers of a withdrawn target
    without any successor are told that they have to report it themselves.
    """
    target, merged = _lock_family(session, target_id)
    if not _has_ended(target, now):
        return None
    if not merged:
        if target.status is Status.WITHDRAWN:
            publish(session, Event("submission.left_behind", target_id, now))
        return None
    heir, *others = sorted(merged, key=lambda each: (each.arrived_at or each.created_at, each.id))
    _requeue(session, heir, target, now)
    _move_followers(session, heir, target_id)
    for each in others:
        _relink(session, each, heir, target, now)
    return heir.id


def _lock_family(session: Session, target_id: UUID) -> tuple[Submission, Sequence[Submission]]:
    """The target and all that is merged into it, locked in the order of their ids."""
    merged = set(session.scalars(select(Submission.id).where(Submission.duplicate_of_id == target_id)))
    locked = {each: lock_submission(session, each) for each in sorted({target_id, *merged})}
    return locked[target_id], [locked[each] for each in merged if locked[each].duplicate_of_id == target_id]


def _has_ended(target: Submission, now: datetime) -> bool:
    if target.status is Status.DECLINED and target.decided_at is not None:
        return now >= target.decided_at + UNDO_WINDOW
    return target.status is Status.WITHDRAWN


def _requeue(session: Session, heir: Submission, target: Submission, now: datetime) -> None:
    deadline = Deadline.start(now, settings_of(session).first_answer_working_days)
    before = heir.status
    heir.status = EDGES[before, Move.REQUEUE].after
    heir.duplicate_of_id = heir.decided_at = None
    deadline.store(heir)
    heir.updated_at, heir.version = now, heir.version + 1
    session.flush()
    take_back(session, heir.id)
    text = f"原来并到的那一条{ENDINGS[target.status]}，这一条接着单独审核。"
    data = {"former_target_id": str(target.id), "due_at": deadline.due_at.isoformat()}
    log_step(session, StepTaken(heir.id, Move.REQUEUE, before, heir.status, None, now, public_text=text, data=data))


def _relink(session: Session, merged: Submission, heir: Submission, target: Submission, now: datetime) -> None:
    before = merged.status
    merged.status = EDGES[before, Move.RELINK].after
    merged.duplicate_of_id = heir.id
    merged.updated_at, merged.version = now, merged.version + 1
    session.flush()
    carry_over(session, merged.id, heir.id, now)
    text = f"原来并到的那一条{ENDINGS[target.status]}，已并到另一条一起处理。"
    data = {"former_target_id": str(target.id), "target_id": str(heir.id)}
    log_step(session, StepTaken(merged.id, Move.RELINK, before, merged.status, None, now, public_text=text, data=data))


def _move_followers(session: Session, heir: Submission, target_id: UUID) -> None:
    """Whoever followed the target of their own accord follows the heir, unless they do already or sent it."""
    own_accord = (Follow.submission_id == target_id, Follow.merged_id.is_(None))
    already = select(Follow.person_id).where(Follow.submission_id == heir.id, Follow.merged_id.is_(None))
    session.execute(delete(_FOLLOWS).where(*own_accord, Follow.person_id.in_(already)))
    session.execute(delete(_FOLLOWS).where(*own_accord, Follow.person_id == heir.reporter_id))
    session.execute(update(_FOLLOWS).where(*own_accord).values(submission_id=heir.id))
