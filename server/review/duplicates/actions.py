"""Writes of followers: joining of one's own accord, and what comes of merging two submissions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, delete, insert, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, NotFound
from server.core.events import Event, publish
from server.review.duplicates.models import Follow
from server.review.submissions.actions import lock_submission
from server.review.submissions.models import Kind, Status, Submission
from server.unions.actor import Actor

_FOLLOWS = cast(Table, Follow.__table__)
FOLLOWABLE = frozenset({Status.QUEUED, Status.RETURNED, Status.ACCEPTED})
HIDDEN = frozenset({Status.INCOMPLETE, Status.WITHDRAWN})


def follow_submission(session: Session, submission_id: UUID, *, is_joint: bool, actor: Actor, now: datetime) -> None:
    """Let the actor hear of a hazard that somebody else sent, as a joint reporter if `is_joint`. Safe to repeat.

    Raises NotFound for what is not there to be followed, Conflict for one's own (`own_submission`), for one that is
    settled (`closed`), and for joining in after it was accepted (`too_late_to_join`).
    """
    submission = lock_submission(session, submission_id)  # so that nobody accepts it meanwhile
    known = session.scalar(select(Follow).where(*_own_accord(submission_id, actor)))
    if known is not None and known.is_joint == is_joint:
        return
    _check_followable(submission, actor)
    is_open = submission.status is not Status.ACCEPTED
    if is_joint and not is_open:
        raise Conflict("这条隐患工会已经受理，不能再算共同上报，可以只关注。", code="too_late_to_join")
    if known is None:
        known = Follow(id=ids.new_id(), submission_id=submission_id, person_id=actor.person_id, followed_at=now)
        session.add(known)
    known.is_joint, known.joined_at = is_joint, now
    session.flush()
    publish(session, Event("submission.followed", submission_id, now, actor.person_id, {"is_joint": is_joint}))


def _check_followable(submission: Submission, actor: Actor) -> None:
    if actor.is_own(submission.reporter_id):
        raise Conflict("这是你自己提交的，在“我的”里就能看到进展。", code="own_submission")
    if submission.status in HIDDEN or submission.kind is not Kind.HAZARD:
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
_BEHIND = select(Follow.person_id, Follow.is_joint, Follow.joined_at)


def carry_over(session: Session, merged_id: UUID, target_id: UUID, now: datetime) -> None:
    """Let everybody behind a submission stand behind the one it was merged into, until `take_back`.

    The reporter becomes a joint reporter if theirs had arrived before the target was accepted; so do those who had
    joined in by then; the others follow. The rows of both submissions are locked by the move. Safe to repeat.
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
    """One row per person: joint if any of their reasons is, since the earliest of those."""
    accepted_at = target.decided_at if target.status is Status.ACCEPTED else None
    reasons = [(merged.reporter_id, True, merged.arrived_at or merged.created_at)]
    reasons += [(row.person_id, row.is_joint, row.joined_at) for row in behind]
    people: dict[UUID, tuple[bool, datetime]] = {}
    for person_id, is_joint, since in reasons:
        reason = (is_joint and (accepted_at is None or since < accepted_at), since)
        known = people.get(person_id, reason)
        people[person_id] = min(known, reason, key=lambda each: (not each[0], each[1]))
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
