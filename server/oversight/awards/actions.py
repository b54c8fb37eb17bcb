"""Writes up to the published list: budgets, schemes, batches, nominations, computing, scoring."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.oversight.awards.eligibility import STRUCK, fingerprint, judge
from server.oversight.awards.facts import gather_facts
from server.oversight.awards.log import append_step, check_move, lock_batch, nominating_union, owns
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardJuror,
    AwardScheme,
    AwardScore,
    BatchMove,
    BatchStatus,
    EntryStatus,
    SchemeKind,
)
from server.oversight.awards.schemas import BudgetIn, NominationIn, SchemeIn
from server.review.submissions.campaign_facts import campaign_facts, current_campaign
from server.review.submissions.models import Submission
from server.unions.accounts.models import Account
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.people.models import Person, RoleAssignment
from server.unions.tree.models import Union


def create_budget(session: Session, form: BudgetIn, *, actor: Actor, now: datetime) -> AwardBudget:
    """A new budget of a union that the actor reviews at. Raises Forbidden."""
    if not owns(actor, form.union_id):
        raise Forbidden
    budget = AwardBudget(
        id=ids.new_id(),
        union_id=form.union_id,
        name=form.name,
        amount_cents=form.amount_cents,
        created_by_id=actor.person_id,
        created_at=now,
    )
    session.add(budget)
    session.flush()
    record(
        session, "award.create_budget", subject_type="award_budget", subject_id=budget.id, actor_id=actor.person_id,
        at=now, detail={"amount_cents": budget.amount_cents},
    )  # fmt: skip
    return budget


def create_scheme(session: Session, form: SchemeIn, *, actor: Actor, now: datetime) -> AwardScheme:
    """A scheme with all its batches, the quota spread over them. Raises NotFound, Forbidden."""
    budget = session.get(AwardBudget, form.budget_id)
    if budget is None:
        raise NotFound
    if not owns(actor, budget.union_id):
        raise Forbidden
    values = form.model_dump()
    scheme = AwardScheme(
        id=ids.new_id(),
        union_id=budget.union_id,
        campaign_id=current_campaign(session).id,
        created_by_id=actor.person_id,
        created_at=now,
        **values,
    )
    session.add(scheme)
    session.flush()
    record(
        session, "award.create_scheme", subject_type="award_scheme", subject_id=scheme.id, actor_id=actor.person_id,
        at=now, detail=form.model_dump(mode="json"),
    )  # fmt: skip
    share, odd = divmod(form.quota, form.batches)
    for number in range(1, form.batches + 1):
        batch = AwardBatch(
            id=ids.new_id(),
            scheme_id=scheme.id,
            union_id=scheme.union_id,
            number=number,
            name=f"{scheme.name} 第 {number} 批",
            quota=share + (number <= odd),
            status=BatchStatus.DRAFT,
            created_at=now,
        )
        session.add(batch)
        session.flush()
        append_step(session, batch, BatchMove.CREATE, BatchStatus.DRAFT, actor_id=actor.person_id, now=now)
    return scheme


def nominate(session: Session, batch_id: UUID, form: NominationIn, *, actor: Actor, now: datetime) -> AwardEntry:
    """Nominate a unit, or an organiser by user name, within the quota of one's union. Raises Conflict, Invalid."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.NOMINATE, actor)
    scheme = session.get_one(AwardScheme, batch.scheme_id)
    union_id = nominating_union(session, batch, actor)
    if scheme.kind is SchemeKind.WORKER:
        raise Conflict("奖励职工的名单按隐患计算，不用推荐。", code="not_nominated")
    entries = session.scalars(select(AwardEntry).where(AwardEntry.batch_id == batch.id)).all()
    if sum(entry.nominating_union_id == union_id for entry in entries) >= scheme.nomination_quota:
        raise Conflict(f"推荐名额已用完，每个工会 {scheme.nomination_quota} 个。", code="nomination_quota")
    nominated_union, person_id = _nominee(session, scheme, form, actor)
    if any((each.union_id, each.person_id) == (nominated_union, person_id) for each in entries):
        raise Conflict("已经推荐过了。", code="nominated_already")
    if actor.is_own(person_id):
        raise Forbidden("不能推荐自己。", code="own_nomination")
    entry = AwardEntry(
        id=ids.new_id(),
        batch_id=batch.id,
        status=EntryStatus.RESERVE,
        place=len(entries) + 1,
        union_id=nominated_union,
        person_id=person_id,
        amount_cents=scheme.amount_cents,
        reason="由下级工会推荐",
        merit=form.merit,
        nominated_by_id=actor.person_id,
        nominating_union_id=union_id,
    )
    session.add(entry)
    append_step(
        session, batch, BatchMove.NOMINATE, edge.after, actor_id=actor.person_id, now=now, text=form.merit,
        data={"entry_id": str(entry.id)},
    )  # fmt: skip
    return entry


