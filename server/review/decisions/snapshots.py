"""The snapshot that the rules judge, taken from the database."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.review.decisions.ports import refuse_reopening
from server.review.decisions.rules import Branch, Decision, Snapshot
from server.review.decisions.transitions import DECISIONS, PASSES
from server.review.submissions.models import Move, Status, Submission, SubmissionStep
from server.review.submissions.texts import HIDDEN_FROM_REPORTER
from server.unions.actor import SCOPE_COLUMNS
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS, Level
from server.unions.tree.models import Union

UNDECIDED = frozenset({Status.INCOMPLETE, Status.WITHDRAWN})
CHANGES_NOTHING = HIDDEN_FROM_REPORTER | {Move.DISCLOSE}

_LAST_STEP = (
    select(SubmissionStep.actor_id, SubmissionStep.at, SubmissionStep.move, Union.level)
    .outerjoin(Union, Union.id == SubmissionStep.union_id)
    .order_by(SubmissionStep.id.desc())
    .limit(1)
)
_DECISION = _LAST_STEP.where(SubmissionStep.move.in_(DECISIONS))
_PASS = _LAST_STEP.where(SubmissionStep.move.not_in(CHANGES_NOTHING))


def branch_of(row: Submission | Union) -> Branch:
    """The ancestors that a row carries, by level."""
    return {level: getattr(row, column) for level, column in SCOPE_COLUMNS.items()}


def read_snapshot(session: Session, submission: Submission) -> Snapshot:
    """What the rules need to know of a submission: at most four short reads."""
    routed = session.get_one(Union, submission.routed_union_id)
    claimed_by_name, claimed_from_elsewhere = _read_claimant(session, submission)
    return Snapshot(
        status=submission.status,
        kind=submission.kind,
        is_anonymous=submission.is_anonymous,
        is_disclosed=submission.disclosed_at is not None,
        reporter_id=submission.reporter_id,
        scope=branch_of(submission),
        routed=branch_of(routed),
        routed_name=routed.name,
        claimed_by_id=submission.claimed_by_id,
        claimed_by_name=claimed_by_name,
        claimed_until=submission.claimed_until,
        claimed_from_elsewhere=claimed_from_elsewhere,
        decision=_find_decision(session, submission),
        obstacle=refuse_reopening(session, submission.id) if submission.status is Status.ACCEPTED else None,
    )


def _read_claimant(session: Session, submission: Submission) -> tuple[str | None, bool]:
    """The name of whoever holds it, and whether they review for another union than the one that has to answer."""
    if submission.claimed_by_id is None:
        return None, False
    reviews_there = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.union_id == submission.routed_union_id,
        RoleAssignment.role.in_(REVIEWERS),
    )
    row = session.execute(select(Person.name, reviews_there).where(Person.id == submission.claimed_by_id)).one()
    return row[0], not row[1]


def _find_decision(session: Session, submission: Submission) -> Decision | None:
    if submission.status in UNDECIDED:
        return None
    waits = submission.status is Status.QUEUED
    statement = (_PASS if waits else _DECISION).where(SubmissionStep.submission_id == submission.id)
    row = session.execute(statement).one_or_none()
    if row is None or (waits and row.move not in PASSES):
        return None
    at: datetime = row.at
    level: Level | None = row.level
    return Decision(row.actor_id, level, at)
