"""Who may get an award: nominated, computed from the facts, struck out by hand."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.kit.workflow import StepData
from server.oversight.awards.batches.entries import Context, entry_of, nominating_union, scheme_of
from server.oversight.awards.eligibility.facts import gather_facts
from server.oversight.awards.eligibility.judgement import STRUCK, fingerprint, judge
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardPhotoCheck, AwardScheme, EntryStatus, SchemeKind
from server.oversight.awards.schemas import NominationIn
from server.review.submissions.models import Submission
from server.unions.accounts.models import Account
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union


def refuse_nominating(context: Context) -> AppError | None:
    """Workers are computed; the others within the quota of one's union."""
    session, batch, scheme = context.session, context.row, scheme_of(context)
    if scheme.kind is SchemeKind.WORKER:
        return Conflict("奖励职工的名单按隐患计算，不用推荐。", code="not_nominated")
    union_id = nominating_union(session, batch, context.actor) if context.actor is not None else None
    own = select(func.count()).where(AwardEntry.batch_id == batch.id, AwardEntry.nominating_union_id == union_id)
    if (session.scalar(own) or 0) >= scheme.nomination_quota:
        return Conflict(f"推荐名额已用完，每个工会 {scheme.nomination_quota} 个。", code="nomination_quota")
    return None


def nominate(context: Context) -> StepData:
    """A unit, or an organiser by user name."""
    session, batch, scheme, form = context.session, context.row, scheme_of(context), context.form
    actor = cast(Actor, context.actor)
    union_id = nominating_union(session, batch, actor)
    entries = session.scalars(select(AwardEntry).where(AwardEntry.batch_id == batch.id)).all()
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
    return StepData(form.merit, data={"entry_id": str(entry.id)})


def _nominee(
    session: Session, scheme: AwardScheme, form: NominationIn, actor: Actor
) -> tuple[UUID | None, UUID | None]:
    """The unit and the person meant, within the nominator's own subtree. Raises Invalid."""
    own = select(Union.id).where(in_scope(actor, Union, REVIEWERS))
    if scheme.kind is SchemeKind.UNIT:
        person_id, meant = None, own.where(Union.name == form.who, Union.is_active.is_(True))
    else:
        held = select(RoleAssignment.union_id).join(Account, Account.person_id == RoleAssignment.person_id)
        person_id = session.scalar(select(Account.person_id).where(Account.username == form.who))
        meant = own.where(Union.id.in_(held.where(Account.username == form.who)))
    unions = session.scalars(meant.order_by(Union.id).limit(2)).all()
    if not unions:
        raise Invalid("没有找到，或者不在您的管理范围内。", fields={"who": "请填全称或用户名"})
    if len(unions) > 1 and scheme.kind is SchemeKind.UNIT:  # a name tells unions apart under one parent only
        raise Invalid("有几个同名的，请由它们所在的区市或者镇街来推荐。", fields={"who": "有几个同名的"})
    return unions[0], person_id


def compute(context: Context) -> StepData:
    """Take a snapshot of the facts and judge it; what was computed before is replaced, but for who was struck out."""
    session, batch, scheme = context.session, context.row, scheme_of(context)
    by_rules = scheme.kind is SchemeKind.WORKER
    facts = gather_facts(session, scheme, batch) if by_rules else _list_nominees(session, batch)
    session.execute(delete(AwardPhotoCheck).where(AwardPhotoCheck.batch_id == batch.id))
    if by_rules:
        _replace_entries(session, scheme, batch, facts)
    batch.facts, batch.facts_hash, batch.computed_at = facts, fingerprint(facts), context.now
    return StepData(data={"facts_sha256": batch.facts_hash})


def _replace_entries(session: Session, scheme: AwardScheme, batch: AwardBatch, facts: dict[str, Any]) -> None:
    session.execute(delete(AwardEntry).where(AwardEntry.batch_id == batch.id))
    campaign = campaign_facts(session, scheme.campaign_id)
    for verdict in judge(facts):
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


def refuse_excluded(context: Context) -> AppError | None:
    """The entry that is meant must still be a candidate."""
    if entry_of(context).status is EntryStatus.EXCLUDED:
        return Conflict("已经不在候选名单里了。", code="excluded_already")
    return None


def strike(context: Context) -> StepData:
    """Take a candidate out, with the reason."""
    entry, reason = entry_of(context), context.form.form.reason
    entry.status, entry.reason = EntryStatus.EXCLUDED, f"{STRUCK}{reason}"
    return StepData(reason, data={"entry_id": str(entry.id)})


def is_struck(entry: AwardEntry) -> bool:
    """Whether a reviewer, not the rules, took the candidate out."""
    return entry.status is EntryStatus.EXCLUDED and entry.reason.startswith(STRUCK)
