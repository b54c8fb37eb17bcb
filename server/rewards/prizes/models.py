"""Tables of prizes: pools, prizes with their stock, wins, hand-overs and the log."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.rewards.prizes.triggers import guard


class Way(StrEnum):
    """How a prize is won."""

    RANKING = "ranking"
    DRAW = "draw"


class WinStatus(StrEnum):
    RESERVE = "reserve"  # a runner-up
    OFFERED = "offered"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SKIPPED = "skipped"  # holds another prize of the pool already


class Proof(StrEnum):
    """How it is shown that the winner got the prize."""

    CODE = "code"
    SIGNATURE = "signature"


class PoolMove(StrEnum):
    """What the log of a pool tells."""

    CREATE = "create"
    ADD_PRIZE = "add_prize"
    REMOVE_PRIZE = "remove_prize"
    LOCK = "lock"
    AWARD = "award"
    ACCEPT = "accept"
    REFUSE = "refuse"
    EXPIRE = "expire"
    REVOKE = "revoke"
    SKIP = "skip"
    PROMOTE = "promote"
    HAND_OVER = "hand_over"


class PrizePool(Base):
    """The prizes of a contest and the rules by which they are given. `locked_at`: from then on its prizes stand."""

    __tablename__ = "prize_pools"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    contest_id: Mapped[UUID] = mapped_column(index=True)
    contest_name: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(60))
    one_each: Mapped[bool]  # nobody wins twice in this pool
    runners_up: Mapped[int]  # per way
    notice_days: Mapped[int]  # working days of the 公示 before a prize is handed over
    claim_days: Mapped[int]  # working days to accept
    locked_at: Mapped[datetime | None]
    ranked_at: Mapped[datetime | None]  # prizes by ranking were awarded
    drawn_at: Mapped[datetime | None]  # prizes by draw were awarded
    names_hidden_at: Mapped[datetime | None]  # taken down after a complaint: places and prizes stay
    created_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("runners_up BETWEEN 0 AND 1000", name="runners_up_in_range"),
        CheckConstraint("notice_days BETWEEN 1 AND 30", name="notice_days_in_range"),
        CheckConstraint("claim_days BETWEEN 1 AND 60", name="claim_days_in_range"),
        CheckConstraint(
            "locked_at IS NOT NULL OR (ranked_at IS NULL AND drawn_at IS NULL)", name="locked_before_awarded"
        ),
    )


class Prize(Base):
    """A prize and how many of it there are; `remaining` is what nobody holds."""

    __tablename__ = "prizes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("prize_pools.id"))
    position: Mapped[int]  # the best first
    name: Mapped[str] = mapped_column(String(60))
    way: Mapped[Way] = mapped_column(named_enum(Way, "way"))
    quantity: Mapped[int]
    remaining: Mapped[int]

    __table_args__ = (
        UniqueConstraint("pool_id", "position"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_range"),
        CheckConstraint("remaining BETWEEN 0 AND quantity", name="stock_in_range"),
    )


class PrizeWin(Base):
    """Somebody's place in a pool, and what has become of it. `sole_holder_id` keeps people to one prize of a pool."""

    __tablename__ = "prize_wins"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("prize_pools.id"))
    way: Mapped[Way] = mapped_column(named_enum(Way, "way"))
    place: Mapped[int]  # from 1, in the order of the ranking or of the draw
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    sole_holder_id: Mapped[UUID | None]
    prize_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("prizes.id"), index=True)
    status: Mapped[WinStatus] = mapped_column(named_enum(WinStatus, "status"))
    offered_at: Mapped[datetime | None]
    notice_until: Mapped[datetime | None]
    claim_until: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(String(8))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("pool_id", "way", "place"),
        UniqueConstraint("pool_id", "way", "person_id"),
        UniqueConstraint("pool_id", "sole_holder_id"),
        CheckConstraint("place > 0", name="places_begin_at_one"),
        CheckConstraint("(status IN ('reserve', 'skipped')) = (prize_id IS NULL)", name="a_prize_to_win"),
        CheckConstraint(
            "(prize_id IS NULL) = (offered_at IS NULL) AND (prize_id IS NULL) = (notice_until IS NULL) "
            "AND (prize_id IS NULL) = (claim_until IS NULL)",
            name="offered_for_a_time",
        ),
        CheckConstraint("status <> 'accepted' OR code IS NOT NULL", name="accepted_have_a_code"),
        CheckConstraint("(status IN ('reserve', 'offered', 'accepted')) = (ended_at IS NULL)", name="ended_when_ended"),
        CheckConstraint(
            "sole_holder_id IS NULL OR "
            "(sole_holder_id = person_id AND status IN ('offered', 'accepted', 'handed_over'))",
            name="sole_holders_hold",
        ),
        Index("ix_prize_wins_waiting", "status", "claim_until"),
    )


class PrizeHandover(Base):
    """A prize was handed over: once per win."""

    __tablename__ = "prize_handovers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    win_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("prize_wins.id"), unique=True)
    proof: Mapped[Proof] = mapped_column(named_enum(Proof, "proof"))
    note: Mapped[str] = mapped_column(Text)  # who signed, where the signed sheet is kept
    by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("proof <> 'signature' OR length(note) > 0", name="signatures_are_named"),)


class PrizeStep(Base):
    """One step of a pool. Never changed (triggers see to it)."""

    __tablename__ = "prize_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("prize_pools.id"), index=True)
    win_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("prize_wins.id"))
    move: Mapped[PoolMove] = mapped_column(named_enum(PoolMove, "move"))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]


guard(PrizeStep.__table__)
