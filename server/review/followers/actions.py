"""Writes of followers: joining of one's own accord, what comes of merging two submissions, and of the target's end."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, NotFound
from server.core.events import publish
from server.core.jobs.actions import enqueue
from server.kit.workflow import perform_held
from server.review.decisions.moves.deciding import UNDO_WINDOW
from server.review.decisions.moves.merging import Succession
from server.review.decisions.workflow import SUBMISSION_WORKFLOW
from server.review.followers.events import SubmissionFollowed, SubmissionLeftBehind
from server.review.followers.models import Follow
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Move, Status, Submission
from server.review.submissions.workflow import lock_submission
from server.unions.actor import Actor

SUCCEED_JOB = "duplicates.succeed"
ENDINGS = {Status.WITHDRAWN: "撤回了", Status.DECLINED: "没有受理"}
_FOLLOWS = cast(Table, Follow.__table__)
FOLLOWABLE = frozenset({Status.QUEUED, Status.RETURNED, Status.ACCEPTED})
HIDDEN = frozenset({Status.INCOMPLETE, Status.WITHDRAWN})


def follow_submission(session: Session, submission_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let the actor hear of a hazard that somebody else sent. Safe to repeat.

    A tap shows nothing of the place, so it makes nobody a joint reporter: only an own report does, once it was merged.
    Raises NotFound for what is not there to be followed, Conflict for one's own (`own_submission`) and for one that is
    settled (`closed`).
    """
    submission = lock_submission(session, submission_id)  # so that nobody settles it meanwhile
    if session.scalar(select(Follow.id).where(*_own_accord(submission_id, actor))) is not None:
        return
    _check_followable(submission, actor)
    session.add(
        Follow(
            id=ids.new_id(),
            submission_id=submission_id,
            person_id=actor.person_id,
            is_joint=False,
            joined_at=now,
            followed_at=now,
        )
    )
    session.flush()
    publish(session, SubmissionFollowed(at=now, actor_id=actor.person_id, submission_id=submission_id))


def _check_followable(submission: Submission, actor: Actor) -> None:
    if actor.is_own(submission.reporter_id):
        raise Conflict("这是你自己提交的，在“我的”里就能看到进展。", code="own_submission")
    if submission.status in HIDDEN or not kind_of(submission.kind).is_followable:
        raise NotFound
    if submission.status not in FOLLOWABLE:
        raise Conflict("这条隐患已经处理完，不能再关注。", code="closed")


def unfollow_submission(session: Session, submission_id: UUID, *, actor: Actor) -> None:
    """Take back what the actor followed of their own accord. What a merge made them stays. Safe to repeat."""
    session.execute(delete(_FOLLOWS).where(*_own_accord(submission_id, actor)))


def _own_accord(submission_id: UUID, actor: Actor) -> tuple[Any, ...]:
    return (Follow.submission_id == submission_id, Follow.person_id == actor.person_id, Follow.merged_id.is_(None))


# --- merges -----------------------------------------------------------------------------------------------------------

_ENDS = select(
    Submission.id, Submission.reporter_id, Submission.kind, Submission.status, Submission.arrived_at,
    Submission.created_at, Submission.decided_at,
)  # fmt: skip
_BEHIND = select(Follow.person_id, Follow.joined_at)


def carry_over(session: Session, merged_id: UUID, target_id: UUID, now: datetime) -> None:
    """Let everybody behind a submission stand behind the one it was merged into, until `take_back`.

    The reporter becomes a joint reporter if theirs had arrived before the target was accepted; everybody else follows.
    The rows of both submissions are locked by the move. Safe to repeat.
    """
    found = {row.id: row for row in session.execute(_ENDS.where(Submission.id.in_((merged_id, target_id))))}
    merged, target = found[merged_id], found[target_id]
    behind = session.execute(_BEHIND.where(Follow.submission_id == merged_id)).all()
    session.execute(delete(_FOLLOWS).where(Follow.merged_id == merged_id))
    rows = _carried(merged, target, behind, now)
    if rows:
        session.execute(insert(_FOLLOWS), rows)


def _carried(
    merged: Row[*tuple[Any, ...]], target: Row[*tuple[Any, ...]], behind: Iterable[Row[*tuple[Any, ...]]], now: datetime
) -> list[dict[str, Any]]:
    """One row per person, since the earliest of their reasons; the reporter's is the own report."""
    accepted_at = target.decided_at if target.status is Status.ACCEPTED else None
    arrived_at = merged.arrived_at or merged.created_at
    people: dict[UUID, tuple[bool, datetime]] = {}
    for row in behind:
        people[row.person_id] = min(people.get(row.person_id, (False, row.joined_at)), (False, row.joined_at))
    people[merged.reporter_id] = (accepted_at is None or arrived_at < accepted_at, arrived_at)
    people.pop(target.reporter_id, None)
    return [
        {
            "id": ids.new_id(),
            "submission_id": target.id,
            "person_id": person_id,
            "merged_id": merged.id,
            "is_joint": is_joint,
            "joined_at": since,
            "followed_at": now,
        }
        for person_id, (is_joint, since) in people.items()
    ]


def take_back(session: Session, merged_id: UUID) -> None:
    """The merge was undone: nobody stands behind its target for its sake any more. Safe to repeat."""
    session.execute(delete(_FOLLOWS).where(Follow.merged_id == merged_id))


# --- joint reports ----------------------------------------------------------------------------------------------------


def confirm_joint_report(session: Session, merged_id: UUID, now: datetime) -> None:
    """A reviewer has seen that whoever sent this report was there: it shares the award. Safe to repeat."""
    mine = (Follow.merged_id == merged_id, Follow.is_joint.is_(True), Follow.confirmed_at.is_(None))
    session.execute(update(_FOLLOWS).where(*mine).values(confirmed_at=now))


# --- the end of a target ----------------------------------------------------------------------------------------------
#
# A target ends by being withdrawn, or by being declined for good. Until then its reporter answers for all of them; then
# nobody would. Done by a job, in a transaction of its own that takes its locks in the order of ids, as merges do.


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
            publish(session, SubmissionLeftBehind(at=now, submission_id=target_id))
        return None
    heir, *others = sorted(merged, key=lambda each: (each.arrived_at or each.created_at, each.id))
    succession = Succession(target_id, ENDINGS[target.status], heir.id)
    take_back(session, heir.id)
    _move(session, heir, Move.REQUEUE, succession, now)
    _move_followers(session, heir, target_id)
    for each in others:
        carry_over(session, each.id, heir.id, now)
        _move(session, each, Move.RELINK, succession, now)
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


def _move(session: Session, merged: Submission, move: Move, succession: Succession, now: datetime) -> None:
    context = SUBMISSION_WORKFLOW.context(session, merged, actor=None, now=now, form=succession)
    perform_held(SUBMISSION_WORKFLOW, context, move)


def _move_followers(session: Session, heir: Submission, target_id: UUID) -> None:
    """Whoever followed the target of their own accord follows the heir, unless they do already or sent it."""
    own_accord = (Follow.submission_id == target_id, Follow.merged_id.is_(None))
    already = select(Follow.person_id).where(Follow.submission_id == heir.id, Follow.merged_id.is_(None))
    session.execute(delete(_FOLLOWS).where(*own_accord, Follow.person_id.in_(already)))
    session.execute(delete(_FOLLOWS).where(*own_accord, Follow.person_id == heir.reporter_id))
    session.execute(update(_FOLLOWS).where(*own_accord).values(submission_id=heir.id))
