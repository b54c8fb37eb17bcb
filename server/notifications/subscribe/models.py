"""Tables of consents, message templates and messages sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.occasions import Occasion


class SendState(StrEnum):
    """How far a subscribe message has come. What failed has its reason."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MessageTemplate(Base):
    """How an occasion is told by a template that WeChat approved. `fields`: [{"key", "label", "text"}]."""

    __tablename__ = "message_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(named_enum(Occasion, "occasion"), unique=True)
    template_id: Mapped[str] = mapped_column(String(64), unique=True)
    page: Mapped[str] = mapped_column(String(200))
    fields: Mapped[list[Any]]
    is_active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))


class Consent(Base):
    """One “允许” of a person: it is good for one message by that template, without end."""

    __tablename__ = "subscribe_consents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    template_id: Mapped[str] = mapped_column(String(64))
    granted_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    message_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("subscribe_messages.id"), unique=True)

    __table_args__ = (
        Index(
            "ix_subscribe_consents_unspent",
            "person_id",
            "template_id",
            "id",
            sqlite_where=text("spent_at IS NULL"),
            postgresql_where=text("spent_at IS NULL"),
        ),
        CheckConstraint("message_id IS NULL OR spent_at IS NOT NULL", name="spent_for_message"),
    )


class SubscribeMessage(Base):
    """An inbox message that was also to be sent by WeChat: whether it was, or why not."""

    __tablename__ = "subscribe_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # that of the inbox message
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    about: Mapped[str] = mapped_column(String(60))  # what happened: `award.paid`
    template_id: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]]
    state: Mapped[SendState] = mapped_column(named_enum(SendState, "send_state"))
    reason: Mapped[str | None] = mapped_column(String(60))
    attempts: Mapped[int] = mapped_column(default=0)
    sending_at: Mapped[datetime | None]  # set before WeChat is asked, so that a crash never sends twice
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name="failed_has_reason"),
    )
