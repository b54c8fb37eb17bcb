"""Reads for the console's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.slice import Todo, count_todos
from server.kit.filters import within_days
from server.kit.scope import unions_below
from server.kit.workflow import offers
from server.oversight.awards.batches.entries import owns, part_of, parts_of
from server.oversight.awards.batches.joint_reporters import JointLine, list_joint
from server.oversight.awards.eligibility.facts import gather_facts
from server.oversight.awards.eligibility.judgement import fingerprint, judge
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardJuror,
    AwardObjection,
    AwardPayment,
    AwardScheme,
    AwardScore,
    AwardStep,
    BatchMove,
    BatchStatus,
    EntryStatus,
    ObjectionStatus,
    SchemeKind,
)
from server.oversight.awards.payments.budgets import sum_committed, sum_paid
from server.oversight.awards.schemas import OverviewQuery, Wait
from server.oversight.awards.texts import WAIT_TEXTS
from server.oversight.awards.workflow import BATCHES
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.review.submissions.anonymity.parts import Part, find_unnamed
from server.review.submissions.models import Submission
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.people.models import Person
from server.unions.roles import CONSOLE, REVIEWERS
from server.unions.tree.models import Union

UNTOLD = "匿名职工，原因不显示"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A budget and what has become of it, in cents."""

    budget: AwardBudget
    union_name: str
    committed: int
    paid: int


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in the list."""

    batch: AwardBatch
    scheme: AwardScheme
    union_name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as its viewer may know it: why somebody was left out may tell who it is (whose duty it was). `number` is
    that of the hazard that it is for."""

    entry: AwardEntry
    number: str
    name: str
    reason: str
    enterprise_name: str
    mean: float | None
    own_score: int | None
    payment: AwardPayment | None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Everything on the page of a batch."""

    batch: AwardBatch
    scheme: AwardScheme
    union_name: str
    is_owner: bool
    is_juror: bool
    moves: frozenset[StrEnum]
    candidates: list[Candidate]
    joint: list[JointLine]
    jurors: list[str]
    objections: Sequence[tuple[AwardObjection, str]]
    steps: Sequence[tuple[AwardStep, str]]
    differences: list[str] | None


def _visible(actor: Actor, session: Session) -> set[UUID]:
    """Unions whose batches the actor may see: those of their subtree, and those above, for which they nominate."""
    seen: set[UUID] = set()
    for role_at in actor.roles:
        union = session.get_one(Union, role_at.union_id)
        seen |= {each for each in (union.city_id, union.district_id, union.town_id) if each is not None}
        below = select(Union.id).where(getattr(Union, SCOPE_COLUMNS[role_at.level]) == role_at.union_id)
        seen |= set(session.scalars(below.where(Union.id.in_(select(AwardScheme.union_id)))))
    return seen


def list_budgets(session: Session, actor: Actor) -> list[BudgetLine]:
    """Budgets of the actor's unions and those below them."""
    scopes = [getattr(Union, SCOPE_COLUMNS[role_at.level]) == role_at.union_id for role_at in actor.roles]
    statement = (
        select(AwardBudget, Union.name).join(Union, Union.id == AwardBudget.union_id).where(or_(*scopes))
    ).order_by(AwardBudget.id.desc())
    return [
        BudgetLine(budget, name, sum_committed(session, budget.id), sum_paid(session, budget.id))
        for budget, name in session.execute(statement)
    ]


