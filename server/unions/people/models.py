"""Tables of people and their roles."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from server.core.db import Base, folded, named_enum
from server.core.text import MAX_KEY, search_key
from server.unions.roles import Role


class PhoneSource(StrEnum):
    """Who says that a number is somebody's. What people type about themselves never identifies them."""

    TYPED = "typed"  # by its holder, about themselves
    ENTERED = "entered"  # by those who manage people
    PROVED = "proved"  # by a code in a short message, or by WeChat


class SameBy(StrEnum):
    """Why two rows are one human being."""

    LINKED_PHONE = "linked_phone"
    UNIONID = "unionid"
    PHONE_NUMBER = "phone_number"


class Person(Base):
    """A human being. Workers are known by a WeChat identity, reviewers by an account; one person may have both."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(50))
    name_key: Mapped[str] = mapped_column(String(MAX_KEY), default=folded("name"))  # what searches compare
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    phone_source: Mapped[PhoneSource] = mapped_column(
        named_enum(PhoneSource, "phone_source"), default=PhoneSource.TYPED
    )
    enterprise_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    # Of the enterprise, by which the lists of a town are read. The database writes it (TOWN_OF_PEOPLE) alone.
    town_id: Mapped[UUID | None] = mapped_column(Uuid(), deferred=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("name IS NULL OR length(name) > 0", name="name_not_empty"),
        Index("ix_people_enterprise", "enterprise_id", "id"),
        Index("ix_people_town", "town_id", "id"),
        Index("ix_people_created", "created_at", "id"),
        # Few or none: their tab counted everybody to say so.
        Index(
            "ix_people_inactive", "id", sqlite_where=text("is_active IS 0"), postgresql_where=text("is_active IS FALSE")
        ),
    )

    @validates("name")
    def _fold_name(self, _key: str, name: str | None) -> str | None:
        self.name_key = search_key(name)
        return name


class OtherWorkplace(Base):
    """An enterprise where somebody works too: contractors, dispatched workers, riders. They say so themselves, nobody
    confirms it, and nothing is allowed by it."""

    __tablename__ = "other_workplaces"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    added_at: Mapped[datetime]


class PersonNameGram(Base):
    """A part of somebody's folded name, one character or two neighbours: what a search looks up. The database keeps
    these itself (triggers.py); nobody writes here."""

    __tablename__ = "person_name_grams"

    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)  # no reference: the triggers keep step

    __table_args__ = {"sqlite_with_rowid": False}


class SamePerson(Base):
    """Two rows of people that are one human being: what one did, the other did. Kept both ways round.

    It stays when a phone is unlinked: nobody becomes another person by that.
    """

    __tablename__ = "same_people"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True, index=True)
    same_by: Mapped[SameBy] = mapped_column(named_enum(SameBy, "same_by"))
    since: Mapped[datetime]


class WechatIdentity(Base):
    """A person as one WeChat application knows them."""

    __tablename__ = "wechat_identities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    app_id: Mapped[str] = mapped_column(String(40))
    openid: Mapped[str] = mapped_column(String(64))
    unionid: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("app_id", "openid"),)


class WechatUnion(Base):
    """The one person behind a unionid, by which WeChat knows somebody in every application of ours."""

    __tablename__ = "wechat_unionids"

    unionid: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]


class Receipt(Base):
    """Whoever reported without an account: all that is known of them is a digest of the code on their receipt."""

    __tablename__ = "receipts"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    code_key: Mapped[str] = mapped_column(String(64), unique=True)


class RoleAssignment(Base):
    """A role held at a union, and so over its subtree."""

    __tablename__ = "role_assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(named_enum(Role, "role"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)
    granted_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    granted_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("person_id", "role", "union_id"),
        CheckConstraint("role <> 'worker'", name="worker_is_not_granted"),
    )
