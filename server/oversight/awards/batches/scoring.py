"""Jurors and their scores."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.kit.workflow import StepData
from server.oversight.awards.batches.candidates import refuse_excluded
from server.oversight.awards.batches.entries import Context, entry_of
from server.oversight.awards.models import AwardEntry, AwardJuror, AwardScore
from server.review.submissions.models import Submission
from server.unions.accounts.models import Account
from server.unions.actor import Actor


def add_juror(context: Context) -> StepData:
    """Make somebody with an account a juror. Raises Invalid, Conflict."""
    session, batch = context.session, context.row
    person_id = session.scalar(select(Account.person_id).where(Account.username == context.form.username))
    if person_id is None:
        raise Invalid("没有这个用户名。", fields={"username": "没有这个用户名"})
    if session.get(AwardJuror, (batch.id, person_id)) is not None:
        raise Conflict("已经是评委了。", code="juror_already")
    session.add(AwardJuror(batch_id=batch.id, person_id=person_id))
    return StepData(data={"person_id": str(person_id)})


def refuse_scoring(context: Context) -> AppError | None:
    """Not what is no candidate any more, and nobody with an interest in it."""
    excluded = refuse_excluded(context)
    if excluded is not None or context.actor is None:
        return excluded
    interest = conflict_of_interest(context.session, entry_of(context), context.actor)
    return Forbidden(interest, code="conflict_of_interest") if interest is not None else None


def give_score(context: Context) -> StepData:
    """Score an entry, or change one's score."""
    entry_id, score = context.form.entry_id, context.form.form.score
    context.session.merge(
        AwardScore(entry_id=entry_id, person_id=context.actor_id, score=score, at=context.now)
    )  # fmt: skip
    return StepData(data={"entry_id": str(entry_id), "score": score})


def conflict_of_interest(session: Session, entry: AwardEntry, actor: Actor) -> str | None:
    """Why this juror may not score this entry, or None."""
    together = select(func.count()).where(
        AwardEntry.batch_id == entry.batch_id,
        AwardEntry.submission_id == entry.submission_id,
        AwardEntry.person_id.in_(actor.own_ids),
    )
    if actor.is_own(entry.person_id) or (entry.submission_id is not None and session.scalar(together)):
        return "这是您本人上报或被推荐的，要回避。"
    if actor.is_own(entry.nominated_by_id):
        return "这是您推荐的，要回避。"
    enterprises = {entry.union_id}
    if entry.submission_id is not None:
        enterprises.add(session.get_one(Submission, entry.submission_id).enterprise_id)
    own = {actor.enterprise_id, *(role_at.union_id for role_at in actor.roles)} - {None}
    return "这是您所在单位的，要回避。" if own & enterprises else None
