"""Writes of the ledger: credits, and counter-entries that take them back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.notifications.inbox.actions import deliver
from server.review.submissions.models import Submission
from server.rewards.points.messages import moved
from server.rewards.points.models import AccountKind, PointsAccount, PointsRule, PointsTransfer
from server.rewards.points.rules import CODE_TEXTS, DEFAULTS
from server.unions.actor import Actor
from server.unions.campaigns.queries import require_editable
from server.unions.roles import Role

Reversal = aliased(PointsTransfer, name="reversal")


def credit_points(
    session: Session,
    code: str,
    source: str,
    submission: Submission,
    *,
    actor_id: UUID | None,
    now: datetime,
    is_told: bool = False,
) -> PointsTransfer | None:
    """Give the reporter what `code` earns. None if it earns nothing, or if `source` has been credited and stands.

    `is_told`: another message tells of it.
    """
    points = find_points(session, submission.campaign_id, code)
    rounds = session.scalar(select(func.count()).where(PointsTransfer.source == source)) or 0
    if not points or (rounds and _standing(session, PointsTransfer.source == source)):
        return None
    transfer = PointsTransfer(
        id=ids.new_id_of_day(now) if submission.is_anonymous else ids.new_id(),  # cursors of the ledger show it
        source=source,
        round=rounds + 1,  # the unique key refuses whoever counted at the same moment
        from_account_id=_account(session, campaign_id=submission.campaign_id),
        to_account_id=_account(session, person_id=submission.reporter_id),
        amount=points,
        reason=CODE_TEXTS[code],
        campaign_id=submission.campaign_id,
        person_id=submission.reporter_id,
        submission_id=submission.id,
        reverses_id=None,
        actor_id=actor_id,
        at=now,
    )
    _append(session, transfer, "points.credited", points, is_told=is_told)
    return transfer


def credit_benefit(session: Session, submission: Submission, *, actor_id: UUID | None, now: datetime) -> None:
    """The enterprise confirmed what a suggestion brought. Saying it again credits nothing."""
    source = f"suggestion.benefit:{submission.id}"
    credit_points(session, "benefit", source, submission, actor_id=actor_id, now=now)


def take_back(
    session: Session, submission_id: UUID, prefix: str, reason: str, *, actor_id: UUID | None, now: datetime
) -> int:
    """Counter every credit of the submission that stands and whose source begins with `prefix`. Returns how many."""
    belongs = PointsTransfer.submission_id == submission_id
    credits_ = _standing(session, belongs & PointsTransfer.source.startswith(prefix, autoescape=True))
    for transfer in credits_:
        _reverse(session, transfer, reason, actor_id=actor_id, now=now)
    return len(credits_)


def correct_transfer(session: Session, transfer_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Counter one credit by hand. Raises NotFound, Forbidden (the city alone), Invalid, Conflict (countered)."""
    transfer = session.get(PointsTransfer, transfer_id)
    if transfer is None:
        raise NotFound
    city_id = session.scalar(select(Submission.city_id).where(Submission.id == transfer.submission_id))
    if not any(role_at.role is Role.CITY_REVIEWER and role_at.union_id == city_id for role_at in actor.roles):
        raise Forbidden
    if actor.is_own(transfer.person_id):
        raise Forbidden("不能更正自己的积分。", code="own_points")
    if not reason.strip():
        raise Invalid("请写明原因。", fields={"reason": "不能为空"})
    if transfer.reverses_id is not None or not _standing(session, PointsTransfer.id == transfer_id):
        raise Conflict("这笔积分已经冲正过了。", code="reversed_already")
    _reverse(session, transfer, reason.strip(), actor_id=actor.person_id, now=now)


def find_points(session: Session, campaign_id: UUID, code: str) -> int:
    """What `code` earns in a campaign."""
    rule = session.get(PointsRule, (campaign_id, code))
    return rule.points if rule is not None else DEFAULTS[code]


def list_rules(session: Session, campaign_id: UUID) -> list[PointsRule]:
    """What a campaign changed of what earns how much."""
    statement = select(PointsRule).where(PointsRule.campaign_id == campaign_id).order_by(PointsRule.code)
    return list(session.scalars(statement))


def set_points(session: Session, campaign_id: UUID, code: str, points: int, *, actor: Actor, now: datetime) -> None:
    """Change what `code` earns from now on; what has been credited stays. Raises Invalid."""
    if code not in DEFAULTS or not 0 <= points <= 10_000:
        raise Invalid("积分要在 0 到 10000 之间。", fields={code: "0–10000"})
    require_editable(session, campaign_id)
    before = find_points(session, campaign_id, code)
    if points == before:
        return
    session.merge(PointsRule(campaign_id=campaign_id, code=code, points=points))
    session.flush()
    detail = {"code": code, "before": before, "after": points}
    record(
        session, "points.set_rule", subject_type="campaign", subject_id=campaign_id, actor_id=actor.person_id, at=now,
        detail=detail,
    )  # fmt: skip


def copy_rules(session: Session, source_id: UUID, target_id: UUID, *, actor: Actor, now: datetime) -> None:
    """What a campaign changed of what earns how much, for another one."""
    for rule in list_rules(session, source_id):
        set_points(session, target_id, rule.code, rule.points, actor=actor, now=now)


def _standing(session: Session, condition: ColumnElement[bool]) -> list[PointsTransfer]:
    """Credits that nothing has countered. Of two who counter one at once, the unique key lets one."""
    countered = select(Reversal.id).where(Reversal.reverses_id == PointsTransfer.id).exists()
    statement = select(PointsTransfer).where(condition, PointsTransfer.reverses_id.is_(None), ~countered)
    return list(session.scalars(statement.order_by(PointsTransfer.id)))


def _reverse(session: Session, transfer: PointsTransfer, reason: str, *, actor_id: UUID | None, now: datetime) -> None:
    counter = PointsTransfer(
        id=ids.new_id_of_day(now) if ids.tells_day_only(transfer.id) else ids.new_id(),
        source=f"reversal:{transfer.id}",
        round=1,
        from_account_id=transfer.to_account_id,
        to_account_id=transfer.from_account_id,
        amount=transfer.amount,
        reason=reason[:200],
        campaign_id=transfer.campaign_id,
        person_id=transfer.person_id,
        submission_id=transfer.submission_id,
        reverses_id=transfer.id,
        actor_id=actor_id,
        at=now,
    )
    _append(session, counter, "points.taken_back", -transfer.amount)


def _append(session: Session, transfer: PointsTransfer, action: str, signed: int, *, is_told: bool = False) -> None:
    session.add(transfer)
    session.flush()
    record(
        session, action, subject_type="points_transfer", subject_id=transfer.id, actor_id=transfer.actor_id,
        at=transfer.at, detail={"amount": signed, "source": transfer.source, "round": transfer.round},
    )  # fmt: skip
    if not is_told:
        deliver(session, moved(transfer), now=transfer.at)


def _account(session: Session, **owner: UUID) -> UUID:
    """The owner's account, made when first needed; whoever comes second at the same moment takes the first one's."""
    kind = AccountKind.PERSON if "person_id" in owner else AccountKind.ISSUE
    found = select(PointsAccount.id).filter_by(**owner)
    account_id = session.scalar(found)
    if account_id is None:
        values: dict[str, Any] = {"id": ids.new_id(), "kind": kind, **owner}
        session.execute(upsert(PointsAccount).values(values).on_conflict_do_nothing())
        account_id = session.execute(found).scalar_one()
    return account_id
