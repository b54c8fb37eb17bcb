"""Writes from the published list on: 公示, objections, the final roster, payments and receipts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.oversight.awards.actions import lock_entry
from server.oversight.awards.facts import awarded_people
from server.oversight.awards.log import (
    append_step,
    check_budget,
    check_move,
    lock_batch,
    lock_budget,
    sum_committed,
    sum_paid,
    tell,
)
from server.oversight.awards.models import (
    AwardBatch,
    AwardClaim,
    AwardEntry,
    AwardObjection,
    AwardPayment,
    AwardScheme,
    AwardScore,
    BatchMove,
    BatchStatus,
    EntryStatus,
    ObjectionStatus,
)
from server.oversight.awards.schemas import AnswerIn, ObjectionIn, PaymentIn
from server.review.deadlines.calendar import due_after
from server.review.rectification.models import Rectification, RectifyStatus
from server.unions.actor import Actor

Place = list[AwardEntry]
OBJECTIONS_AT_ONCE = 5


def publish_list(session: Session, batch_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Rank the candidates and publish the first of them. Raises Conflict: nothing to publish, not scored, a hazard open
    again or used by another batch, over the budget."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.PUBLISH, actor)
    scheme = session.get_one(AwardScheme, batch.scheme_id)
    places = _ranked(session, batch)
    if not places:
        raise Conflict("没有候选人，不能公示。", code="nobody_listed")
    for rank, place in enumerate(places, 1):
        for entry in place:
            entry.rank = rank
            entry.status = EntryStatus.LISTED if rank <= batch.quota else EntryStatus.RESERVE
    session.flush()
    listed = [entry for place in places[: batch.quota] for entry in place]
    if any(actor.is_own(entry.person_id) for entry in listed):
        raise Forbidden("名单里有您本人，请由别人公示。", code="own_award")
    _check_closed(session, listed)
    budget = lock_budget(session, scheme.budget_id)
    total = sum(entry.amount_cents for entry in listed)
    check_budget(session, budget, sum_committed(session, budget.id, but=batch.id) + total)
    if {entry.person_id for entry in listed} & set(awarded_people(session, scheme, batch)):
        raise Conflict("有人已在本方案的其他批次入选，请重新计算。", code="person_awarded")
    _claim(session, batch, listed)
    batch.published_at, batch.objections_until = now, due_after(now, scheme.objection_days)
    data = {"ranks": {str(entry.id): entry.rank for place in places for entry in place}, "amount_cents": total}
    append_step(session, batch, BatchMove.PUBLISH, edge.after, actor_id=actor.person_id, now=now, data=data)
    for entry in listed:
        tell(session, "award.published", batch, entry, now)


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


def _check_closed(session: Session, entries: Sequence[AwardEntry]) -> None:
    wanted = {entry.submission_id for entry in entries if entry.submission_id is not None}
    closed = select(Rectification.submission_id).where(
        Rectification.submission_id.in_(wanted), Rectification.status == RectifyStatus.CLOSED
    )
    if wanted - set(session.scalars(closed)):
        raise Conflict("有的隐患又打开了，不能算已销号。请重新计算或移出后再试。", code="not_closed")


def _claim(session: Session, batch: AwardBatch, entries: Sequence[AwardEntry]) -> None:
    """Use hazards up. The database's key lets each be used once; whoever comes second is told."""
    for submission_id in sorted({entry.submission_id for entry in entries if entry.submission_id is not None}):
        session.add(AwardClaim(submission_id=submission_id, batch_id=batch.id))
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("有的隐患已在别的批次入选，请重新计算。", code="hazard_taken") from error


# --- objections -------------------------------------------------------------------------------------------------------


def make_objection(
    session: Session, batch_id: UUID, objection_id: UUID, form: ObjectionIn, *, actor: Actor, now: datetime
) -> tuple[AwardObjection, bool]:
    """Object to a published list; True if it is new. Raises NotFound, Conflict (too late, other content, too many)."""
    batch = lock_batch(session, batch_id)
    if batch.published_at is None:
        raise NotFound
    known = session.get(AwardObjection, objection_id)
    if known is not None:
        if (known.batch_id, known.person_id, known.text, known.entry_id) == (
            batch_id, actor.person_id, form.text, form.entry_id,
        ):  # fmt: skip
            return known, False
        raise Conflict("这个编号已经用过了，内容不一样。", code="content_differs")
    edge = check_move(session, batch, BatchMove.OBJECT, actor)
    if batch.objections_until is None or now > batch.objections_until:
        raise Conflict("公示期已经结束，不能再提异议。", code="objections_closed")
    _check_objection(session, batch, form, actor)
    objection = AwardObjection(
        id=objection_id,
        batch_id=batch.id,
        entry_id=form.entry_id,
        person_id=actor.person_id,
        text=form.text,
        status=ObjectionStatus.OPEN,
        at=now,
    )
    session.add(objection)
    data = {"objection_id": str(objection_id)}
    append_step(session, batch, BatchMove.OBJECT, edge.after, actor_id=actor.person_id, now=now, data=data)
    return objection, True