def list_own_budgets(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Budgets that the actor may spend, the newest first: id and name."""
    own = select(AwardBudget).where(AwardBudget.union_id.in_(_own(actor))).order_by(AwardBudget.id.desc())
    return [(str(budget.id), budget.name) for budget in session.scalars(own)]


def list_own_schemes(session: Session, campaign_id: UUID, actor: Actor) -> list[AwardScheme]:
    """Schemes of a campaign that are the actor's own unions'."""
    own = (AwardScheme.campaign_id == campaign_id, AwardScheme.union_id.in_(_own(actor)))
    return list(session.scalars(select(AwardScheme).where(*own).order_by(AwardScheme.id)))


def _waits(actor: Actor, wait: Wait, now: datetime) -> ColumnElement[bool]:
    """Whether a batch of one of the actor's own unions waits for just that."""
    is_own = AwardBatch.union_id.in_([role_at.union_id for role_at in actor.reviewing])
    open_ones = select(AwardObjection.id).where(
        AwardObjection.batch_id == AwardBatch.id, AwardObjection.status == ObjectionStatus.OPEN
    )
    match wait:
        case Wait.PUBLISH:
            return and_(is_own, AwardBatch.status == BatchStatus.COMPUTED)
        case Wait.OBJECTIONS:
            return and_(is_own, AwardBatch.status == BatchStatus.PUBLISHED, open_ones.exists())
        case Wait.FINALISE:
            is_over = and_(AwardBatch.status == BatchStatus.PUBLISHED, AwardBatch.objections_until < now)
            return and_(is_own, is_over, ~open_ones.exists())
        case Wait.PAY:
            return and_(is_own, AwardBatch.status == BatchStatus.FINAL)


def _todo(wait: Wait, words: str) -> Todo:
    def count(session: Session, actor: Actor, now: datetime) -> int:
        return count_todos(session, select(AwardBatch.id).where(_waits(actor, wait, now)))

    return Todo(f"award_{wait}", f"/console/awards?wait={wait}", words, count, AwardBatch.__table__)


TODOS = tuple(_todo(wait, f"{{}} 批评奖{text}") for wait, text in WAIT_TEXTS.items())


def list_batches(
    session: Session, actor: Actor, now: datetime, wanted: OverviewQuery, campaign_id: UUID | None = None
) -> list[BatchLine]:
    """Batches that the actor may see, the newest scheme first, as far as they are wanted; with `campaign_id` those of
    one campaign."""
    narrowed = [_waits(actor, wanted.wait, now)] if wanted.wait else []
    if wanted.union is not None:
        narrowed.append(AwardBatch.union_id.in_(unions_below(session, actor, CONSOLE, wanted.union)))
    if wanted.final:
        narrowed += [AwardBatch.final_at.is_not(None), *within_days(AwardBatch.final_at, wanted)]
    if campaign_id is not None:
        narrowed.append(AwardScheme.campaign_id == campaign_id)
    statement = (
        select(AwardBatch, AwardScheme, Union.name)
        .join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
        .join(Union, Union.id == AwardBatch.union_id)
        .where(AwardBatch.union_id.in_(_visible(actor, session)), *narrowed)
        .order_by(AwardScheme.id.desc(), AwardBatch.number)
    )
    return [BatchLine(*row) for row in session.execute(statement)]


def own_unions(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Unions for which the actor may make budgets."""
    return [(union.id, union.name) for union in session.scalars(select(Union).where(Union.id.in_(_own(actor))))]


def _own(actor: Actor) -> list[UUID]:
    return [each.union_id for each in actor.roles if each.role in REVIEWERS]


def describe_batch(
    session: Session, batch_id: UUID, actor: Actor, now: datetime, *, recompute: bool = False
) -> BatchPage:
    """The page of a batch. Whoever does not own or score it sees what they nominated alone. Raises NotFound."""
    batch = session.get(AwardBatch, batch_id)
    if batch is None or batch.union_id not in _visible(actor, session):
        raise NotFound
    scheme = session.get_one(AwardScheme, batch.scheme_id)
    is_owner = owns(actor, batch.union_id) or _is_above(session, batch, actor)
    is_juror = session.get(AwardJuror, (batch.id, actor.person_id)) is not None
    sees_all = is_owner or is_juror
    return BatchPage(
        batch=batch,
        scheme=scheme,
        union_name=session.get_one(Union, batch.union_id).name,
        is_owner=is_owner,
        is_juror=is_juror,
        moves=frozenset(move.name for move in offers(BATCHES, session, batch, actor=actor, now=now)),
        candidates=_candidates(session, batch, scheme, actor, sees_all=sees_all, sees_scores=is_owner),
        joint=list_joint(session, batch, actor) if is_owner and scheme.kind is SchemeKind.WORKER else [],
        jurors=_jurors(session, batch),
        objections=_objections(session, batch) if is_owner else (),
        steps=_steps(session, batch) if is_owner else (),
        differences=find_differences(session, batch, scheme, actor) if recompute and is_owner else None,
    )


def count_listed(session: Session, batch_id: UUID, actor: Actor, _now: datetime) -> int:
    """How many entries of a batch stand on its list. Raises NotFound for a batch that the actor may not see."""
    batch = session.get(AwardBatch, batch_id)
    if batch is None or batch.union_id not in _visible(actor, session):
        raise NotFound
    listed = (AwardEntry.batch_id == batch_id, AwardEntry.status == EntryStatus.LISTED)
    return session.scalar(select(func.count()).select_from(AwardEntry).where(*listed)) or 0


def _is_above(session: Session, batch: AwardBatch, actor: Actor) -> bool:
    union = session.get_one(Union, batch.union_id)
    return any(getattr(union, SCOPE_COLUMNS[role_at.level]) == role_at.union_id for role_at in actor.roles)


def _candidates(
    session: Session, batch: AwardBatch, scheme: AwardScheme, actor: Actor, *, sees_all: bool, sees_scores: bool
) -> list[Candidate]:
    mean = select(func.avg(AwardScore.score)).where(AwardScore.entry_id == AwardEntry.id).scalar_subquery()
    own = (
        select(AwardScore.score)
        .where(AwardScore.entry_id == AwardEntry.id, AwardScore.person_id == actor.person_id)
        .scalar_subquery()
    )
    statement = (
        select(AwardEntry, Submission.number, Person.name, Union.name, mean, own, AwardPayment)
        .outerjoin(Submission, Submission.id == AwardEntry.submission_id)
        .outerjoin(Person, Person.id == AwardEntry.person_id)
        .outerjoin(Union, Union.id == AwardEntry.union_id)
        .outerjoin(AwardPayment, AwardPayment.entry_id == AwardEntry.id)
        .where(AwardEntry.batch_id == batch.id)
    )
    if not sees_all:
        statement = statement.where(AwardEntry.nominated_by_id == actor.person_id)
    rows, found = session.execute(statement).all(), []
    unnamed = find_unnamed(session, parts_of([row[0] for row in rows]), actor)
    for entry, number, person, union, average, own_score, payment in rows:
        is_unit, is_hidden = scheme.kind is SchemeKind.UNIT, part_of(entry) in unnamed
        name = ANONYMOUS if is_hidden else union or "" if is_unit else person or "未填姓名"
        where = "" if is_hidden or is_unit else union or ""
        reason = UNTOLD if is_hidden and entry.status is EntryStatus.EXCLUDED else entry.reason
        shown = float(average) if sees_scores and average is not None else None
        found.append(Candidate(entry, number or "", name, reason, where, shown, own_score, payment))
    order = {status: index for index, status in enumerate(EntryStatus)}
    return sorted(found, key=lambda each: (order[each.entry.status], each.entry.rank or each.entry.place))


def _jurors(session: Session, batch: AwardBatch) -> list[str]:
    statement = select(Person.name).join(AwardJuror, AwardJuror.person_id == Person.id)
    return [name or "未填姓名" for name in session.scalars(statement.where(AwardJuror.batch_id == batch.id))]


def _objections(session: Session, batch: AwardBatch) -> Sequence[tuple[AwardObjection, str]]:
    """Objections without the objector's name: whoever answers need not know it. With the rank that is meant."""
    statement = (
        select(AwardObjection, AwardEntry.rank)
        .outerjoin(AwardEntry, AwardEntry.id == AwardObjection.entry_id)
        .where(AwardObjection.batch_id == batch.id)
        .order_by(AwardObjection.at)
    )
    rows = session.execute(statement)
    return [(objection, f"第 {rank} 名" if rank is not None else "整份名单") for objection, rank in rows]


def _steps(session: Session, batch: AwardBatch) -> Sequence[tuple[AwardStep, str]]:
    statement = select(AwardStep, Person.name).outerjoin(Person, Person.id == AwardStep.actor_id)
    rows = session.execute(statement.where(AwardStep.batch_id == batch.id).order_by(AwardStep.id.desc()))
    hidden = (BatchMove.OBJECT, BatchMove.RECEIVE)  # workers' moves: their names are not for the log's readers
    return [(step, "职工" if step.move in hidden else name or "系统") for step, name in rows]


def find_differences(session: Session, batch: AwardBatch, scheme: AwardScheme, actor: Actor) -> list[str]:
    """Judge again: the stored facts must have the stored hash and give what was computed; facts of today may differ."""
    if batch.facts is None or scheme.kind is not SchemeKind.WORKER:
        return []
    found = [] if fingerprint(batch.facts) == batch.facts_hash else ["事实的校验值和记录的不一样，数据被改动过"]
    stored = {
        (str(entry.submission_id), str(entry.person_id)): entry
        for entry in session.scalars(select(AwardEntry).where(AwardEntry.batch_id == batch.id))
    }
    judged = {(each.submission_id, each.person_id): each for each in judge(batch.facts)}
    if {key: entry.amount_cents for key, entry in stored.items()} != {
        key: verdict.amount_cents for key, verdict in judged.items()
    }:
        found.append("按保存的事实重算，结果和名单不一致")
    today = {(each.submission_id, each.person_id): each for each in judge(gather_facts(session, scheme, batch))}
    keys = sorted(judged.keys() | today.keys())
    unnamed = find_unnamed(session, {Part(UUID(each[0]), UUID(each[1])) for each in keys}, actor)
    numbers = _numbers(session, {UUID(each[0]) for each in keys})
    for key in keys:
        before, after = judged.get(key), today.get(key)
        if before != after:
            is_hidden = Part(UUID(key[0]), UUID(key[1])) in unnamed
            was, is_ = (UNTOLD if is_hidden else each.reason if each else "不在其中" for each in (before, after))
            found.append(f"隐患 {numbers[UUID(key[0])]}：当时“{was}”，现在“{is_}”")
    return found


def _numbers(session: Session, submissions: set[UUID]) -> dict[UUID, str | None]:
    rows = session.execute(select(Submission.id, Submission.number).where(Submission.id.in_(submissions)))
    return {row.id: row.number for row in rows}


def get_objection(session: Session, objection_id: UUID) -> AwardObjection:
    """An objection, whoever made it. Raises NotFound."""
    objection = find_objection(session, objection_id)
    if objection is None:
        raise NotFound
    return objection


def find_objection(session: Session, objection_id: UUID) -> AwardObjection | None:
    """The same; None if there is none."""
    return session.get(AwardObjection, objection_id)
