"""Filters of the dispatch list, as they stand in the address."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.core.web.schemas import Cursor, In
from server.review.escalation.models import OverdueKind


class Flag(StrEnum):
    """Enterprises that deserve a look of their own."""

    HIGH_RISK = "high_risk"
    CHEMICAL = "chemical"
    PRIVATE_SMALL = "private_small"


KIND_TEXTS = {OverdueKind.SUBMISSION: "审核", OverdueKind.RECTIFICATION: "整改"}
FLAG_TEXTS = {Flag.HIGH_RISK: "高危行业", Flag.CHEMICAL: "化工", Flag.PRIVATE_SMALL: "非公中小"}


class DispatchFilter(In):
    """What to show. Anything left out does not narrow it; `here` leaves what has climbed to the viewer's own unions."""

    kind: OverdueKind | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    union: UUID | None = None
    flag: Flag | None = None
    here: bool = False
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("here", mode="before")
    @classmethod
    def _absent_is_no(cls, value: object) -> object:
        return False if value in (None, "") else value
