"""Writes of proposals. None of them decides anything, or says anything to anybody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import settings_of
from server.core.errors import Conflict, NotFound
from server.core.jobs.actions import enqueue
from server.kit.scope import ancestors_of
from server.review.decisions.workflow import SUBMISSION_WORKFLOW, refusal_of
from server.review.proposals.asking.wording import Proposed
from server.review.proposals.models import ProposalState, ReviewProposal
from server.review.proposals.queries import find_latest, find_obstacle, is_on, is_waiting
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Move, Submission
from server.unions.actor import Actor

ASK_JOB = "proposals.ask_machine"
NOTHING = "机器看不出该定几级，请自己定。"
GONE = "这条建议已经没有了，请刷新页面。"


def ask_proposal(session: Session, submission: Submission, *, actor: Actor, now: datetime) -> ReviewProposal:
    """Have a machine asked, behind the page. Raises NotFound while it is off, Forbidden or Conflict for whoever could
    not accept the hazard now, Conflict where nothing of it may go out."""
    if not kind_of(submission.kind).is_graded or not is_on(session):
        raise NotFound
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=actor, now=now)
    refusal = refusal_of(context, Move.ACCEPT)
    if refusal is not None:
        raise refusal
    if obstacle := find_obstacle(session, submission):
        raise Conflict(obstacle, code="not_for_machines")
    latest = find_latest(session, submission.id, lock=True)
    if latest is not None and is_waiting(latest, now):
        return latest
    proposal = ReviewProposal(
        id=ids.new_id(), submission_id=submission.id, state=ProposalState.WAITING, reply="", asked_at=now,
        **ancestors_of(submission),
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    enqueue(session, ASK_JOB, proposal_id=proposal.id)
    _record(session, "review_proposal.asked", submission.id, actor, now)
    return proposal


def settle_proposal(session: Session, proposal_id: UUID, proposed: Proposed | None, fault: str) -> None:
    """Keep what was proposed, or why nothing was. Run twice, the first holds."""
    waiting = (ReviewProposal.id == proposal_id, ReviewProposal.state == ProposalState.WAITING)
    proposal = session.scalar(select(ReviewProposal).where(*waiting).with_for_update())
    if proposal is None:
        return
    if proposed is None or (proposed.grade is None and not proposed.reply):
        proposal.state, proposal.fault = ProposalState.FAILED, fault or NOTHING
    else:
        proposal.state, proposal.grade, proposal.reply = ProposalState.MADE, proposed.grade, proposed.reply
    session.flush()


def take_proposal(
    session: Session, submission: Submission, proposal_id: UUID, *, actor: Actor, now: datetime
) -> ReviewProposal:
    """Note that a reviewer has it in the form: from there they go on as they like. Raises Conflict for one that is not
    the newest."""
    proposal = find_latest(session, submission.id, lock=True)
    if proposal is None or proposal.id != proposal_id or proposal.state is not ProposalState.MADE:
        raise Conflict(GONE, code="stale")
    proposal.taken_at = proposal.taken_at or now
    session.flush()
    _record(session, "review_proposal.taken", submission.id, actor, now, grade=proposal.grade)
    return proposal


def note_decision(session: Session, submission_id: UUID, move: Move, grade: int | None, reply: str | None) -> None:
    """Keep beside the newest proposal what was decided; a later decision takes the place of an earlier one. Where the
    operator lets no machine propose, no decision asks for it."""
    if not settings_of(session).vision_for_review:
        return
    proposal = find_latest(session, submission_id, lock=True)
    if proposal is None or proposal.state is not ProposalState.MADE:
        return
    proposal.decision, proposal.decided_grade = move, grade
    proposal.is_reply_kept = bool(proposal.reply) and (reply or "").strip() == proposal.reply
    session.flush()


def _record(
    session: Session, action: str, submission_id: UUID, actor: Actor, now: datetime, grade: int | None = None
) -> None:
    record(
        session, action, subject_type="submission", subject_id=submission_id, actor_id=actor.person_id, at=now,
        detail={"proposed_grade": grade} if grade is not None else {},
    )  # fmt: skip
