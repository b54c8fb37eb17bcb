"""Tables of training: sessions, who is asked to come, who was there, and what is kept of a person."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from server.core.db import Base, Tenths, folded, named_enum
from server.core.encryption import EncryptedText
from server.core.text import MAX_KEY, search_key
from server.kit.scope import AncestorColumns, index_each_level

COUNTED_SQLITE, COUNTED_POSTGRESQL = text("is_counted IS 1"), text("is_counted IS TRUE")  # as statements write it


class SessionKind(StrEnum):
    """What is held."""

    COURSE = "course"  # 课程
    LECTURE = "lecture"  # 讲座
    OPEN_LESSON = "open_lesson"  # 公开课
    DRILL = "drill"  # 应急演练
    ESCAPE_DRILL = "escape_drill"  # 逃生自救
    WARNING_LESSON = "warning_lesson"  # 警示教育


DRILLS = (SessionKind.DRILL, SessionKind.ESCAPE_DRILL)


class SessionStatus(StrEnum):
    """States of a session, from the plan to the archive."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    RUNNING = "running"
    INCOMPLETE = "incomplete"  # it is over, its papers are not whole
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


HIDDEN = (SessionStatus.PLANNED, SessionStatus.CANCELLED)
"""Whoever is asked to come does not see it."""
CHANGING = (SessionStatus.RUNNING, SessionStatus.INCOMPLETE, SessionStatus.RETURNED)
"""Who was there may still change: until its papers are handed in."""
HELD = (
    SessionStatus.INCOMPLETE, SessionStatus.IN_REVIEW, SessionStatus.RETURNED, SessionStatus.ARCHIVED
)  # fmt: skip
"""It took place."""


class Induction(StrEnum):
    """The three levels at which somebody new is taught before work."""

    COMPANY = "company"  # 厂级
    WORKSHOP = "workshop"  # 车间级
    TEAM = "team"  # 班组级


class CheckInMeans(StrEnum):
    """How it is known that somebody came. All are worth the same."""

    CODE = "code"  # the changing code on the trainer's screen
    SHEET = "sheet"  # a paper sheet, taken down afterwards
    TRAINER = "trainer"  # the trainer's word


class ConfirmedBy(StrEnum):
    """By what it is known that somebody stayed."""

    CHECK_OUT = "check_out"
    TEST = "test"
    TRAINER = "trainer"


class TrainingSession(AncestorColumns, Base):
    """A course, a lecture or a drill, held once. Lies where its organiser lies."""

    __tablename__ = "training_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[SessionKind] = mapped_column(named_enum(SessionKind, "kind"))
    status: Mapped[SessionStatus] = mapped_column(named_enum(SessionStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    organiser_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))

    title: Mapped[str] = mapped_column(String(100))
    theme: Mapped[str] = mapped_column(String(200), default="")
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    induction: Mapped[Induction | None] = mapped_column(named_enum(Induction, "induction"))
    venue: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]  # of the venue, WGS 84: only to say of a check-in that it came from elsewhere
    longitude: Mapped[float | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    check_in_from: Mapped[datetime]
    check_in_until: Mapped[datetime]
    check_out_from: Mapped[datetime]
    check_out_until: Mapped[datetime]
    hours: Mapped[Decimal] = mapped_column(Tenths)  # 学时
    trainer: Mapped[str] = mapped_column(String(100), default="")
    qualification: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str] = mapped_column(String(200), default="")
    planned_count: Mapped[int | None]
    plan: Mapped[str] = mapped_column(Text, default="")
    notice_link: Mapped[str] = mapped_column(String(300), default="")

    evaluation: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    cost_cents: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))  # why it was returned or called off, the last time

    planned_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    handed_in_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    handed_in_at: Mapped[datetime | None]
    archived_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("check_in_from < check_in_until AND check_out_from < check_out_until", name="windows_are_open"),
        CheckConstraint("hours > 0 AND hours <= 2000", name="hours_in_range"),
        CheckConstraint("planned_count IS NULL OR planned_count > 0", name="planned_count_positive"),
        CheckConstraint("cost_cents IS NULL OR cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="venue_is_whole"),
        CheckConstraint(
            "(status = 'archived') = (archived_at IS NOT NULL) AND (archived_at IS NULL) = (archived_by_id IS NULL)",
            name="archived_when_archived",
        ),
        CheckConstraint("status NOT IN ('in_review', 'archived') OR handed_in_at IS NOT NULL", name="handed_in_first"),
        CheckConstraint("status NOT IN ('returned', 'cancelled') OR reason IS NOT NULL", name="reason_is_given"),
        *index_each_level("ix_training_sessions_{level}", "{level}_id", "id"),
        *index_each_level("ix_training_sessions_{level}_status", "status", "{level}_id", "id"),
        Index("ix_training_sessions_organiser", "organiser_id", "status", "id"),
        Index("ix_training_sessions_open", "status", "starts_at"),
    )


