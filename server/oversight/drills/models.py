"""Tables of drills: the register of plans, the record beside a session, its log, its problems; what is due when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import FILLED_BY_MIGRATION, Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class PlanKind(StrEnum):
    """Of the plan that is rehearsed."""

    COMPREHENSIVE = "comprehensive"  # 综合应急预案
    SPECIAL = "special"  # 专项应急预案
    ON_SITE = "on_site"  # 现场处置方案
    FIRE = "fire"  # 灭火和应急疏散预案


class DrillForm(StrEnum):
    TABLETOP = "tabletop"  # 桌面演练
    FULL = "full"  # 实战演练


class DrillScope(StrEnum):
    SINGLE = "single"  # 单项
    COMBINED = "combined"  # 综合


class DrillAim(StrEnum):
    CHECK = "check"  # 检验性
    SHOW = "show"  # 示范性
    STUDY = "study"  # 研究性


class Phase(StrEnum):
    """What is timed, in its order."""

    FOUND = "found"
    ALARM = "alarm"
    STARTED = "started"
    EVACUATION = "evacuation"
    HEAD_COUNT = "head_count"
    HANDLING = "handling"
    ENDED = "ended"


class Duty(StrEnum):
    """What is to be rehearsed every so often."""

    GENERAL = "general"  # any comprehensive or special plan: the enterprise
    SPECIAL = "special"  # every single special plan
    ON_SITE = "on_site"  # every single plan for a place of work; the enterprise, while its register holds none
    FIRE = "fire"


DUTY_OF = {
    PlanKind.COMPREHENSIVE: Duty.GENERAL,
    PlanKind.SPECIAL: Duty.GENERAL,
    PlanKind.ON_SITE: Duty.ON_SITE,
    PlanKind.FIRE: Duty.FIRE,
}
DUTY_OF_EACH = {PlanKind.SPECIAL: Duty.SPECIAL, PlanKind.ON_SITE: Duty.ON_SITE}
"""What is to be rehearsed of each plan by itself. Of the other kinds any one of the enterprise's will do."""


class Concerns(StrEnum):
    """Whom a rule concerns."""

    HIGH_RISK = "high_risk"  # high-risk and crowded places
    OTHERS = "others"
    EVERYBODY = "everybody"


class EmergencyPlan(AncestorColumns, Base):
    """A plan of an enterprise. One that is given up stays, with the reason; its name is free again.

    `tried_on`: the last drill that this service knows nothing of. `revise_since`: the day of the last drill that showed
    that it has to be revised; empty once it was revised after that day.
    """

    __tablename__ = "emergency_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[PlanKind] = mapped_column(named_enum(PlanKind, "kind"))
    name: Mapped[str] = mapped_column(String(100))
    accident: Mapped[str] = mapped_column(String(100), default="")  # what it is against; of a comprehensive one nothing
    edition: Mapped[str] = mapped_column(String(50), default="")
    drawn_up_on: Mapped[date]
    filed_with: Mapped[str] = mapped_column(String(100), default="")  # 备案
    filed_on: Mapped[date | None]
    revised_on: Mapped[date | None]  # the last time
    next_review_on: Mapped[date | None]
    review_due_at: Mapped[datetime | None]  # the end of that day
    tried_on: Mapped[date | None]
    revise_since: Mapped[date | None]
    noted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    noted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("enterprise_id IS NOT NULL", name="of_an_enterprise"),
        CheckConstraint("(filed_with = '') = (filed_on IS NULL)", name="filing_is_whole"),
        CheckConstraint("(next_review_on IS NULL) = (review_due_at IS NULL)", name="review_due_is_whole"),
        CheckConstraint("revised_on IS NULL OR revised_on >= drawn_up_on", name="revised_after_drawn_up"),
        CheckConstraint(
            "revise_since IS NULL OR revised_on IS NULL OR revised_on < revise_since", name="revised_is_settled"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name="ended_with_a_reason"),
        Index(
            "uq_emergency_plans_standing", "enterprise_id", "kind", "name", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        *index_each_level("ix_emergency_plans_{level}", "{level}_id", "id"),
        *index_each_level(
            "ix_emergency_plans_{level}_revise", "{level}_id", "id", where=text("revise_since IS NOT NULL")
        ),
    )  # fmt: skip


