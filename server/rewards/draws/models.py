"""Tables of draws: what was promised, who takes part, which places were drawn, and the log."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.core.encryption import EncryptedText
from server.rewards.prizes.triggers import guard


class DrawStatus(StrEnum):
    COMMITTED = "committed"  # seed hash, public value and prizes are published
    FROZEN = "frozen"  # the list of entrants is published
    VALUED = "valued"  # one person has entered the public value, another has to confirm it
    DRAWN = "drawn"
    CANCELLED = "cancelled"


class DrawMove(StrEnum):
    """What may happen to a draw; workflow.py says when, and by whom."""

    COMMIT = "commit"
    CANCEL = "cancel"
    FREEZE = "freeze"
    ENTER_VALUE = "enter_value"
    DECLARE_MISSING = "declare_missing"
    REJECT_VALUE = "reject_value"
    CONFIRM_VALUE = "confirm_value"


class Draw(Base):
    """The draw of a pool. `terms` is what was promised before the close, its hash binds everything in it."""

    __tablename__ = "draws"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("prize_pools.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    contest_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(80))
    status: Mapped[DrawStatus] = mapped_column(named_enum(DrawStatus, "status"))
    terms: Mapped[dict[str, Any]]
    terms_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(EncryptedText())  # secret until the draw is drawn
    seed_hash: Mapped[str] = mapped_column(String(64))
    salt_key: Mapped[str] = mapped_column(EncryptedText())  # secret for good; its hash is in the terms
    source: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    fallback_source: Mapped[str] = mapped_column(String(200))
    fallback_on: Mapped[date]
    closes_at: Mapped[datetime]
    committed_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    entrants: Mapped[int | None]
    entrants_hash: Mapped[str | None] = mapped_column(String(64))
    missing_said_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    missing_at: Mapped[datetime | None]  # when a second person said too that the first value had not been published
    value: Mapped[str | None] = mapped_column(String(200))
    is_fallback: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    confirmed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    drawn_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_draws_live",
            "pool_id",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        CheckConstraint("committed_at < closes_at", name="promised_before_the_close"),
        CheckConstraint("due_on < fallback_on", name="fallback_comes_later"),
        CheckConstraint(
            "(status IN ('frozen', 'valued', 'drawn')) = (frozen_at IS NOT NULL)", name="frozen_when_frozen"
        ),
        CheckConstraint(
            "(frozen_at IS NULL) = (entrants IS NULL) AND (frozen_at IS NULL) = (entrants_hash IS NULL)",
            name="frozen_with_its_list",
        ),
        CheckConstraint("frozen_at IS NULL OR frozen_at >= closes_at", name="frozen_after_the_close"),
        CheckConstraint(
            "(status IN ('valued', 'drawn')) = (value IS NOT NULL) AND (value IS NULL) = (entered_by_id IS NULL)",
            name="valued_when_valued",
        ),
        CheckConstraint(
            "(status = 'drawn') = (drawn_at IS NOT NULL) AND (drawn_at IS NULL) = (confirmed_by_id IS NULL)",
            name="drawn_when_confirmed",
        ),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="two_people"),
        CheckConstraint("missing_at IS NULL OR missing_said_by_id IS NOT NULL", name="missing_once_said"),
    )


class DrawEntry(Base):
    """Somebody who takes part, as the published list has them: `hash` is SHA-256 of "salt:person id"."""

    __tablename__ = "draw_entries"

    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("draws.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    label: Mapped[str] = mapped_column(String(60))
    salt: Mapped[str] = mapped_column(String(32))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("draw_id", "person_id"), UniqueConstraint("draw_id", "hash"))


class DrawPlace(Base):
    """A place that was drawn: with a prize, or a runner-up's. What became of it stands with the wins."""

    __tablename__ = "draw_places"

    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("draws.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    prize: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (UniqueConstraint("draw_id", "position"),)


class DrawStep(Base):
    """One step of a draw. Never changed (triggers see to it)."""

    __tablename__ = "draw_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("draws.id"), index=True)
    move: Mapped[DrawMove] = mapped_column(named_enum(DrawMove, "move"))
    from_status: Mapped[DrawStatus | None] = mapped_column(named_enum(DrawStatus, "from_status"))
    to_status: Mapped[DrawStatus] = mapped_column(named_enum(DrawStatus, "to_status"))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]


guard(DrawStep.__table__)
