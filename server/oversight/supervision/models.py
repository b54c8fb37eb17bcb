"""Tables of supervision: plans with their teams and units, the rota of groups, draws of whom to visit.

What becomes of a unit is a visit (`server.oversight.visits`), which names the unit's row as its source.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.core.encryption import EncryptedText
from server.kit.calling_off import CancelAskedColumns, asked_as_a_whole
from server.kit.scope import AncestorColumns, index_each_level


class PlanMode(StrEnum):
    """How enterprises are chosen and visited; the same words as a visit's mode."""

    RANDOM = "random"  # 随机抽查
    CROSS = "cross"  # 交叉督导
    LEADERS = "leaders"  # 领导带队专项督导
    UNANNOUNCED = "unannounced"  # 四不两直


class PlanStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"  # a visit has been opened
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PlanMove(StrEnum):
    """What can be done to a plan."""

    DRAFT = "draft"
    EDIT = "edit"
    PUBLISH = "publish"
    CHANGE = "change"  # after it was published: with a reason
    START = "start"
    CLOSE = "close"
    CANCEL = "cancel"


class Duty(StrEnum):
    """What somebody does in a team."""

    LEADER = "leader"
    MEMBER = "member"
    LIAISON = "liaison"
    EXPERT = "expert"


class Origin(StrEnum):
    """How an enterprise came into a plan."""

    NAMED = "named"
    DRAWN = "drawn"
    RESERVE = "reserve"  # in place of another


class DrawStatus(StrEnum):
    PREPARING = "preparing"
    FROZEN = "frozen"  # the frame's hash is published, the public value is still to come
    VALUED = "valued"  # one person has entered the public value, another has to confirm it
    DRAWN = "drawn"
    PUBLISHED = "published"  # 抽取结果公示
    CANCELLED = "cancelled"


KNOWABLE = (DrawStatus.FROZEN, DrawStatus.VALUED, DrawStatus.DRAWN, DrawStatus.PUBLISHED)
"""In which a result follows, or will once the public value is out."""


class DrawMove(StrEnum):
    """What can be done to a draw."""

    PREPARE = "prepare"
    EDIT = "edit"
    FREEZE = "freeze"
    ENTER_VALUE = "enter_value"
    REJECT_VALUE = "reject_value"
    DRAW = "draw"
    PUBLISH = "publish"
    ASK_CANCEL = "ask_cancel"
    KEEP = "keep"
    CANCEL = "cancel"


class NoteKind(StrEnum):
    """What is said of one enterprise before a draw."""

    EXCLUDED = "excluded"
    ACCIDENT = "accident"  # it had one: it weighs more


class Plan(AncestorColumns, Base):
    """What a union plans to look at in a period. It lies where the union lies."""

    __tablename__ = "supervision_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    status: Mapped[PlanStatus] = mapped_column(named_enum(PlanStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(100))
    mode: Mapped[PlanMode] = mapped_column(named_enum(PlanMode, "mode"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(500), default="")
    form_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("forms.id"))  # the checklist
    form_version_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("form_versions.id"))  # once published
    drafted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("status NOT IN ('published', 'running', 'closed') OR published_at IS NOT NULL",
                        name="published_once_open"),
        *index_each_level("ix_supervision_plans_{level}", "{level}_id", "id"),
        *index_each_level("ix_supervision_plans_{level}_status", "status", "{level}_id", "id"),
        Index("ix_supervision_plans_union", "union_id", "id"),
    )  # fmt: skip


class PlanTeam(Base):
    """A group: people who go together. `lead_union_id` is its 组长单位."""

    __tablename__ = "supervision_teams"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"))
    position: Mapped[int]
    lead_union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))

    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint("position >= 1", name="position_from_one"),
        Index("ix_supervision_teams_lead", "lead_union_id", "plan_id"),
    )

    @property
    def name(self) -> str:
        return f"第{self.position}组"


class PlanMember(Base):
    """Somebody who inspects: a reviewer, or an expert in words (an office or a trade)."""

    __tablename__ = "supervision_members"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"))
    team_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("supervision_teams.id"))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))  # where they come from
    words: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    duty: Mapped[Duty] = mapped_column(named_enum(Duty, "duty"))
    is_chemist: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("plan_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR words <> ''", name="somebody"),
        Index("ix_supervision_members_person", "person_id", "plan_id"),
        Index("ix_supervision_members_team", "team_id"),
    )


class PlanUnit(AncestorColumns, Base):
    """An enterprise of a plan, with the team that goes there. It lies where the enterprise lies."""

    __tablename__ = "supervision_units"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"))
    team_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("supervision_teams.id"))
    origin: Mapped[Origin] = mapped_column(named_enum(Origin, "origin"))
    draw_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("supervision_draws.id"))
    planned_on: Mapped[date | None]
    over_cap_reason: Mapped[str | None] = mapped_column(String(500))
    opened_at: Mapped[datetime | None]  # its visit was opened
    dropped_at: Mapped[datetime | None]
    dropped_reason: Mapped[str | None] = mapped_column(String(500))
    replaced_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("supervision_units.id"))
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_supervision_units_going", "plan_id", "enterprise_id", unique=True,
            sqlite_where=text("dropped_at IS NULL"), postgresql_where=text("dropped_at IS NULL"),
        ),
        CheckConstraint("enterprise_id IS NOT NULL", name="an_enterprise"),
        CheckConstraint("(origin = 'named') = (draw_id IS NULL)", name="drawn_by_a_draw"),
        CheckConstraint("(dropped_at IS NULL) = (dropped_reason IS NULL)", name="dropped_with_a_reason"),
        CheckConstraint("replaced_by_id IS NULL OR dropped_at IS NOT NULL", name="replaced_once_dropped"),
        CheckConstraint("opened_at IS NULL OR dropped_at IS NULL", name="opened_or_dropped"),
        Index("ix_supervision_units_plan", "plan_id", "id"),
        Index("ix_supervision_units_draw", "draw_id"),
        Index("ix_supervision_units_enterprise", "enterprise_id", "plan_id"),
    )  # fmt: skip


