"""Tables of coverage: dated and signed denominators, who answers for safety, and what is counted per period.

What is counted (facts and sums) can be counted anew from denominators, unions and attendances.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from server.core.db import Base, folded, named_enum
from server.core.text import MAX_KEY, search_key
from server.kit.scope import AncestorColumns, index_each_level
from server.unions.tree.models import Ownership, Size


class DenominatorSource(StrEnum):
    """How a denominator came in."""

    ENTERPRISE = "enterprise"  # its own reviewer
    UNION = "union"  # a union above
    SHEET = "sheet"  # a table that a union imported


class Denominator(Base):
    """How many an enterprise had on a day, and who signed for it. A later one does not replace it: what a period is
    divided by is the last one of its days."""

    __tablename__ = "coverage_denominators"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    as_of: Mapped[date]
    own: Mapped[int]
    dispatched: Mapped[int]  # 劳务派遣
    contractors: Mapped[int]  # 长期承包商
    officers_required: Mapped[int]
    teams: Mapped[int]
    source: Mapped[DenominatorSource] = mapped_column(named_enum(DenominatorSource, "source"))
    evidence: Mapped[str] = mapped_column(String(100), default="")  # what it was taken from: 社保缴费人数
    signed_by: Mapped[str] = mapped_column(String(50))
    entered_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("own >= 0 AND dispatched >= 0 AND contractors >= 0", name="heads_not_negative"),
        CheckConstraint("officers_required >= 1", name="one_officer_at_least"),
        CheckConstraint("teams >= 0", name="teams_not_negative"),
        CheckConstraint("length(signed_by) > 0", name="signed"),
        Index("ix_coverage_denominators_enterprise", "enterprise_id", "as_of", "id"),
        Index("ix_coverage_denominators_entered_by", "entered_by_id"),
    )


class ReportedDenominator(Base):
    """A denominator that came of an answer to an assignment, and of which version of it: there is one for each
    recipient, and that of a correction takes its place."""

    __tablename__ = "coverage_reported"

    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"), primary_key=True)
    denominator_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("coverage_denominators.id"), unique=True)
    number: Mapped[int]

    __table_args__ = (CheckConstraint("number >= 1", name="numbered_from_one"),)


class NamedOfficer(Base):
    """Somebody else who answers for safety at an enterprise, beside the one on the page of the union."""

    __tablename__ = "coverage_officers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    name: Mapped[str] = mapped_column(String(50))
    name_key: Mapped[str] = mapped_column(String(MAX_KEY), default=folded("name"))
    post: Mapped[str] = mapped_column(String(50), default="")
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # where one of that name is known
    named_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        CheckConstraint("ended_at IS NULL OR ended_at >= named_at", name="ended_after_named"),
        Index(
            "uq_coverage_officers_standing", "enterprise_id", "name_key", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_coverage_officers_person", "person_id"),
        Index("ix_coverage_officers_named_by", "named_by_id"),
    )  # fmt: skip

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_key = search_key(name)
        return name


class CoveragePeriod(Base):
    """The days in which somebody is counted once: a calendar year, or those of a campaign."""

    __tablename__ = "coverage_periods"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("campaigns.id"), unique=True)
    year: Mapped[int | None] = mapped_column(unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("(campaign_id IS NULL) = (year IS NOT NULL)", name="a_year_or_a_campaign"),
        CheckConstraint("starts_on <= ends_on", name="runs_forward"),
    )


class OfficerState(StrEnum):
    """Whether somebody who answers for safety at an enterprise was there."""

    COVERED = "covered"
    MISSING = "missing"
    UNNAMED = "unnamed"  # 无负责人信息: not covered either


class CoverageFact(AncestorColumns, Base):
    """One enterprise in one period, as it was counted last: what lists show, and what is taken out of the sums before
    it is counted again."""

    __tablename__ = "coverage_facts"
    stays_put = "taken out of the sums where it was counted, before it is counted where the enterprise lies now"

    period_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("coverage_periods.id"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)  # never without
    industry: Mapped[str] = mapped_column(String(40), default="")
    ownership: Mapped[Ownership | None] = mapped_column(named_enum(Ownership, "ownership"))
    size: Mapped[Size | None] = mapped_column(named_enum(Size, "size"))
    flags: Mapped[int]  # of the tree's Flag, a bit each

    as_of: Mapped[date | None]  # of the denominator; without one the headcount is what the page of the union says
    own: Mapped[int]
    dispatched: Mapped[int]
    contractors: Mapped[int]
    headcount: Mapped[int]
    attended: Mapped[int]  # never above the headcount
    named: Mapped[int]  # persons whom the system knows
    unnamed: Mapped[int]  # names of a sheet alone
    roster: Mapped[int]  # persons whom the system knows at the enterprise
    officers_required: Mapped[int]
    officers_attended: Mapped[int]  # never above those required
    officer_state: Mapped[OfficerState] = mapped_column(named_enum(OfficerState, "officer_state"))
    teams: Mapped[int]
    teams_drilled: Mapped[int]  # never above the teams
    plans: Mapped[int]  # emergency plans of the register that stood in the period
    plans_drilled: Mapped[int]  # of these
    workers_left: Mapped[bool]
    teams_left: Mapped[bool]
    is_signed: Mapped[bool]

    __table_args__ = (
        CheckConstraint("attended >= 0 AND attended <= headcount", name="attended_within_headcount"),
        CheckConstraint("teams_drilled >= 0 AND teams_drilled <= teams", name="drilled_within_teams"),
        CheckConstraint("plans_drilled >= 0 AND plans_drilled <= plans", name="drilled_within_plans"),
        CheckConstraint("officers_attended <= officers_required", name="officers_within_required"),
        CheckConstraint("is_signed = (as_of IS NOT NULL)", name="signed_is_dated"),
        CheckConstraint("workers_left = (attended < headcount)", name="workers_left_follows"),
        CheckConstraint("teams_left = (teams_drilled < teams)", name="teams_left_follows"),
        # Every tab of the list of gaps is read off the index.
        *index_each_level(
            "ix_coverage_facts_{level}", "period_id", "{level}_id", "enterprise_id", "officer_state", "workers_left",
            "teams_left", "is_signed", levels=("city", "district", "town"),
        ),
    )  # fmt: skip


class CoverageSum(Base):
    """Facts added up below one union: all of them, or a part (`part` and `key`: an industry, a size, an ownership), of
    enterprises that have at least these `flags`. The key is in the order of reading."""

    __tablename__ = "coverage_sums"

    period_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    flags: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)

    enterprises: Mapped[int]
    officers_required: Mapped[int]
    officers_attended: Mapped[int]
    officers_covered: Mapped[int]  # enterprises
    officers_unnamed: Mapped[int]  # enterprises
    own: Mapped[int]
    dispatched: Mapped[int]
    contractors: Mapped[int]
    headcount: Mapped[int]
    attended: Mapped[int]
    named: Mapped[int]
    unnamed: Mapped[int]
    roster: Mapped[int]
    teams: Mapped[int]
    teams_drilled: Mapped[int]
    plans: Mapped[int]
    plans_drilled: Mapped[int]
    unsigned: Mapped[int]  # enterprises whose headcount nobody signed


class CoverageChange(Base):
    """An enterprise of which something changed that is counted. Written by triggers, taken away by the job that counts
    it again; the same one may stand here more than once."""

    __tablename__ = "coverage_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid())  # no reference: it may be gone since


class CoverageReminder(Base):
    """The day on which an enterprise was reminded last: once a day at most, whoever asks."""

    __tablename__ = "coverage_reminders"

    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    reminded_on: Mapped[date]
    reminded_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))

    __table_args__ = (Index("ix_coverage_reminders_by", "reminded_by_id"),)
