"""What the pages of coverage post and ask for."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from server.core.web.schemas import Day, In, Line
from server.oversight.coverage.counting.rules import Part
from server.unions.imports.sheets.words import Whole

Heads = Annotated[Whole, Field(ge=0, le=1_000_000)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=50)]


class CoverageQuery(In):
    """Which part of the tree in which period, cut by what, of which enterprises; the flags add up."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    union: UUID | None = None
    period: UUID | None = None
    by: Part = Part.ALL  # units below
    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False

    def to_query(self, **changes: object) -> str:
        """The query of the same page with some changes."""
        values = self.model_dump(mode="json", exclude_defaults=True) | changes
        return urlencode({key: value for key, value in values.items() if value not in (None, "", False)})


class DenominatorIn(In):
    """How many there were on a day, and who signed for it."""

    as_of: Day
    own: Heads
    dispatched: Heads = 0
    contractors: Heads = 0
    officers_required: Annotated[Whole, Field(ge=1, le=1000)] = 1
    teams: Annotated[Whole, Field(ge=0, le=10_000)] = 0
    evidence: Annotated[Line, StringConstraints(max_length=100)] = ""
    signed_by: Name


class OfficerIn(In):
    """Somebody who answers for safety."""

    name: Name
    post: Annotated[Line, StringConstraints(max_length=50)] = ""