def _nominee(
    session: Session, scheme: AwardScheme, form: NominationIn, actor: Actor
) -> tuple[UUID | None, UUID | None]:
    """The unit and the person meant, within the nominator's own subtree. Raises Invalid."""
    column = {held.union_id: SCOPE_COLUMNS[held.level] for held in actor.reviewing}
    if scheme.kind is SchemeKind.UNIT:
        union = session.scalar(select(Union).where(Union.name == form.who, Union.is_active.is_(True)).limit(1))
        person_id = None
    else:
        held = select(RoleAssignment.union_id).join(Account, Account.person_id == RoleAssignment.person_id)
        person_id = session.scalar(select(Account.person_id).where(Account.username == form.who))
        union = session.scalar(select(Union).where(Union.id.in_(held.where(Account.username == form.who))).limit(1))
    if union is None or not any(getattr(union, name) == union_id for union_id, name in column.items()):
        raise Invalid("没有找到，或者不在您的管理范围内。", fields={"who": "请填全称或用户名"})
    return union.id, person_id


def compute(session: Session, batch_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a snapshot of the facts and judge it; what was computed before is replaced, but for who was struck by hand.

    Raises Conflict.
    """
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.COMPUTE, actor)
    scheme = session.get_one(AwardScheme, batch.scheme_id)
    by_rules = scheme.kind is SchemeKind.WORKER
    facts = gather_facts(session, scheme, batch) if by_rules else _list_nominees(session, batch)
    batch.facts, batch.facts_hash, batch.computed_at = facts, fingerprint(facts), now
    session.flush()
    if by_rules:
        _replace_entries(session, batch)
    data = {"facts_sha256": batch.facts_hash}
    append_step(session, batch, BatchMove.COMPUTE, edge.after, actor_id=actor.person_id, now=now, data=data)


def _replace_entries(session: Session, batch: AwardBatch) -> None:
    session.execute(delete(AwardEntry).where(AwardEntry.batch_id == batch.id))
    campaign = campaign_facts(session, session.get_one(AwardScheme, batch.scheme_id).campaign_id)
    for verdict in judge(batch.facts or {}):
        submission = session.get_one(Submission, UUID(verdict.submission_id))
        person = session.get_one(Person, UUID(verdict.person_id))
        session.add(
            AwardEntry(
                id=ids.new_id(),
                batch_id=batch.id,
                status=EntryStatus(verdict.status),
                place=verdict.place,
                submission_id=submission.id,
                person_id=person.id,
                union_id=person.enterprise_id,
                grade=verdict.grade,
                amount_cents=verdict.amount_cents,
                reason=verdict.reason,
                merit=f"{campaign.grades.get(verdict.grade, '')}隐患 · {campaign.category_name(submission.category)}",
            )
        )
    session.flush()


def _list_nominees(session: Session, batch: AwardBatch) -> dict[str, object]:
    entries = session.scalars(select(AwardEntry).where(AwardEntry.batch_id == batch.id).order_by(AwardEntry.place))
    nominees = []
    for entry in entries:
        if entry.status is not EntryStatus.EXCLUDED:
            entry.status = EntryStatus.LISTED if entry.place <= batch.quota else EntryStatus.RESERVE
        nominees.append({"entry_id": str(entry.id), "place": entry.place, "merit": entry.merit})
    return {"nominees": nominees}


def strike(session: Session, entry_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a candidate out before the list is published, with the reason. Raises NotFound, Conflict."""
    batch, entry = lock_entry(session, entry_id)
    edge = check_move(session, batch, BatchMove.STRIKE, actor)
    if entry.status is EntryStatus.EXCLUDED:
        raise Conflict("已经不在候选名单里了。", code="excluded_already")
    entry.status, entry.reason = EntryStatus.EXCLUDED, f"{STRUCK}{reason}"
    append_step(
        session, batch, BatchMove.STRIKE, edge.after, actor_id=actor.person_id, now=now, text=reason,
        data={"entry_id": str(entry.id)},
    )  # fmt: skip


def readmit(session: Session, entry_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take back that a candidate was struck, and compute anew. Raises NotFound, Conflict."""
    batch, entry = lock_entry(session, entry_id)
    check_move(session, batch, BatchMove.COMPUTE, actor)
    if not is_struck(entry):
        raise Conflict("这一位没有被排除。", code="not_struck")
    entry.status, entry.reason = EntryStatus.RESERVE, ""
    session.flush()
    compute(session, batch.id, actor=actor, now=now)


def is_struck(entry: AwardEntry) -> bool:
    """Whether a reviewer, not the rules, took the candidate out."""
    return entry.status is EntryStatus.EXCLUDED and entry.reason.startswith(STRUCK)


def lock_entry(session: Session, entry_id: UUID) -> tuple[AwardBatch, AwardEntry]:
    """The entry and its batch, the batch held. Raises NotFound."""
    batch_id = session.scalar(select(AwardEntry.batch_id).where(AwardEntry.id == entry_id))
    if batch_id is None:
        raise NotFound
    batch = lock_batch(session, batch_id)
    entry = session.get(AwardEntry, entry_id, populate_existing=True)
    if entry is None:
        raise NotFound
    return batch, entry


def open_scoring(session: Session, batch_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let the jury score. Raises Conflict."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.OPEN_SCORING, actor)
    append_step(session, batch, BatchMove.OPEN_SCORING, edge.after, actor_id=actor.person_id, now=now)


def add_juror(session: Session, batch_id: UUID, username: str, *, actor: Actor, now: datetime) -> None:
    """Make somebody with an account a juror. Raises Invalid, Conflict."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.ADD_JUROR, actor)
    person_id = session.scalar(select(Account.person_id).where(Account.username == username))
    if person_id is None:
        raise Invalid("没有这个用户名。", fields={"username": "没有这个用户名"})
    if session.get(AwardJuror, (batch.id, person_id)) is not None:
        raise Conflict("已经是评委了。", code="juror_already")
    session.add(AwardJuror(batch_id=batch.id, person_id=person_id))
    data = {"person_id": str(person_id)}
    append_step(session, batch, BatchMove.ADD_JUROR, edge.after, actor_id=actor.person_id, now=now, data=data)


def give_score(session: Session, entry_id: UUID, score: int, *, actor: Actor, now: datetime) -> None:
    """Score an entry, or change one's score. Raises Forbidden for a conflict of interest, Conflict."""
    batch, entry = lock_entry(session, entry_id)
    edge = check_move(session, batch, BatchMove.SCORE, actor)
    if entry.status is EntryStatus.EXCLUDED:
        raise Conflict("已经不在候选名单里了。", code="excluded_already")
    refusal = conflict_of_interest(session, entry, actor)
    if refusal is not None:
        raise Forbidden(refusal, code="conflict_of_interest")
    session.merge(AwardScore(entry_id=entry.id, person_id=actor.person_id, score=score, at=now))
    data = {"entry_id": str(entry.id), "score": score}
    append_step(session, batch, BatchMove.SCORE, edge.after, actor_id=actor.person_id, now=now, data=data)


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
    own = {actor.enterprise_id, *(held.union_id for held in actor.roles)} - {None}
    return "这是您所在单位的，要回避。" if own & enterprises else None


def cancel(session: Session, batch_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Give up a batch that has not been published. Raises Conflict."""
    batch = lock_batch(session, batch_id)
    edge = check_move(session, batch, BatchMove.CANCEL, actor)
    append_step(session, batch, BatchMove.CANCEL, edge.after, actor_id=actor.person_id, now=now, text=reason)
