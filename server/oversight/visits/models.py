"""Tables of visits: who goes where, what workers said, what was found, who signed.

A finding is a rectification of `review` from the moment the opinion is sent (`submission_id`); what becomes of it is
there, and nowhere else.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level
from server.unions.roles import Level


class VisitMode(StrEnum):
    """How a visit comes about."""

    RANDOM = "random"  # 随机抽查
    CROSS = "cross"  # 交叉督导
    LEADERS = "leaders"  # 领导带队专项督导
    UNANNOUNCED = "unannounced"  # 四不两直


class VisitStatus(StrEnum):
    """States of a visit."""

    PLANNED = "planned"
    RECORDED = "recorded"  # both sides signed, or that one would not is noted
    SENT = "sent"  # the opinion is with the enterprise, its findings are rectifications
    CANCELLED = "cancelled"


class FindingKind(StrEnum):
    """What is unsafe: 人, 物, 环境, 管理."""

    PEOPLE = "people"
    THINGS = "things"
    SURROUNDINGS = "surroundings"
    MANAGEMENT = "management"


class Side(StrEnum):
    """Who signs."""

    TEAM = "team"
    ENTERPRISE = "enterprise"


class SignedBy(StrEnum):
    """How: drawn with a finger, by a typed name, or not at all."""

    DRAWN = "drawn"
    TYPED = "typed"
    REFUSED = "refused"


class HandoverCause(StrEnum):
    """Why a finding is handed to the authority."""

    MAJOR = "major"
    REFUSED = "refused"  # the enterprise does not put it right


class Visit(AncestorColumns, Base):
    """A team at an enterprise, planned or done. It lies where the enterprise lies; `organizer_id` is that enterprise's
    town, district or city, in whose name the opinion is sent."""

    __tablename__ = "visits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[VisitStatus] = mapped_column(named_enum(VisitStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    mode: Mapped[VisitMode] = mapped_column(named_enum(VisitMode, "mode"))
    occasion: Mapped[str] = mapped_column(String(100))  # the title of the plan
    source_id: Mapped[UUID | None]  # the row of the slice above that asked for it, in a table of its own
    organizer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    organizer_level: Mapped[Level] = mapped_column(named_enum(Level, "organizer_level"))
    team_name: Mapped[str] = mapped_column(String(100), default="")  # 第三组
    basis: Mapped[str] = mapped_column(String(500), default="")
    planned_from: Mapped[date]
    planned_to: Mapped[date]
    form_version_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("form_versions.id"))

    visited_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as assignments.forms.rules takes them
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    situation: Mapped[str] = mapped_column(Text, default="")  # 督导情况
    activities: Mapped[str] = mapped_column(Text, default="")  # 所督导单位开展活动情况
    record_key: Mapped[UUID | None]  # made by whoever sent the record: the same one again changes nothing
    record_hash: Mapped[str | None] = mapped_column(String(64))
    recorded_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    recorded_at: Mapped[datetime | None]

    number: Mapped[str | None] = mapped_column(String(60))  # of the opinion
    sent_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    sent_at: Mapped[datetime | None]
    reply_on: Mapped[date | None]  # until when the enterprise is asked to answer

    opened_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("planned_from <= planned_to", name="planned_in_order"),
        CheckConstraint("organizer_level IN ('city', 'district', 'town')", name="organizer_above_enterprise"),
        CheckConstraint(
            "(visited_on IS NULL) = (recorded_at IS NULL) AND (visited_on IS NULL) = (recorded_by_id IS NULL)"
            " AND (visited_on IS NULL) = (record_key IS NULL) AND (visited_on IS NULL) = (record_hash IS NULL)",
            name="record_is_whole",
        ),
        CheckConstraint("status NOT IN ('recorded', 'sent') OR visited_on IS NOT NULL", name="recorded_with_a_record"),
        CheckConstraint(
            "(status = 'sent') = (sent_at IS NOT NULL) AND (sent_at IS NULL) = (number IS NULL)"
            " AND (sent_at IS NULL) = (sent_by_id IS NULL) AND (sent_at IS NULL) = (reply_on IS NULL)",
            name="sending_is_whole",
        ),
        Index("ix_visits_enterprise_day", "enterprise_id", "planned_from"),
        Index("ix_visits_organizer", "organizer_id", "id"),
        Index("ix_visits_source", "source_id"),
        *index_each_level("ix_visits_{level}", "{level}_id", "id"),
        *index_each_level("ix_visits_{level}_status", "status", "{level}_id", "id"),
    )


class VisitMember(Base):
    """Somebody of the team: a reviewer, or in words (an expert's role, a guest of the department)."""

    __tablename__ = "visit_members"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visits.id", ondelete="CASCADE"))
    position: Mapped[int]
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(String(100), default="")
    is_leader: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("visit_id", "position"),
        CheckConstraint("person_id IS NOT NULL OR words <> ''", name="somebody"),
        Index("ix_visit_members_person", "person_id", "visit_id"),
    )


