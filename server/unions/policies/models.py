"""The table of versions of the privacy policy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import FILLED_BY_MIGRATION, Base

DRAFT = "draft"
"""The name of what is not published: it is unique like every name, so there is one draft at most."""


class PolicyVersion(Base):
    """A version of the policy. Published, it never changes again. The texts hold one item a line.

    `widens`: it allows more than the version before, so that whoever agreed to that one is asked anew. `processor` and
    `contact` are empty in versions that came with the program: the settings say them. `by_settings` names those outside
    whom the settings of its day brought in, beside the third parties that the union wrote down.
    """

    __tablename__ = "policy_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    processor: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(200))
    collected: Mapped[str] = mapped_column(Text)
    seen_by: Mapped[str] = mapped_column(Text)
    third_parties: Mapped[str] = mapped_column(Text)
    by_settings: Mapped[str] = mapped_column(Text, default="")
    retention: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    widens: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)  # of the row, while it is a draft
    edited_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"(name = '{DRAFT}') = (published_at IS NULL)", name="named_when_published"),
        {"info": {FILLED_BY_MIGRATION: True}},
    )
