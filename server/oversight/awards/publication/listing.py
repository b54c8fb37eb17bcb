"""The published list: who is on it, who falls off it, who moves up, and when it is final."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, Forbidden
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.workflow import Step, StepData
from server.notifications.inbox.actions import deliver
from server.oversight.awards import messages
from server.oversight.awards.batches.entries import Context, entry_of, list_listed, scheme_of
from server.oversight.awards.eligibility.facts import awarded_people
from server.oversight.awards.models import (
    AwardBatch,
    AwardClaim,
    AwardEntry,
    AwardObjection,
    AwardScore,
    BatchStatus,
    EntryStatus,
    ObjectionStatus,
)
from server.oversight.awards.payments.budgets import lock_budget, refuse_overdraft, sum_committed
from server.review.rectification.models import Rectification
from server.review.rectification.queries import is_closed_for_good

Place = list[AwardEntry]


def publish_list(context: Context) -> StepData:
    """Rank the candidates and publish the first of them. Raises Conflict: nothing to publish, not scored, a hazard open
    again or used by another batch, over the budget."""
    session, batch, scheme = context.session, context.row, scheme_of(context)
    places = _ranked(session, batch)
    if not places:
        raise Conflict("没有候选人，不能公示。", code="nobody_listed")
    for rank, place in enumerate(places, 1):
        for entry in place:
            entry.rank = rank
            entry.status = EntryStatus.LISTED if rank <= batch.quota else EntryStatus.RESERVE
    session.flush()
    listed = [entry for place in places[: batch.quota] for entry in place]
    budget = lock_budget(session, scheme.budget_id)
    total = sum(entry.amount_cents for entry in listed)
    refusal = (
        _refuse_own(context, listed)
        or _refuse_open_hazards(session, listed)
        or refuse_overdraft(budget, sum_committed(session, budget.id, but=batch.id) + total)
    )
    if refusal is not None:
        raise refusal
    if {entry.person_id for entry in listed} & set(awarded_people(session, scheme, batch)):
        raise Conflict("有人已在本方案的其他批次入选，请重新计算。", code="person_awarded")
    _claim(session, batch, listed)
    batch.published_at, batch.objections_until = context.now, due_after(context.now, scheme.objection_days)
    ranks = {str(entry.id): entry.rank for place in places for entry in place}
    return StepData(data={"ranks": ranks, "amount_cents": total})


def _refuse_own(context: Context, listed: Sequence[AwardEntry]) -> AppError | None:
    if context.actor is not None and any(context.actor.is_own(entry.person_id) for entry in listed):
        return Forbidden("名单里有您本人，请由别人公示。", code="own_award")
    return None


def _ranked(session: Session, batch: AwardBatch) -> list[Place]:
    """Candidates by place: the best mean score first where there are scores, else in the order of the rules."""
    candidates = select(AwardEntry).where(
        AwardEntry.batch_id == batch.id, AwardEntry.status.in_((EntryStatus.LISTED, EntryStatus.RESERVE))
    )
    entries = session.scalars(candidates.order_by(AwardEntry.place, AwardEntry.id)).all()
    places = [list(group) for _, group in groupby(entries, key=attrgetter("place"))]
    if batch.status is not BatchStatus.SCORING:
        return places
    scores = dict(_means(session, batch))
    means = []
    for place in places:
        known = [scores[entry.id] for entry in place if entry.id in scores]
        if not known:
            raise Conflict("还有候选人没有评分，不能公示。", code="not_scored")
        means.append(sum(known) / len(known))
    order = sorted(range(len(places)), key=lambda index: (-means[index], index))
    return [places[index] for index in order]


def _means(session: Session, batch: AwardBatch) -> Iterable[tuple[UUID, float]]:
    statement = (
        select(AwardScore.entry_id, func.avg(AwardScore.score))
        .join(AwardEntry, AwardEntry.id == AwardScore.entry_id)
        .where(AwardEntry.batch_id == batch.id)
        .group_by(AwardScore.entry_id)
    )
    return [(entry_id, float(mean)) for entry_id, mean in session.execute(statement)]


def _refuse_open_hazards(session: Session, entries: Sequence[AwardEntry]) -> AppError | None:
    wanted = {entry.submission_id for entry in entries if entry.submission_id is not None}
    closed = select(Rectification.submission_id).where(Rectification.submission_id.in_(wanted), is_closed_for_good())
    if wanted - set(session.scalars(closed)):
        return Conflict("有的隐患又打开了，不能算已销号。请重新计算或移出后再试。", code="not_closed")
    return None


def _claim(session: Session, batch: AwardBatch, entries: Sequence[AwardEntry]) -> None:
    """Use hazards up. The database's key lets each be used once; whoever comes second is told."""
    for submission_id in sorted({entry.submission_id for entry in entries if entry.submission_id is not None}):
        session.add(AwardClaim(submission_id=submission_id, batch_id=batch.id))
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("有的隐患已在别的批次入选，请重新计算。", code="hazard_taken") from error


