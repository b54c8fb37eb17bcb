"""Tables of the points ledger.

A transfer moves points from one account to another, so its two entries sum to zero by construction: there is no way to
write half of one. Balances are sums over transfers. Nothing of a transfer is ever changed or removed (triggers see to
it); the town beside it alone follows its submission.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.rewards.points.triggers import guard


class AccountKind(StrEnum):
    ISSUE = "issue"  # where a campaign's points come from; below zero by what is in people's hands
    PERSON = "person"


class PointsRule(Base):
    """How many points something earns in a campaign. Codes without a row earn what rules.py says."""

    __tablename__ = "points_rules"

    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    points: Mapped[int]

    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 10000", name="points_in_range"),)


class PointsAccount(Base):
    """Where points lie: with a person, or not yet given out by a campaign."""

    __tablename__ = "points_accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[AccountKind] = mapped_column(named_enum(AccountKind, "kind"))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"), unique=True)
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("campaigns.id"), unique=True)

    __table_args__ = (
        CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name="person_has_an_account"),
        CheckConstraint("(kind = 'issue') = (campaign_id IS NOT NULL)", name="campaign_has_an_account"),
    )


class PointsTransfer(Base):
    """Points moved once. `source` and `round` say what for: another round only after the one before was taken back."""

    __tablename__ = "points_transfers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120))  # hazard.closed:<submission id>
    round: Mapped[int]
    from_account_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("points_accounts.id"))
    to_account_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("points_accounts.id"))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    submission_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id"), index=True)
    reverses_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("points_transfers.id"), unique=True)
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]
    # Of the submission now, by which the lists of a town are read. The database writes it (TOWN_OF_POINTS) alone.
    town_id: Mapped[UUID | None] = mapped_column(Uuid(), deferred=True)

    __table_args__ = (
        UniqueConstraint("source", "round"),
        CheckConstraint("amount > 0", name="amount_is_positive"),
        CheckConstraint("round > 0", name="rounds_begin_at_one"),
        CheckConstraint("from_account_id <> to_account_id", name="between_two_accounts"),
        Index("ix_points_transfers_from", "from_account_id", "id"),
        Index("ix_points_transfers_to", "to_account_id", "id"),
        Index("ix_points_transfers_campaign", "campaign_id", "id"),
        Index("ix_points_transfers_at", "at", "id"),
        Index("ix_points_transfers_town", "town_id", "id"),
    )


guard(PointsTransfer.__table__)