class TrainingInvitation(Base):
    """A union whose people are asked to come: an enterprise, or all below a town, a district or the city."""

    __tablename__ = "training_invitations"

    session_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("training_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    starts_at: Mapped[datetime]  # the session's: what a phone lists is found by one index

    __table_args__ = (Index("ix_training_invitations_union", "union_id", "starts_at", "session_id"),)


class Attendance(AncestorColumns, Base):
    """Somebody at a session, under the enterprise of that day: one row for each person and session.

    `person_id` is NULL for who is not in the system; `who` tells one from another all the same (`rules.identify`), and
    counts somebody once over many sessions. It is counted (`is_counted`) once it is known that they came and stayed.
    `kind` and `held_on` are the session's, so that coverage is read from here alone.
    """

    __tablename__ = "training_attendances"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    who: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(50))
    name_key: Mapped[str] = mapped_column(String(MAX_KEY), default=folded("name"))
    phone: Mapped[str | None] = mapped_column(String(20))
    enterprise_name: Mapped[str] = mapped_column(String(100), default="")  # as it was written on the sheet
    team_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    team: Mapped[str] = mapped_column(String(50), default="")
    post: Mapped[str] = mapped_column(String(50), default="")
    is_officer: Mapped[bool] = mapped_column(default=False)  # the safety officer, or head, of the enterprise

    kind: Mapped[SessionKind] = mapped_column(named_enum(SessionKind, "kind"))
    held_on: Mapped[date]
    means: Mapped[CheckInMeans] = mapped_column(named_enum(CheckInMeans, "means"))
    checked_in_at: Mapped[datetime]
    checked_out_at: Mapped[datetime | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(named_enum(ConfirmedBy, "confirmed_by"))
    confirmed_at: Mapped[datetime | None]
    is_struck: Mapped[bool] = mapped_column(default=False)  # by the trainer: they were not there
    is_counted: Mapped[bool] = mapped_column(default=False)
    score: Mapped[Decimal | None] = mapped_column(Tenths)
    distance: Mapped[int | None]  # rules.DISTANCES: the class alone; where somebody was is not kept
    device: Mapped[str | None] = mapped_column(String(32))  # tells devices of one session apart, nothing else
    flags: Mapped[list[Any]] = mapped_column(default=list)  # rules.Flag
    note: Mapped[str] = mapped_column(String(500), default="")  # why the trainer changed something, the last time
    recorded_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who took it down for them
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("session_id", "who"),
        UniqueConstraint("session_id", "person_id"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_is_whole"),
        CheckConstraint("NOT is_counted OR (confirmed_by IS NOT NULL AND NOT is_struck)", name="counted_when_known"),
        CheckConstraint("distance IS NULL OR distance >= 0", name="distance_not_negative"),
        Index("ix_training_attendances_session", "session_id", "id"),
        Index("ix_training_attendances_device", "session_id", "device"),
        Index("ix_training_attendances_person", "person_id", "held_on"),
        # Where else somebody was: they count for one enterprise.
        Index(
            "ix_training_attendances_who", "who", "held_on", "id", "enterprise_id", sqlite_where=COUNTED_SQLITE,
            postgresql_where=COUNTED_POSTGRESQL,
        ),
        *index_each_level("ix_training_attendances_{level}", "{level}_id", "id"),
        # What coverage counts, read off the index alone: by day, then whom of which enterprise.
        *(
            Index(
                f"ix_training_attendances_{level}_counted", f"{level}_id", "held_on", "enterprise_id", "who",
                sqlite_where=COUNTED_SQLITE, postgresql_where=COUNTED_POSTGRESQL,
            )
            for level in ("city", "district", "town")
        ),
        Index(
            "ix_training_attendances_enterprise_counted", "enterprise_id", "held_on", "who",
            sqlite_where=COUNTED_SQLITE, postgresql_where=COUNTED_POSTGRESQL,
        ),
    )  # fmt: skip

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_key = search_key(name)
        return name


class Headcount(AncestorColumns, Base):
    """How many more of an enterprise were at a session than are on its list: there is a number and no names."""

    __tablename__ = "training_headcounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"))
    held_on: Mapped[date]  # the session's, so that coverage is read from here alone
    people: Mapped[int]
    note: Mapped[str] = mapped_column(String(500))  # why there are no names, and whose number it is
    recorded_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("session_id", "enterprise_id"),
        CheckConstraint("people BETWEEN 1 AND 100000", name="people_in_range"),
        CheckConstraint("enterprise_id IS NOT NULL", name="of_an_enterprise"),
        *index_each_level("ix_training_headcounts_{level}", "{level}_id", "held_on", "id"),
    )


class EmploymentKind(StrEnum):
    """How somebody works for the enterprise."""

    OWN = "own"  # 本单位职工
    DISPATCHED = "dispatched"  # 劳务派遣
    CONTRACTOR = "contractor"  # 外包人员
    INTERN = "intern"  # 实习学生


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class TrainingCard(Base):
    """What the record of a person (一人一档) says beside where they were: kept by their enterprise's union."""

    __tablename__ = "training_cards"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    sex: Mapped[Sex | None] = mapped_column(named_enum(Sex, "sex"))
    id_number: Mapped[str | None] = mapped_column(EncryptedText)  # shown masked, never whole
    employment: Mapped[EmploymentKind | None] = mapped_column(named_enum(EmploymentKind, "employment"))
    entered_on: Mapped[date | None]
    post: Mapped[str] = mapped_column(String(50), default="")
    updated_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    updated_at: Mapped[datetime]


class SpecialPermit(Base):
    """A special-operation certificate (特种作业证) of a person."""

    __tablename__ = "special_permits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(50))  # 作业类别
    number: Mapped[str] = mapped_column(String(40))
    issued_on: Mapped[date]
    review_on: Mapped[date | None]  # when it is to be reviewed
    recorded_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "number"),
        CheckConstraint("review_on IS NULL OR review_on > issued_on", name="reviewed_after_issue"),
    )
