"""What the guards ask beside a submission's row, taken from the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from server.core.errors import AppError
from server.review.decisions.ports import refuse_reopening
from server.review.submissions.models import DECISIONS, PASSES, Move, Status, Submission, SubmissionStep
from server.review.submissions.texts import HIDDEN_FROM_REPORTER
from server.unions.actor import SCOPE_COLUMNS
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS, Level
from server.unions.tree.models import Union

Branch = Mapping[Level, UUID | None]
"""The union at each level of one branch of the tree, None below its end."""
UNDECIDED = frozenset({Status.INCOMPLETE, Status.WITHDRAWN})
CHANGES_NOTHING = HIDDEN_FROM_REPORTER | {Move.DISCLOSE}


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision that stands, or the passing on of what still waits: by whom, for a union at which level, when."""

    actor_id: UUID | None
    level: Level | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the guards ask beside the row. `routed` is the branch of the union that answers."""

    routed: Branch
    routed_name: str
    claimed_by_name: str | None = None
    claimed_from_elsewhere: bool = False  # by somebody who does not review for the union that answers
    decision: Decision | None = None
    obstacle: AppError | None = None  # what followed from the decision and cannot be undone any more
    reporter_is_gone: bool = False  # nobody would answer a question
    has_duplicates: bool = False
    is_untold: bool = False  # nobody outside of review has heard of the decision yet


_REPORTER, _CLAIMANT, _MERGED = aliased(Person), aliased(Person), aliased(Submission)
_REVIEWS_THERE = exists().where(
    RoleAssignment.person_id == Submission.claimed_by_id,
    RoleAssignment.union_id == Submission.routed_union_id,
    RoleAssignment.role.in_(REVIEWERS),
)
_AROUND = (
    select(
        Union,
        _REPORTER.is_active,
        _CLAIMANT.name.label("claimed_by_name"),
        and_(Submission.claimed_by_id.is_not(None), ~_REVIEWS_THERE).label("claimed_from_elsewhere"),
        exists().where(_MERGED.duplicate_of_id == Submission.id).label("has_duplicates"),
    )
    .select_from(Submission)
    .join(Union, Union.id == Submission.routed_union_id)
    .join(_REPORTER, _REPORTER.id == Submission.reporter_id)
    .outerjoin(_CLAIMANT, _CLAIMANT.id == Submission.claimed_by_id)
)
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
    """At most three short reads."""
    around = session.execute(_AROUND.where(Submission.id == submission.id)).one()
    return Snapshot(
        routed=branch_of(around.Union),
        routed_name=around.Union.name,
        claimed_by_name=around.claimed_by_name,
        claimed_from_elsewhere=around.claimed_from_elsewhere,
        decision=_find_decision(session, submission),
        obstacle=refuse_reopening(session, submission.id) if submission.status is Status.ACCEPTED else None,
        reporter_is_gone=not around.is_active,
        has_duplicates=around.has_duplicates,
        is_untold=submission.pending_step_id is not None,
    )


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