def _check_objection(session: Session, batch: AwardBatch, form: ObjectionIn, actor: Actor) -> None:
    if form.entry_id is not None:
        entry = session.get(AwardEntry, form.entry_id)
        if entry is None or entry.batch_id != batch.id or entry.status is not EntryStatus.LISTED:
            raise NotFound("名单里没有这一项。")
    waiting = select(func.count()).where(
        AwardObjection.batch_id == batch.id,
        AwardObjection.person_id == actor.person_id,
        AwardObjection.status == ObjectionStatus.OPEN,
    )
    if (session.scalar(waiting) or 0) >= OBJECTIONS_AT_ONCE:
        raise Conflict("你还有几条异议没有答复，请等答复后再提。", code="too_many_objections")


def answer_objection(session: Session, objection_id: UUID, form: AnswerIn, *, actor: Actor, now: datetime) -> None:
    """Answer; upheld, the entry falls and the next moves up. Raises NotFound, Forbidden, Conflict."""
    batch_id = session.scalar(select(AwardObjection.batch_id).where(AwardObjection.id == objection_id))
    if batch_id is None:
        raise NotFound
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.ANSWER, actor)
    objection = session.get_one(AwardObjection, objection_id, populate_existing=True)
    if objection.status is not ObjectionStatus.OPEN:
        raise Conflict("这条异议已经答复过了。", code="answered_already")
    if actor.is_own(objection.person_id):
        raise Forbidden("这是您自己提的异议，请由别人答复。", code="own_objection")
    objection.status = ObjectionStatus.UPHELD if form.uphold else ObjectionStatus.REJECTED
    objection.answer, objection.answered_by_id, objection.answered_at = form.text, actor.person_id, now
    data = {"objection_id": str(objection.id), "upheld": form.uphold}
    append_step(session, batch, BatchMove.ANSWER, edge.after, actor_id=actor.person_id, now=now, data=data)
    entry = session.get(AwardEntry, objection.entry_id) if objection.entry_id else None
    if form.uphold and entry is not None and entry.status is EntryStatus.LISTED:
        _remove(session, batch, entry, "异议成立", actor_id=actor.person_id, now=now)
    subject = entry or AwardEntry(id=objection.id, amount_cents=0)
    tell(
        session, "award.objection_answered", batch, subject, now, objection_id=objection.id,
        objector_id=objection.person_id, upheld=form.uphold, text=form.text,
    )  # fmt: skip


