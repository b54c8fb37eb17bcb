"""What the pages of safety systems post and ask for."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from server.core.web.schemas import Day, In, Line, Prose

Version = Annotated[int, Field(ge=1)]


class SystemsQuery(In):
    """Below which union."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    union: UUID | None = None


class SystemIn(In):
    """A system to ask about; `version` of one that is there."""

    name: Annotated[Line, StringConstraints(min_length=2, max_length=50)]
    basis: Annotated[Line, StringConstraints(max_length=200)] = ""
    review_months: Annotated[int, Field(ge=1, le=120)] = 12
    is_asked: bool = False
    version: Version = 1


class StateIn(In):
    """An enterprise has it."""

    version: Version
    title: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    adopted_on: Day
    reviewed_on: Day | None = None
    next_review_on: Day | None = None
    note: Annotated[Line, StringConstraints(max_length=500)] = ""

    @field_validator("reviewed_on", "next_review_on", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        """Forms send every field, empty ones too."""
        return None if value == "" else value


class AdmitIn(In):
    """It has none, and perhaps until when it will."""

    version: Version
    note: Annotated[Line, StringConstraints(max_length=500)] = ""


class CheckIn(In):
    """A union looked at it."""

    version: Version


class ReturnIn(In):
    """It is none yet, and why."""

    version: Version
    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
