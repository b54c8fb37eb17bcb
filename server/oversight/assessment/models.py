"""Tables of assessments: schemes and their frozen versions, runs, the units in them, what each number came from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.calling_off import CancelAskedColumns, asked_as_a_whole
from server.kit.indicators import OutcomeSource
from server.kit.scope import AncestorColumns, index_each_level


class AssessmentStatus(StrEnum):
    """Stages of a run, after the scheme was published."""

    PREPARED = "prepared"  # the self-assessment is drafted
    SELF = "self"  # 自评
    COUNTING = "counting"  # a job counts the indicators and freezes them
    CHECKING = "checking"  # 初审
    SPOT = "spot"  # 抽查核分
    SUMMING = "summing"  # a job scores all units
    SUMMED = "summed"  # 汇总
    OBJECTIONS = "objections"  # 异议期
    PUBLISHED = "published"  # 公示
    FINAL = "final"  # 定稿
    ARCHIVED = "archived"  # 归档
    CANCELLED = "cancelled"


class AssessmentMove(StrEnum):
    """What can be done to a run; workflow.py says when, and by whom."""

    OPEN = "open"
    SEND = "send"
    COUNT = "count"
    COUNTED = "counted"
    DRAW = "draw"
    SUM = "sum"
    SUMMED = "summed"
    OPEN_OBJECTIONS = "open_objections"
    PUBLISH = "publish"
    FINALISE = "finalise"
    ARCHIVE = "archive"
    ASK_CANCEL = "ask_cancel"
    KEEP = "keep"
    CANCEL = "cancel"


class Stage(StrEnum):
    """Who gave a value, the later ones over the earlier."""

    SELF = "self"
    FIRST = "first"
    SPOT = "spot"
    OBJECTION = "objection"


class SchemeRecord(Base):
    """A scheme of a union as it is being written; `definition`: schemas.Definition. Published, it is a version."""

    __tablename__ = "assessment_schemes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    title: Mapped[str] = mapped_column(String(100))
    about: Mapped[str] = mapped_column(String(500), default="")
    definition: Mapped[dict[str, Any]]
    item_count: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)  # of the row: whose page is out of date is told
    edited_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]

    __table_args__ = (Index("ix_assessment_schemes_union", "union_id", "id"),)


class SchemeVersion(Base):
    """A scheme as it was published. Never changes: runs are scored by it. `reason`: why it is not the one before."""

    __tablename__ = "assessment_scheme_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessment_schemes.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    definition: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    published_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    published_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("scheme_id", "number"),
        UniqueConstraint("scheme_id", "content_hash"),
        CheckConstraint("number = 1 OR length(reason) > 0", name="changed_with_a_reason"),
        CheckConstraint("length(content_hash) = 64", name="hash_length"),
    )


class Assessment(CancelAskedColumns, AncestorColumns, Base):
    """A run: units are assessed by a version of a scheme over some days. Lies where the union lies that assesses.

    The seed of the spot check is fixed, and its hash shown, when the run is opened, which is before anybody knows who
    will be on the list.
    """

    __tablename__ = "assessments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    status: Mapped[AssessmentStatus] = mapped_column(named_enum(AssessmentStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    sender_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    scheme_version_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessment_scheme_versions.id"))
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    form_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("forms.id"))  # of the self-assessment
    assignment_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("assignments.id"), unique=True)
    since: Mapped[date]
    until: Mapped[date]
    seed: Mapped[str] = mapped_column(String(64))  # kept to itself until the draw
    terms: Mapped[dict[str, Any]]
    entrants: Mapped[list[Any]] = mapped_column(default=list)  # ids of units in the order of their hashes
    drawn_at: Mapped[datetime | None]
    objections_until: Mapped[date | None]
    published_until: Mapped[date | None]
    result_hash: Mapped[str | None] = mapped_column(String(64))  # of what was scored and what came of it
    reason: Mapped[str | None] = mapped_column(String(500))  # why it was cancelled
    opened_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    rescores_asked: Mapped[int] = mapped_column(default=0)  # how often an objection that was upheld asked for it
    rescores_done: Mapped[int] = mapped_column(default=0)  # of those, how many the scores know of
    rescored_units: Mapped[int] = mapped_column(default=0)  # how far the job is

    @property
    def is_rescoring(self) -> bool:
        """Whether its scores are not those that hold, and are being made."""
        return self.rescores_done < self.rescores_asked

    __table_args__ = (
        asked_as_a_whole(),
        CheckConstraint("rescores_done BETWEEN 0 AND rescores_asked", name="rescored_when_asked"),
        CheckConstraint("since <= until", name="period_runs_forward"),
        CheckConstraint("status IN ('prepared', 'cancelled') OR assignment_id IS NOT NULL", name="sent_when_begun"),
        CheckConstraint("status <> 'cancelled' OR reason IS NOT NULL", name="reason_when_cancelled"),
        CheckConstraint(
            "status NOT IN ('summed', 'objections', 'published', 'final', 'archived') OR result_hash IS NOT NULL",
            name="scored_when_summed",
        ),
        *index_each_level("ix_assessments_{level}", "{level}_id", "id"),
        Index("ix_assessments_scheme_version", "scheme_version_id"),
    )


class AssessedUnit(AncestorColumns, Base):
    """A union in a run. `result`: its score as the engine gave it, hundredths beside it to sort by."""

    __tablename__ = "assessed_units"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessments.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"), unique=True)
    response_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("response_versions.id"))
    peer: Mapped[str] = mapped_column(String(30), default="")
    version: Mapped[int] = mapped_column(default=1)
    signals: Mapped[list[Any]] = mapped_column(default=list)  # for a person to judge, of no weight
    place: Mapped[int | None]  # in the draw of those who are looked at again
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    spot_checked_at: Mapped[datetime | None]
    spot_checked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    result: Mapped[dict[str, Any] | None]
    total_hundredths: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(20), default="")
    rank: Mapped[int | None]
    advice: Mapped[str] = mapped_column(Text, default="")  # 推荐单位意见

    __table_args__ = (
        UniqueConstraint("assessment_id", "union_id"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="check_is_whole"),
        CheckConstraint("(spot_checked_at IS NULL) = (spot_checked_by_id IS NULL)", name="spot_check_is_whole"),
        CheckConstraint("(result IS NULL) = (total_hundredths IS NULL)", name="result_is_whole"),
        CheckConstraint("spot_checked_by_id IS NULL OR spot_checked_by_id <> checked_by_id", name="two_pairs_of_eyes"),
        *index_each_level("ix_assessed_units_{level}", "{level}_id", "id"),
        Index("ix_assessed_units_assessment", "assessment_id", "id"),
        Index("ix_assessed_units_rank", "assessment_id", "rank", "id"),
        Index("ix_assessed_units_union", "union_id", "id"),
    )


class AssessedFigure(Base):
    """A number as it was counted for an item of a unit, frozen. `source`: the database takes no other than outcomes."""

    __tablename__ = "assessment_figures"

    unit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessed_units.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(30), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40))
    source: Mapped[OutcomeSource] = mapped_column(named_enum(OutcomeSource, "source"))
    name: Mapped[str] = mapped_column(String(100))
    meaning: Mapped[str] = mapped_column(String(500))
    value: Mapped[str | None] = mapped_column(String(60))  # a decimal; None: nothing to divide by, 不适用
    over: Mapped[int | None]
    under: Mapped[int | None]
    href: Mapped[str] = mapped_column(String(500), default="")
    counted_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("(over IS NULL) = (under IS NULL)", name="share_is_whole"),)


class Mark(Base):
    """A value that somebody gave for an item. Never changes: a later one stands over it."""

    __tablename__ = "assessment_marks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessed_units.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(30))
    stage: Mapped[Stage] = mapped_column(named_enum(Stage, "stage"))
    value: Mapped[str | None] = mapped_column(String(60))  # a decimal; None: nothing came
    is_applicable: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("is_applicable OR value IS NULL", name="no_value_where_it_does_not_apply"),
        Index("ix_assessment_marks_unit", "unit_id", "id"),
        Index("ix_assessment_marks_by", "by_id"),
    )


class Objection(Base):
    """What a unit does not agree with, and what was answered."""

    __tablename__ = "assessment_objections"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assessed_units.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(String(500))
    raised_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    raised_at: Mapped[datetime]
    is_upheld: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (is_upheld IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name="answer_is_whole",
        ),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> raised_by_id", name="answered_by_another"),
        Index("ix_assessment_objections_unit", "unit_id", "id"),
    )
