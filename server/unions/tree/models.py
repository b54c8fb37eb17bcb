"""Tables of the tree of unions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Uuid, case, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from server.core.db import Base, folded, named_enum
from server.core.text import MAX_KEY, search_key
from server.unions.roles import Level


class Affiliation(StrEnum):
    """How a unit at district level stands to the city federation."""

    DISTRICT = "district"  # 区市总工会
    DIRECT = "direct"  # 市直单位工会
    CENTRAL = "central"  # 中央驻青单位工会
    PROVINCIAL = "provincial"  # 省驻青单位工会


class Ownership(StrEnum):
    STATE = "state"
    COLLECTIVE = "collective"
    PRIVATE = "private"
    FOREIGN = "foreign"
    MIXED = "mixed"


class Size(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class Union(Base):
    """A union at any level. It carries its ancestors, itself included, so that scope is one comparison."""

    __tablename__ = "unions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    level: Mapped[Level] = mapped_column(named_enum(Level, "level"))
    affiliation: Mapped[Affiliation | None] = mapped_column(named_enum(Affiliation, "affiliation"))
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(MAX_KEY), default=folded("name"))  # what searches compare
    short_name: Mapped[str] = mapped_column(String(50), default="")
    adcode: Mapped[str | None] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40), unique=True)  # the federation's own number, for imports
    code_key: Mapped[str] = mapped_column(String(MAX_KEY), default=folded("code"))

    city_id: Mapped[UUID | None]
    district_id: Mapped[UUID | None]
    town_id: Mapped[UUID | None]
    enterprise_id: Mapped[UUID | None]

    industry: Mapped[str | None] = mapped_column(String(40))
    ownership: Mapped[Ownership | None] = mapped_column(named_enum(Ownership, "ownership"))
    size: Mapped[Size | None] = mapped_column(named_enum(Size, "size"))
    is_high_risk: Mapped[bool] = mapped_column(default=False)
    is_chemical: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[str | None] = mapped_column(String(250))  # as lookup.tags keeps them
    headcount: Mapped[int | None]
    safety_officer_name: Mapped[str | None] = mapped_column(String(50))
    safety_officer_phone: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(200))
    invite_code: Mapped[str | None] = mapped_column(String(16), unique=True)

    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(level = 'city') = (parent_id IS NULL)", name="only_the_city_is_the_root"),
        CheckConstraint("affiliation IS NULL OR level = 'district'", name="affiliation_at_district_level"),
        CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount_not_negative"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        Index("uq_unions_name_under_parent", "parent_id", "name", unique=True),
        # With the id: lists that go enterprise by enterprise read those of a subtree in that order.
        *(Index(f"ix_unions_{level}", f"{level}_id", "id") for level in ("city", "district", "town", "enterprise")),
        Index(
            "ix_unions_enterprise_names",
            "name",
            "id",
            "is_active",
            "name_key",
            sqlite_where=text("level = 'enterprise'"),
            postgresql_where=text("level = 'enterprise'"),
        ),
    )

    @classmethod
    def official_order(cls) -> tuple[ColumnElement[Any], ...]:
        """As the federation lists its unions: by administrative division, then by its own number, only then by name."""
        has_no_area, has_no_code = (case((each.is_(None), 1), else_=0) for each in (cls.adcode, cls.code))
        return has_no_area, cls.adcode.expression, has_no_code, cls.code.expression, cls.name.expression

    @validates("name", "code")
    def _fold(self, key: str, text: str | None) -> str | None:
        setattr(self, f"{key}_key", search_key(text))
        return text


class UnionTrait(Base):
    """What was said of one trait of an enterprise, such as 管道气. A later answer replaces it; what it was stays."""

    __tablename__ = "union_traits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    trait: Mapped[str] = mapped_column(String(40))  # a code of lookup.traits.TRAITS
    holds: Mapped[bool]
    answered_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    answered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]  # when another answer took its place

    __table_args__ = (
        CheckConstraint("replaced_at IS NULL OR replaced_at >= answered_at", name="replaced_after_answered"),
        Index(
            "uq_union_traits_standing",
            "union_id",
            "trait",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index("ix_union_traits_union", "union_id", "answered_at"),
        Index("ix_union_traits_answered_by", "answered_by_id"),
    )
