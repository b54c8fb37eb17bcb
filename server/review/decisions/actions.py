"""Making the moves of reviewers, one at a time."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict, Invalid, NotFound
from server.kit.workflow import perform_held
from server.review.decisions.moves.merging import NO_TARGET
from server.review.decisions.moves.parties import FINDER, may_know_of
from server.review.decisions.schemas import AcceptIn, DuplicateIn
from server.review.decisions.workflow import SUBMISSION_WORKFLOW
from server.review.submissions.models import Move, Status, Submission
from server.review.submissions.schemas import MoveIn
from server.review.submissions.texts import numbers_meant
from server.review.submissions.workflow import lock_submission
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS


def make_move(
    session: Session,
    submission_id: UUID,
    move: Move,
    form: MoveIn,
    *,
    actor: Actor,
    now: datetime,
    batch_id: UUID | None = None,
) -> Submission:
    """Make one move on a submission, or refuse it and change nothing. `batch_id`: one of many made together (bulk.py).

    Raises NotFound outside the actor's scope, Forbidden for own submissions and what is not theirs to decide, Conflict
    when it changed since the page was made (`stale`), is being handled by somebody else (`claimed`) or stands where the
    move is not possible, Invalid for a form that does not fit the campaign or the tree.
    """
    if move is Move.MARK_DUPLICATE:
        submission, form = _lock_with_target(session, submission_id, cast(DuplicateIn, form), actor)
    else:
        submission = lock_submission(session, submission_id)
    if not may_know_of(actor, submission):
        raise NotFound
    kept = {"batch_id": str(batch_id)} if batch_id is not None else {}
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=actor, now=now, form=form, kept=kept)
    perform_held(SUBMISSION_WORKFLOW, context, move)
    return submission


def accept_found(
    session: Session, submission_id: UUID, form: AcceptIn, *, cause_id: UUID | None, now: datetime
) -> None:  # fmt: skip
    """Accept what a union's own visit found, as its opinion has it; `cause_id` sent that. Raises Conflict if it is not
    in the queue, Invalid for a grade that the campaign does not have."""
    submission = lock_submission(session, submission_id)
    seen = form.model_copy(update={"version": submission.version})
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=None, now=now, form=seen, cause_id=cause_id)
    perform_held(SUBMISSION_WORKFLOW, context, Move.ACCEPT, party=FINDER.name)


def _lock_with_target(
    session: Session, submission_id: UUID, form: DuplicateIn, actor: Actor
) -> tuple[Submission, DuplicateIn]:
    """A submission and its target, both locked in the order of their ids, and the form with the target's id."""
    target_id = find_target(session, submission_id, form, actor)
    locked = {each: lock_submission(session, each) for each in sorted((submission_id, target_id))}
    return locked[submission_id], form.model_copy(update={"target_id": target_id})


def find_target(session: Session, submission_id: UUID, form: DuplicateIn, actor: Actor) -> UUID:
    """What the submission is to be merged into. Raises Invalid."""
    target_id = _resolve_target(session, form.target_id, actor)
    if target_id == submission_id:
        raise Invalid("不能标为自己的重复。", fields={"target_id": "请选择另一条"})
    return target_id


def _resolve_target(session: Session, target: UUID | str, actor: Actor) -> UUID:
    """The submission meant by an id or a number: where that is itself a duplicate, the one it leads to.

    Raises Invalid outside the scope.
    """
    is_meant = Submission.id == target if isinstance(target, UUID) else Submission.number.in_(numbers_meant(target))
    for _ in range(2):
        row = session.execute(
            select(Submission.id, Submission.duplicate_of_id).where(
                is_meant,
                Submission.status != Status.INCOMPLETE,
                in_scope(actor, Submission, REVIEWERS),
            )
        ).one_or_none()
        if row is None:
            raise Invalid(NO_TARGET, fields={"target_id": NO_TARGET})
        if row.duplicate_of_id is None:
            found: UUID = row.id
            return found
        is_meant = Submission.id == row.duplicate_of_id
    raise Conflict