class VisitTalk(Base):
    """A talk with workers without their managers. There is no place for a name: who said it cannot be found out."""

    __tablename__ = "visit_talks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visits.id", ondelete="CASCADE"))
    position: Mapped[int]
    people: Mapped[int]
    topics: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("visit_id", "position"),
        CheckConstraint("people BETWEEN 1 AND 500", name="people_in_range"),
    )


class VisitFinding(Base):
    """Something to put right. Whether what is suspected is a major hazard, somebody competent says."""

    __tablename__ = "visit_findings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visits.id", ondelete="CASCADE"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(500))
    basis: Mapped[str] = mapped_column(String(200), default="")  # law and article
    kind: Mapped[FindingKind] = mapped_column(named_enum(FindingKind, "kind"))
    grade: Mapped[int]
    suspected_major: Mapped[str] = mapped_column(String(200), default="")  # standard and clause
    suggestion: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date]
    owner: Mapped[str] = mapped_column(String(50), default="")
    # With `owner` and `due_on` the five that have to be settled of a major hazard (五落实):
    measures: Mapped[str] = mapped_column(String(500), default="")
    funds: Mapped[str] = mapped_column(String(200), default="")
    emergency_plan: Mapped[str] = mapped_column(String(500), default="")
    settled_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # after the opinion was sent
    settled_at: Mapped[datetime | None]
    submission_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id"), unique=True)

    is_major: Mapped[bool | None]
    judge: Mapped[str | None] = mapped_column(String(100))  # who judged: name and qualification
    judged_words: Mapped[str | None] = mapped_column(String(500))
    judged_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who noted it down
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("visit_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_in_range"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
        CheckConstraint("(is_major IS NULL) = (judged_at IS NULL) AND (is_major IS NULL) = (judge IS NULL)",
                        name="judgement_is_whole"),
    )  # fmt: skip


class VisitSignature(Base):
    """That one side signed, or would not and why, before whom. What was drawn is a file of the visit."""

    __tablename__ = "visit_signatures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visits.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(named_enum(Side, "side"))
    way: Mapped[SignedBy] = mapped_column(named_enum(SignedBy, "way"))
    name: Mapped[str] = mapped_column(String(50), default="")
    post: Mapped[str] = mapped_column(String(50), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    witness: Mapped[str] = mapped_column(String(50), default="")
    file_id: Mapped[UUID | None]
    signed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("visit_id", "side"),
        CheckConstraint("way = 'refused' OR name <> ''", name="signed_with_a_name"),
        CheckConstraint("way <> 'refused' OR (reason <> '' AND witness <> '')", name="refused_with_reason"),
        CheckConstraint("(way = 'drawn') = (file_id IS NOT NULL)", name="drawn_with_a_file"),
    )


class VisitHandover(Base):
    """A finding that the union asked the authority to deal with (移送), and what that said. It has a paper of its own.
    The rectification goes on beside it."""

    __tablename__ = "visit_handovers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visit_findings.id"), unique=True)
    cause: Mapped[HandoverCause] = mapped_column(named_enum(HandoverCause, "cause"))
    department: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(String(500))
    number: Mapped[str] = mapped_column(String(60))
    handed_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    handed_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who noted it down

    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
                        name="answer_is_whole"),
    )  # fmt: skip


class VisitDraft(Base):
    """What a team has noted and not sent yet, shared by its devices. It is right in nothing but its size; sending the
    record ends it."""

    __tablename__ = "visit_drafts"

    visit_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]  # grows with every save
    content: Mapped[dict[str, Any]]  # schemas.DraftContent
    edited_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]
