"""Reads of the ledger. Balances are sums over transfers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.core.ttl_cache import TtlCache
from server.core.web import cursors
from server.review.submissions.models import Submission
from server.review.submissions.queries import number_known_to
from server.rewards.points.models import AccountKind, PointsAccount, PointsTransfer
from server.rewards.points.schemas import PointsItem, PointsPage

# What a transfer brought the person: a credit adds, its counter-entry takes away.
SIGNED = case((PointsTransfer.reverses_id.is_(None), PointsTransfer.amount), else_=-PointsTransfer.amount)


@dataclass(frozen=True, slots=True)
class Balance:
    """The whole ledger: what was given out and taken back, what people hold, and what is missing (0)."""

    issued: int
    taken_back: int
    held: int
    difference: int


def get_balance(session: Session, person_id: UUID) -> int:
    """A person's points: what came into their account less what went out."""
    account_id = session.scalar(select(PointsAccount.id).where(PointsAccount.person_id == person_id))
    if account_id is None:
        return 0
    came = select(func.coalesce(func.sum(PointsTransfer.amount), 0)).where(PointsTransfer.to_account_id == account_id)
    went = select(func.coalesce(func.sum(PointsTransfer.amount), 0)).where(PointsTransfer.from_account_id == account_id)
    return int(session.scalar(came) or 0) - int(session.scalar(went) or 0)


def list_points(session: Session, person_id: UUID, after: str | None, limit: int) -> PointsPage:
    """A person's transfers, the newest first. Raises Invalid for a foreign cursor."""
    account = select(PointsAccount.id).where(PointsAccount.person_id == person_id).scalar_subquery()
    statement = (
        select(
            PointsTransfer.id, PointsTransfer.at, SIGNED.label("amount"), PointsTransfer.reason,
            PointsTransfer.submission_id, number_known_to(PointsTransfer.person_id).label("number"),
        )
        .outerjoin(Submission, Submission.id == PointsTransfer.submission_id)
        .where((PointsTransfer.to_account_id == account) | (PointsTransfer.from_account_id == account))
        .order_by(PointsTransfer.id.desc())
        .limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        (last,) = cursors.decode(after, UUID)
        statement = statement.where(PointsTransfer.id < last)
    rows = session.execute(statement).all()
    return PointsPage(
        items=[PointsItem.model_validate(row) for row in rows[:limit]],
        next=cursors.encode(rows[limit - 1].id) if len(rows) > limit else None,
        balance=get_balance(session, person_id),
    )


def check_ledger(session: Session) -> Balance:
    """Sum every account from its own side, so that the difference shows a transfer without its other half."""

    def side(column: object, kind: AccountKind) -> int:
        statement = (
            select(func.coalesce(func.sum(PointsTransfer.amount), 0))
            .join(PointsAccount, column == PointsAccount.id)
            .where(PointsAccount.kind == kind)
        )
        return int(session.scalar(statement) or 0)

    issued, back = (
        side(PointsTransfer.from_account_id, AccountKind.ISSUE),
        side(PointsTransfer.to_account_id, AccountKind.ISSUE),
    )
    held = side(PointsTransfer.to_account_id, AccountKind.PERSON) - side(
        PointsTransfer.from_account_id, AccountKind.PERSON
    )
    return Balance(issued, back, held, held - (issued - back))


_RECENT: TtlCache[None, Balance] = TtlCache()


def recent_balance(session: Session) -> Balance:
    """The same for the page, up to half a minute old: the whole ledger is read for it."""
    return _RECENT.get(session, None, lambda: check_ledger(session))