def remove_entry(session: Session, entry_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take an entry off a published list, with the reason. Raises NotFound, Forbidden, Conflict."""
    batch, entry = lock_entry(session, entry_id)
    check_move(session, batch, BatchMove.REMOVE, actor)
    if entry.status is not EntryStatus.LISTED:
        raise Conflict("已经不在名单里了。", code="removed_already")
    _remove(session, batch, entry, reason, actor_id=actor.person_id, now=now)


def drop_hazard(session: Session, submission_id: UUID, *, now: datetime) -> None:
    """A hazard is open again: whoever is on a list that is not final yet falls off it."""
    statement = select(AwardEntry.id).join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
    found = session.scalar(
        statement.where(
            AwardEntry.submission_id == submission_id,
            AwardEntry.status == EntryStatus.LISTED,
            AwardBatch.status == BatchStatus.PUBLISHED,
        ).limit(1)
    )
    if found is not None:
        batch, entry = lock_entry(session, found)
        if batch.status is BatchStatus.PUBLISHED and entry.status is EntryStatus.LISTED:
            _remove(session, batch, entry, "这条隐患重新打开，销号已撤销", actor_id=None, now=now)


def _remove(
    session: Session, batch: AwardBatch, entry: AwardEntry, reason: str, *, actor_id: UUID | None, now: datetime
) -> None:
    """The whole place falls: those who share it have the same hazard."""
    same = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.rank == entry.rank)
    for each in session.scalars(same):
        each.status, each.reason = EntryStatus.REMOVED, f"公示后移出：{reason}"
    session.flush()
    session.execute(delete(AwardClaim).where(AwardClaim.submission_id == entry.submission_id))
    append_step(
        session, batch, BatchMove.REMOVE, batch.status, actor_id=actor_id, now=now, text=reason,
        data={"entry_id": str(entry.id), "rank": entry.rank},
    )  # fmt: skip
    _move_up(session, batch, now)


def _move_up(session: Session, batch: AwardBatch, now: datetime) -> None:
    """The first of the reserve that can takes the free place; the list is then open to objections for the full time."""
    waiting = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.status == EntryStatus.RESERVE)
    entries = session.scalars(waiting.order_by(AwardEntry.rank, AwardEntry.id)).all()
    scheme = session.get_one(AwardScheme, batch.scheme_id)
    budget = lock_budget(session, scheme.budget_id)
    for _, group in groupby(entries, key=attrgetter("rank")):
        place = list(group)
        total = sum_committed(session, budget.id) + sum(entry.amount_cents for entry in place)
        is_second = {entry.person_id for entry in place} & set(awarded_people(session, scheme, batch))
        if total > budget.amount_cents or is_second or not _is_free(session, place):
            continue
        _claim(session, batch, place)
        for entry in place:
            entry.status = EntryStatus.LISTED
        batch.objections_until = due_after(now, scheme.objection_days)
        data = {"entry_ids": [str(entry.id) for entry in place]}
        append_step(session, batch, BatchMove.MOVE_UP, batch.status, actor_id=None, now=now, data=data)
        for entry in place:
            tell(session, "award.published", batch, entry, now)
        return


def _is_free(session: Session, place: Place) -> bool:
    submission_id = place[0].submission_id
    if submission_id is None:
        return True
    closed = select(Rectification.id).where(
        Rectification.submission_id == submission_id, Rectification.status == RectifyStatus.CLOSED
    )
    return session.get(AwardClaim, submission_id) is None and session.scalar(closed) is not None


# --- the end ----------------------------------------------------------------------------------------------------------


def finalise(session: Session, batch_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Settle the roster after the 公示. Raises Conflict: too early, objections open, a hazard open again."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.FINALISE, actor)
    if batch.objections_until is None or now <= batch.objections_until:
        raise Conflict("公示期还没有结束。", code="too_early")
    waiting = select(func.count()).where(
        AwardObjection.batch_id == batch.id, AwardObjection.status == ObjectionStatus.OPEN
    )
    if session.scalar(waiting):
        raise Conflict("还有异议没有答复。", code="objections_open")
    listed = _listed(session, batch)
    if not listed:
        raise Conflict("名单里没有人了。", code="nobody_listed")
    _check_closed(session, listed)
    batch.final_at = now
    append_step(session, batch, BatchMove.FINALISE, edge.after, actor_id=actor.person_id, now=now)
    for entry in listed:
        tell(session, "award.final", batch, entry, now)


def _listed(session: Session, batch: AwardBatch) -> Sequence[AwardEntry]:
    statement = select(AwardEntry).where(AwardEntry.batch_id == batch.id, AwardEntry.status == EntryStatus.LISTED)
    return session.scalars(statement.order_by(AwardEntry.rank, AwardEntry.id)).all()


def pay(session: Session, entry_id: UUID, form: PaymentIn, *, actor: Actor, now: datetime) -> AwardPayment:
    """Record that an entry was paid; the same record again changes nothing. Raises Conflict, Forbidden, Invalid."""
    batch, entry = lock_entry(session, entry_id)
    known = session.scalar(select(AwardPayment).where(AwardPayment.entry_id == entry.id))
    if known is not None:
        if (known.method, known.voucher, known.paid_by_id) == (form.method, form.voucher, actor.person_id):
            return known
        raise Conflict("已经发放过了，不会重复发放。", code="paid_already")
    edge = check_move(session, batch, BatchMove.PAY, actor)
    if entry.status is not EntryStatus.LISTED:
        raise Conflict("不在名单里，不能发放。", code="not_listed")
    if actor.is_own(entry.person_id):
        raise Forbidden("不能给自己发放，请由别人办理。", code="own_award")
    budget = lock_budget(session, session.get_one(AwardScheme, batch.scheme_id).budget_id)
    check_budget(session, budget, sum_paid(session, budget.id) + entry.amount_cents)
    used = select(AwardPayment.id).where(AwardPayment.budget_id == budget.id, AwardPayment.voucher == form.voucher)
    if session.scalar(used) is not None:
        raise Invalid("这个凭证号已经用过了。", fields={"voucher": "已经用过了"})
    payment = AwardPayment(
        id=ids.new_id(),
        entry_id=entry.id,
        budget_id=budget.id,
        amount_cents=entry.amount_cents,
        method=form.method,
        voucher=form.voucher,
        paid_by_id=actor.person_id,
        paid_at=now,
    )
    session.add(payment)
    session.flush()
    paid = select(func.count()).select_from(AwardPayment).join(AwardEntry, AwardEntry.id == AwardPayment.entry_id)
    is_last = session.scalar(paid.where(AwardEntry.batch_id == batch.id)) == len(_listed(session, batch))
    if is_last:
        batch.paid_at = now
    data = {"entry_id": str(entry.id), "amount_cents": entry.amount_cents, "voucher": form.voucher}
    after = BatchStatus.PAID if is_last else edge.after
    append_step(session, batch, BatchMove.PAY, after, actor_id=actor.person_id, now=now, data=data)
    tell(session, "award.paid", batch, entry, now)
    return payment


def confirm_receipt(session: Session, entry_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The person says that the money came; again changes nothing. Raises NotFound, Conflict (not paid yet)."""
    batch, entry = lock_entry(session, entry_id)
    if entry.person_id != actor.person_id or batch.published_at is None:
        raise NotFound
    payment = session.scalar(select(AwardPayment).where(AwardPayment.entry_id == entry.id))
    if payment is None:
        raise Conflict("还没有发放，收到后再确认。", code="not_paid")
    if payment.received_at is not None:
        return
    edge = check_move(session, batch, BatchMove.RECEIVE, actor)
    payment.received_at = now
    data = {"entry_id": str(entry.id)}
    append_step(session, batch, BatchMove.RECEIVE, edge.after, actor_id=actor.person_id, now=now, data=data)
