"""What the pages of incidents post and ask for."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from server.core.web.schemas import Day, In, Line
from server.oversight.incidents.models import IncidentKind
from server.oversight.incidents.texts import IN_TIME, KIND_NAMES
from server.unions.imports.sheets.words import Whole, turned, worded


class UnionQuery(In):
    """Of which union."""

    model_config = ConfigDict(extra="ignore")

    union: UUID | None = None


class IncidentFacts(In):
    """What is noted. How many people, never who."""

    kind: IncidentKind
    happened_on: Day
    words: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    in_time: bool
    deaths: Annotated[Whole, Field(ge=0, le=999)] = 0
    injured: Annotated[Whole, Field(ge=0, le=9999)] = 0
    source: Annotated[Line, StringConstraints(min_length=1, max_length=100)]

    @field_validator("deaths", "injured")
    @classmethod
    def _people_of_accidents(cls, people: int, info: ValidationInfo) -> int:
        if people and info.data.get("kind") is IncidentKind.ALERT:
            raise ValueError("预警没有伤亡人数，有伤亡的请登记成事故")
        return people


class IncidentIn(IncidentFacts):
    """The same of a union."""

    union: UUID


class IncidentRow(IncidentFacts):
    """The same in the words of a sheet."""

    kind: Annotated[IncidentKind, worded(turned(KIND_NAMES))]
    in_time: Annotated[bool, worded(turned(IN_TIME))]


class StrikeIn(In):
    """Why it was noted by mistake."""

    reason: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