def refuse_unlisted(context: Context) -> AppError | None:
    """The entry that is meant must be on the list."""
    if entry_of(context).status is not EntryStatus.LISTED:
        return Conflict("已经不在名单里了。", code="removed_already")
    return None


def remove(context: Context) -> StepData:
    """The whole place falls: those who share it have the same hazard."""
    session, batch, entry, reason = context.session, context.row, entry_of(context), context.form.form.reason
    same = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.rank == entry.rank)
    for each in session.scalars(same).all():
        each.status, each.reason = EntryStatus.REMOVED, f"公示后移出：{reason}"
    session.flush()
    session.execute(delete(AwardClaim).where(AwardClaim.submission_id == entry.submission_id))
    return StepData(reason, data={"entry_id": str(entry.id), "rank": entry.rank})


def find_next(context: Context) -> Place | None:
    """The first place of the reserve that can take one that fell free."""
    session, batch, scheme = context.session, context.row, scheme_of(context)
    waiting = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.status == EntryStatus.RESERVE)
    entries = session.scalars(waiting.order_by(AwardEntry.rank, AwardEntry.id)).all()
    budget = lock_budget(session, scheme.budget_id)
    for _, group in groupby(entries, key=attrgetter("rank")):
        place = list(group)
        total = sum_committed(session, budget.id) + sum(entry.amount_cents for entry in place)
        is_second = {entry.person_id for entry in place} & set(awarded_people(session, scheme, batch))
        if total <= budget.amount_cents and not is_second and _is_free(session, place):
            return place
    return None


def _is_free(session: Session, place: Place) -> bool:
    submission_id = place[0].submission_id
    if submission_id is None:
        return True
    closed = select(Rectification.id).where(Rectification.submission_id == submission_id, is_closed_for_good())
    return session.get(AwardClaim, submission_id) is None and session.scalar(closed) is not None


def move_up(context: Context) -> StepData:
    """It is on the list; the list is then open to objections for the full time."""
    place: Place = context.form
    until = due_after(context.now, scheme_of(context).objection_days)  # read before anything is changed
    _claim(context.session, context.row, place)
    for entry in place:
        entry.status = EntryStatus.LISTED
    context.row.objections_until = until
    return StepData(data={"entry_ids": [str(entry.id) for entry in place]})


def refuse_finalising(context: Context) -> AppError | None:
    """Too early, objections open, nobody left, a hazard open again."""
    session, batch = context.session, context.row
    if batch.objections_until is None or context.now <= batch.objections_until:
        return Conflict("公示期还没有结束。", code="too_early")
    waiting = select(func.count()).where(
        AwardObjection.batch_id == batch.id, AwardObjection.status == ObjectionStatus.OPEN
    )
    if session.scalar(waiting):
        return Conflict("还有异议没有答复。", code="objections_open")
    listed = list_listed(session, batch)
    if not listed:
        return Conflict("名单里没有人了。", code="nobody_listed")
    return _refuse_open_hazards(session, listed)


def finalise(context: Context) -> StepData:
    """Settle the roster."""
    context.row.final_at = context.now
    return StepData()


def tell_listed(context: Context, step: Step) -> None:
    """Everybody on the published list."""
    for entry in list_listed(context.session, context.row):
        deliver(context.session, messages.published(context.row, entry), now=step.at)


def tell_moved_up(context: Context, step: Step) -> None:
    """Whoever is on it now."""
    for entry in context.form:
        deliver(context.session, messages.published(context.row, entry), now=step.at)


def tell_final(context: Context, step: Step) -> None:
    """Everybody whose award is certain."""
    for entry in list_listed(context.session, context.row):
        deliver(context.session, messages.final(context.row, entry), now=step.at)
