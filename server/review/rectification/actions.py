"""A rectification begins with the decision to accept a hazard, moves, and ends when that decision is taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.errors import AppError, NotFound
from server.kit.workflow import StepData, begin, find_refusal, perform, perform_held
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.opening import enterprise_of, excerpt_for_enterprise, opening_of
from server.review.rectification.moves.parties import REPORTER
from server.review.rectification.moves.recheck import confirming_move
from server.review.rectification.queries import find_rectification
from server.review.rectification.schemas import ConfirmIn, MoveIn
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW, lock_latest, under_way
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.models import Submission, SubmissionStep
from server.unions.actor import Actor


def make_rectification_move(
    session: Session, rectification_id: UUID, move: Move, form: MoveIn, *, actor: Actor, now: datetime
) -> Rectification:
    """Make one of the console's moves, or refuse it and change nothing.

    Raises NotFound outside the actor's scope, Forbidden for what is not theirs to do, Conflict when it changed since
    the page was made (`stale`) or stands where the move is not possible.
    """
    return perform(RECTIFICATION_WORKFLOW, session, rectification_id, move, actor=actor, now=now, form=form)


def confirm_rectification(
    session: Session, submission_id: UUID, form: ConfirmIn, *, actor: Actor, now: datetime
) -> None:
    """The reporter finds it right: that closes it, or is noted for the union where it is grave.

    Saying it again changes nothing. Raises NotFound for somebody else's, Conflict when there is nothing to confirm,
    Forbidden if the reporter put it right themselves.
    """
    row, _ = lock_latest(session, submission_id)
    if row is None:
        raise NotFound
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now, form=form)
    perform_held(RECTIFICATION_WORKFLOW, context, confirming_move(row), party=REPORTER.name)


# --- with the decision ------------------------------------------------------------------------------------------------


def open_rectification(session: Session, submission: Submission, decision: SubmissionAccepted) -> Rectification:
    """Suggest to the enterprise, or to the union that answers for the place, to put an accepted hazard right.

    The submission is locked.
    """
    now, opening = decision.at, opening_of(session, submission, decision)
    step = session.get_one(SubmissionStep, decision.step_id)
    row = Rectification(
        id=ids.new_id(),
        submission_id=submission.id,
        campaign_id=submission.campaign_id,
        status=Status.OPEN,
        version=1,
        category=submission.category,
        grade=opening.grade,
        excerpt=excerpt_for_enterprise(session, submission),
        place=submission.place,
        sent_on=day_of(submission.created_at),
        city_id=submission.city_id,
        district_id=submission.district_id,
        town_id=submission.town_id,
        enterprise_id=enterprise_of(submission),
        addressee_id=opening.addressee_id,
        issuer_id=step.union_id or submission.routed_union_id,
        measures=decision.measures or "",
        responsible=decision.responsible or "",
        due_at=opening.due_at,
        first_due_at=opening.due_at,
        opened_at=now,
        reopenings=0,
        updated_at=now,
    )
    data = {"due_at": opening.due_at.isoformat(), "days": opening.days}
    said = StepData(row.measures, union_id=row.issuer_id, data=data)
    return begin(RECTIFICATION_WORKFLOW, session, row, actor=None, now=now, said=said, cause_id=decision.actor_id)


def refuse_voiding(session: Session, submission_id: UUID) -> AppError | None:
    """Why the decision behind it cannot be taken back any more, by the guards of the move that would follow from it."""
    row = find_rectification(session, submission_id)
    if row is None or row.status is Status.VOIDED:
        return None
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=None, now=row.updated_at)
    refusal = find_refusal(RECTIFICATION_WORKFLOW, RECTIFICATION_WORKFLOW.find(Move.VOID), context)
    return under_way() if refusal is not None else None


def void_rectification(session: Session, submission_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """The decision behind it was taken back. Nothing happens if there is none, or none any more."""
    row, _ = lock_latest(session, submission_id)
    if row is not None and row.status is not Status.VOIDED:
        context = RECTIFICATION_WORKFLOW.context(session, row, actor=None, now=now, cause_id=actor_id)
        perform_held(RECTIFICATION_WORKFLOW, context, Move.VOID)