class UnitInspector(Base):
    """Who was drawn to go to one enterprise, instead of a team."""

    __tablename__ = "supervision_inspectors"

    unit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_units.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_members.id"), primary_key=True)

    __table_args__ = (Index("ix_supervision_inspectors_member", "member_id"),)


class RotaEntry(Base):
    """Which group inspects a union, and when."""

    __tablename__ = "supervision_rota"

    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    team_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("supervision_teams.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(500))  # why it was changed by hand
    changed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))

    __table_args__ = (
        CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL)", name="both_days"),
        CheckConstraint("starts_on IS NULL OR starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("(reason IS NULL) = (changed_by_id IS NULL)", name="changed_with_a_reason"),
        Index("ix_supervision_rota_union", "union_id"),
        Index("ix_supervision_rota_team", "team_id"),
    )


class RotaArrangement(Base):
    """What the rules last arranged the rota of a plan of (`rota/publication.py`), and what came of it: what is changed
    afterwards, by hand or in the groups, changes nothing here."""

    __tablename__ = "supervision_arrangements"

    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"), primary_key=True)
    setting: Mapped[dict[str, Any]]
    rota: Mapped[dict[str, Any]]  # the group of each union, by their ids
    arranged_at: Mapped[datetime]


class Draw(CancelAskedColumns, AncestorColumns, Base):
    """A draw of whom a plan visits. `frame` is what was published before the seed could be known; it holds the names of
    enterprises, so pages that do not need it leave it unread."""

    __tablename__ = "supervision_draws"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    status: Mapped[DrawStatus] = mapped_column(named_enum(DrawStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    terms: Mapped[dict[str, Any]]  # schemas.DrawTerms
    frame: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    frame_hash: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    due_on: Mapped[date]  # when the public value is out
    seed: Mapped[str | None] = mapped_column(EncryptedText())  # secret until the draw
    value: Mapped[str | None] = mapped_column(String(200))
    entered_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # None of those drawn by one
    places: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    drawn_at: Mapped[datetime | None]
    drawn_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    published_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None]  # None of those called off before this was kept
    created_at: Mapped[datetime]

    __table_args__ = (
        asked_as_a_whole(),
        CheckConstraint("cancelled_at IS NULL OR status = 'cancelled'", name="cancelled_when_cancelled"),
        CheckConstraint(
            "(frame_hash IS NULL) = (frozen_at IS NULL) AND (frame_hash IS NULL) = (seed IS NULL)"
            " AND (frozen_at IS NULL) = (frozen_by_id IS NULL)",
            name="frozen_as_a_whole",
        ),
        CheckConstraint(
            "status NOT IN ('frozen', 'valued', 'drawn', 'published') OR frozen_at IS NOT NULL", name="frozen_first"
        ),
        CheckConstraint(
            "(drawn_at IS NULL) = (drawn_by_id IS NULL) AND (drawn_at IS NULL OR value IS NOT NULL)",
            name="drawn_as_a_whole",
        ),
        CheckConstraint(
            "(entered_by_id IS NULL OR value IS NOT NULL) AND (status <> 'valued' OR entered_by_id IS NOT NULL)",
            name="entered_by_somebody",
        ),
        CheckConstraint(
            "drawn_by_id IS NULL OR entered_by_id IS NULL OR drawn_by_id <> entered_by_id", name="two_people"
        ),
        CheckConstraint("status NOT IN ('drawn', 'published') OR drawn_at IS NOT NULL", name="drawn_with_a_value"),
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published_when_published"),
        CheckConstraint("(status = 'cancelled') = (cancelled_reason IS NOT NULL)", name="cancelled_with_a_reason"),
        *index_each_level("ix_supervision_draws_{level}", "{level}_id", "id"),
        Index("ix_supervision_draws_plan", "plan_id", "id"),
        Index("ix_supervision_draws_waiting", "union_id", "status", "due_on"),
    )


class DrawNote(Base):
    """What is said of one enterprise before a draw, and why."""

    __tablename__ = "supervision_draw_notes"

    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_draws.id"), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    kind: Mapped[NoteKind] = mapped_column(named_enum(NoteKind, "kind"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("reason <> ''", name="with_a_reason"),
        Index("ix_supervision_draw_notes_union", "union_id"),
    )


class Recusal(Base):
    """Who does not go to which enterprise, and why."""

    __tablename__ = "supervision_recusals"

    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_members.id"), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("reason <> ''", name="with_a_reason"),
        Index("ix_supervision_recusals_member", "member_id"),
        Index("ix_supervision_recusals_union", "union_id"),
    )


class PlanChange(Base):
    """What was changed in a plan after it was published, and why. Not in the audit log: it is sealed, and people may be
    named here."""

    __tablename__ = "supervision_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("supervision_plans.id"))
    what: Mapped[str] = mapped_column(String(50))
    reason: Mapped[str] = mapped_column(String(500))
    changed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_supervision_changes_plan", "plan_id", "id"),)


class SupervisionSettings(Base):
    """How a union plans: visits of one enterprise in a year, what makes an enterprise weigh more in a draw."""

    __tablename__ = "supervision_settings"

    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    yearly_cap: Mapped[int]
    weights: Mapped[dict[str, Any]]  # schemas.Weights
    edited_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("yearly_cap BETWEEN 1 AND 50", name="cap_in_range"),)
