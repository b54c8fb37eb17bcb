"""Tables of awards: budgets, schemes, batches, who is in them and why, scores, objections, payments and the log."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.oversight.awards.triggers import guard


class SchemeKind(StrEnum):
    WORKER = "worker"  # drawn from closed hazards
    UNIT = "unit"  # unions, nominated
    ORGANISER = "organiser"  # people who organise, nominated


class BatchStatus(StrEnum):
    DRAFT = "draft"
    COMPUTED = "computed"
    SCORING = "scoring"
    PUBLISHED = "published"  # 公示
    FINAL = "final"
    PAID = "paid"
    CANCELLED = "cancelled"


class BatchMove(StrEnum):
    """What may happen to a batch; workflow.py says when, and by whom."""

    CREATE = "create"
    NOMINATE = "nominate"
    COMPUTE = "compute"
    STRIKE = "strike"  # a candidate is taken out by hand, with a reason
    OPEN_SCORING = "open_scoring"
    ADD_JUROR = "add_juror"
    SCORE = "score"
    PUBLISH = "publish"
    OBJECT = "object"
    ANSWER = "answer"
    REMOVE = "remove"  # falls out of the published list
    MOVE_UP = "move_up"
    FINALISE = "finalise"
    PAY = "pay"
    RECEIVE = "receive"
    CANCEL = "cancel"


class EntryStatus(StrEnum):
    LISTED = "listed"
    RESERVE = "reserve"
    EXCLUDED = "excluded"
    REMOVED = "removed"


class ObjectionStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class AwardBudget(Base):
    """Money that a union gives for awards. What is committed and paid of it are sums over entries and payments."""

    __tablename__ = "award_budgets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    amount_cents: Mapped[int]
    created_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount_is_positive"),)


class AwardScheme(Base):
    """Who may get an award: data, not code."""

    __tablename__ = "award_schemes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    budget_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_budgets.id"), index=True)
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[SchemeKind] = mapped_column(named_enum(SchemeKind, "kind"))
    grades: Mapped[list[Any]]  # of hazards, 1–4; empty unless for workers
    quota: Mapped[int]  # places over all batches
    batches: Mapped[int]
    amount_cents: Mapped[int]  # per place
    joint_share: Mapped[bool]
    exclude_duty: Mapped[bool]
    nomination_quota: Mapped[int]  # per nominating union
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    objection_days: Mapped[int]  # working days of the 公示
    created_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("quota BETWEEN 1 AND 1000", name="quota_in_range"),
        CheckConstraint("batches BETWEEN 1 AND 12 AND batches <= quota", name="batches_in_range"),
        CheckConstraint("amount_cents > 0", name="amount_is_positive"),
        CheckConstraint("starts_on <= ends_on", name="period_runs_forward"),
        CheckConstraint("objection_days BETWEEN 1 AND 30", name="objection_days_in_range"),
    )


class AwardBatch(Base):
    """One round of a scheme. `facts` is what its entries were computed from, `facts_hash` the SHA-256 of that."""

    __tablename__ = "award_batches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_schemes.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    quota: Mapped[int]
    status: Mapped[BatchStatus] = mapped_column(named_enum(BatchStatus, "status"))
    facts: Mapped[dict[str, Any] | None]
    facts_hash: Mapped[str | None] = mapped_column(String(64))
    computed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    objections_until: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    names_hidden_at: Mapped[datetime | None]  # taken down after a complaint: ranks and amounts stay
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("scheme_id", "number"),
        CheckConstraint("(facts_hash IS NULL) = (computed_at IS NULL)", name="hash_of_what_was_computed"),
        CheckConstraint("status IN ('draft', 'cancelled') OR computed_at IS NOT NULL", name="computed_before_the_rest"),
        CheckConstraint(
            "(status IN ('published', 'final', 'paid')) = (published_at IS NOT NULL)", name="published_when_published"
        ),
        CheckConstraint("(published_at IS NULL) = (objections_until IS NULL)", name="published_for_a_time"),
        CheckConstraint("(status IN ('final', 'paid')) = (final_at IS NOT NULL)", name="final_when_final"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_when_paid"),
    )


class AwardEntry(Base):
    """A person or a unit as a batch sees them. Joint reporters have one each; they share the place of their hazard."""

    __tablename__ = "award_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), index=True)
    status: Mapped[EntryStatus] = mapped_column(named_enum(EntryStatus, "status"))
    place: Mapped[int]  # the order of the rules; the same for those who share a hazard
    rank: Mapped[int | None]  # the order of the published list
    submission_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))  # the unit, or the person's own
    grade: Mapped[int | None]
    amount_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)  # why in, why out: for the union's eyes
    merit: Mapped[str] = mapped_column(Text)  # what for: for everybody's eyes
    nominated_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    nominating_union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    payment_failure: Mapped[str | None] = mapped_column(String(200))  # what the bank said last; None once it is paid

    __table_args__ = (
        UniqueConstraint("batch_id", "submission_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR union_id IS NOT NULL", name="somebody_is_meant"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("status <> 'listed' OR amount_cents > 0", name="listed_get_something"),
    )


class AwardClaim(Base):
    """A hazard has been used for an award: once, over all batches of all schemes."""

    __tablename__ = "award_claims"

    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), index=True)


class AwardPhotoCheck(Base):
    """Somebody has looked at the photos of a batch that had been used before. Gone when it is computed anew."""

    __tablename__ = "award_photo_checks"

    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), primary_key=True)
    checked_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]


class AwardJuror(Base):
    """Somebody who scores a batch."""

    __tablename__ = "award_jurors"

    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)


class AwardScore(Base):
    """What one juror thinks of one entry."""

    __tablename__ = "award_scores"

    entry_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_entries.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    score: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),)


class AwardObjection(Base):
    """What somebody has against a published list, and the answer."""

    __tablename__ = "award_objections"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client
    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), index=True)
    entry_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("award_entries.id"))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[ObjectionStatus] = mapped_column(named_enum(ObjectionStatus, "status"))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="answered_when_answered"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_in_words"),
    )


class AwardPayment(Base):
    """Money handed over: once per entry."""

    __tablename__ = "award_payments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_entries.id"), unique=True)
    budget_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_budgets.id"), index=True)
    amount_cents: Mapped[int]
    method: Mapped[str] = mapped_column(String(30))
    voucher: Mapped[str] = mapped_column(String(60))
    paid_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    paid_at: Mapped[datetime]
    received_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("budget_id", "voucher"),
        CheckConstraint("amount_cents > 0", name="amount_is_positive"),
    )


class AwardStep(Base):
    """One step of a batch. Never changed (triggers see to it)."""

    __tablename__ = "award_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("award_batches.id"), index=True)
    move: Mapped[BatchMove] = mapped_column(named_enum(BatchMove, "move"))
    from_status: Mapped[BatchStatus | None] = mapped_column(named_enum(BatchStatus, "from_status"))
    to_status: Mapped[BatchStatus] = mapped_column(named_enum(BatchStatus, "to_status"))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]


guard(AwardStep.__table__)
