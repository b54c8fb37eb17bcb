"""Tables of pushes received, followers, the drafts they begin in the chat, and what is said to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Door(StrEnum):
    """Whose pushes come in: the address that is set in the console of each."""

    OFFICIAL_ACCOUNT = "official_account"
    MINI_PROGRAM = "mini_program"


class PictureState(StrEnum):
    """How far a picture sent in the chat has come."""

    AWAITED = "awaited"  # WeChat still has it
    KEPT = "kept"
    REFUSED = "refused"  # cannot be had, or is no photo


class ReceivedPush(Base):
    """A push, known by `key` however often it is delivered. Its content is erased once it is dealt with.

    `seal` is of the moment and the nonce it was signed with: good for one push, so that a signature seen on its way
    cannot be put under another.
    """

    __tablename__ = "wechat_pushes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    door: Mapped[Door] = mapped_column(named_enum(Door, "door"))
    key: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
    openid: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("door", "key"),
        UniqueConstraint("door", "seal"),
        CheckConstraint("(done_at IS NULL) = (content IS NOT NULL)", name="content_until_done"),
        CheckConstraint("(done_at IS NULL) = (openid IS NOT NULL)", name="openid_until_done"),
        Index(
            "ix_wechat_pushes_waiting",
            "openid",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )


class Follower(Base):
    """Somebody as the official account knows them; `person_id` once it is known who that is.

    WeChat lets us say `answers_left` things until `answers_until`. A scanned code asks whether they belong to an
    enterprise: `asked_union_id`, until `asked_until`. Nothing that they send is kept before they have agreed to the
    privacy policy: `agreed_version` is of a consent given here by somebody whom no person of ours is known to be.
    """

    __tablename__ = "channel_followers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    app_id: Mapped[str] = mapped_column(String(40))
    openid: Mapped[str] = mapped_column(String(64))
    unionid: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    answers_left: Mapped[int] = mapped_column(default=0)
    answers_until: Mapped[datetime | None]
    asked_union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    asked_until: Mapped[datetime | None]
    agreed_version: Mapped[str | None] = mapped_column(String(40))
    agreed_at: Mapped[datetime | None]
    consent_asked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("app_id", "openid"),
        CheckConstraint("answers_left BETWEEN 0 AND 5", name="answers_within_wechats_limit"),
        CheckConstraint("(asked_union_id IS NULL) = (asked_until IS NULL)", name="question_is_whole"),
    )


class Draft(Base):
    """A hazard begun in the chat. Its id becomes the hazard's, `person_id` is whoever opened its link first."""

    __tablename__ = "channel_drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    follower_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("channel_followers.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    revision: Mapped[int] = mapped_column(default=0)
    told_revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        CheckConstraint("told_revision <= revision", name="told_what_is"),
    )


class DraftPhoto(Base):
    """A picture of a draft."""

    __tablename__ = "channel_draft_photos"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("channel_drafts.id", ondelete="CASCADE"))
    position: Mapped[int]
    media_id: Mapped[str] = mapped_column(String(256))
    state: Mapped[PictureState] = mapped_column(named_enum(PictureState, "state"), default=PictureState.AWAITED)
    reason: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("draft_id", "position"),
        CheckConstraint("(state = 'kept') = (sha256 IS NOT NULL AND size IS NOT NULL)", name="kept_is_whole"),
        CheckConstraint("(state = 'kept') = (media_type IS NOT NULL)", name="kept_has_a_type"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_with_reason"),
    )


class Voice(Base):
    """A voice message: of a draft, then of the report that this became. WeChat's file is made into what every phone
    plays. One can be known by one's voice: an anonymous report keeps none.

    `heard` is what WeChat made of it, which has joined the words of the draft.
    """

    __tablename__ = "channel_voices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID | None] = mapped_column(
        Uuid(), ForeignKey("channel_drafts.id", ondelete="CASCADE"), index=True
    )
    submission_id: Mapped[UUID | None] = mapped_column(
        Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    media_id: Mapped[str] = mapped_column(String(256))
    heard: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PictureState] = mapped_column(named_enum(PictureState, "state"), default=PictureState.AWAITED)
    reason: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None]
    seconds: Mapped[int | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(draft_id IS NULL) <> (submission_id IS NULL)", name="of_one"),
        CheckConstraint("(state = 'kept') = (size IS NOT NULL AND seconds IS NOT NULL)", name="kept_is_whole"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_with_reason"),
    )


class ChatAnswer(Base):
    """Something to be said to a follower by a customer-service message; gone once it is said, or cannot be."""

    __tablename__ = "channel_answers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    follower_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("channel_followers.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    sending_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