class Drill(Base):
    """What is recorded of a session that is a drill, beside what every session has."""

    __tablename__ = "drills"

    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    form: Mapped[DrillForm] = mapped_column(named_enum(DrillForm, "form"))
    scope: Mapped[DrillScope] = mapped_column(named_enum(DrillScope, "scope"))
    aim: Mapped[DrillAim] = mapped_column(named_enum(DrillAim, "aim"))
    scenario: Mapped[str] = mapped_column(Text, default="")
    hazard: Mapped[str] = mapped_column(String(200), default="")
    commander: Mapped[str] = mapped_column(String(100), default="")
    groups: Mapped[str] = mapped_column(Text, default="")
    observers: Mapped[str] = mapped_column(String(300), default="")
    equipment: Mapped[str] = mapped_column(String(300), default="")
    evacuation_seconds: Mapped[int | None]
    on_shift: Mapped[int | None]
    assembled: Mapped[int | None]
    must_revise: Mapped[bool | None]  # any of its plans; None: nobody has said yet
    revision: Mapped[str] = mapped_column(String(500), default="")  # what of it
    reported_to: Mapped[str] = mapped_column(String(100), default="")
    reported_on: Mapped[date | None]
    recorded_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("evacuation_seconds IS NULL OR evacuation_seconds > 0", name="evacuation_took_time"),
        CheckConstraint("on_shift IS NULL OR on_shift >= 0", name="on_shift_not_negative"),
        CheckConstraint("assembled IS NULL OR assembled >= 0", name="assembled_not_negative"),
        CheckConstraint("(reported_to = '') = (reported_on IS NULL)", name="report_is_whole"),
    )


class TriedPlan(Base):
    """A plan that a drill tried: one drill may try a special plan together with those of the places it went through."""

    __tablename__ = "drill_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("drills.session_id"))
    plan_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("emergency_plans.id"))  # None: of no register
    name: Mapped[str] = mapped_column(String(100))  # as it was called then
    edition: Mapped[str] = mapped_column(String(50), default="")
    kind: Mapped[PlanKind] = mapped_column(named_enum(PlanKind, "kind"))
    must_revise: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("session_id", "plan_id"), Index("ix_drill_plans_plan", "plan_id"))


class DrillLogEntry(Base):
    """When something happened in a drill."""

    __tablename__ = "drill_log_entries"

    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("drills.session_id"), primary_key=True)
    phase: Mapped[Phase] = mapped_column(named_enum(Phase, "phase"), primary_key=True)
    at: Mapped[datetime]


class DrillProblem(AncestorColumns, Base):
    """Something that went wrong: a hazard comes of it, which goes through review as all of them."""

    __tablename__ = "drill_problems"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"))
    words: Mapped[str] = mapped_column(String(500))
    place: Mapped[str] = mapped_column(String(200), default="")
    measures: Mapped[str] = mapped_column(String(500), default="")
    owner: Mapped[str] = mapped_column(String(50), default="")  # who puts it right: a post, or a name
    due_on: Mapped[date | None]
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id"), unique=True)
    found_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    found_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_drill_problems_session", "session_id", "id"),
        *index_each_level("ix_drill_problems_{level}", "{level}_id", "id"),
    )


class DrillRule(Base):
    """How often enterprises rehearse something, from a day on. What nobody has checked yet is shown, not applied."""

    __tablename__ = "drill_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    concerns: Mapped[Concerns] = mapped_column(named_enum(Concerns, "concerns"))
    duty: Mapped[Duty] = mapped_column(named_enum(Duty, "duty"))
    months: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200))
    is_verified: Mapped[bool]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # the last day
    changed_by_id: Mapped[UUID | None] = mapped_column(
        Uuid(), ForeignKey("people.id")
    )  # None: it came with the software
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("concerns", "duty", "valid_from", "basis"),
        CheckConstraint("months BETWEEN 1 AND 60", name="months_in_range"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid_for_a_while"),
        {"info": {FILLED_BY_MIGRATION: True}},
    )


class DrillDue(AncestorColumns, Base):
    """When an enterprise has to rehearse something next, or one of its plans (`plan_id`). Counted by a job, from rules
    and what was held."""

    __tablename__ = "drill_dues"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    duty: Mapped[Duty] = mapped_column(named_enum(Duty, "duty"))
    plan_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("emergency_plans.id"), unique=True)
    rule_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("drill_rules.id"))
    last_on: Mapped[date | None]  # None: this service knows of none
    due_at: Mapped[datetime]  # the end of the last day on which it is in time

    __table_args__ = (
        Index(
            "uq_drill_dues_of_enterprise", "union_id", "duty", unique=True,
            sqlite_where=text("plan_id IS NULL"), postgresql_where=text("plan_id IS NULL"),
        ),
        Index("ix_drill_dues_union", "union_id"),
        *index_each_level("ix_drill_dues_{level}", "{level}_id", "due_at", "id"),
    )  # fmt: skip
