"""Shapes of locations."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from server.activities.locations.models import LocationKind
from server.activities.locations.rules import NAME, WHEREABOUTS
from server.core.web.schemas import Cursor, In, Line, Out, Page, Prose
from server.unions.tree.schemas import EnterpriseOut


class LocationOut(Out):
    """A location to fill in; `place` reads like 三号车间东侧 · 2号冲床."""

    code: str
    kind: LocationKind
    name: str
    place: str


class LocatedOut(LocationOut):
    """The same with its enterprise, as a scanned code opens it; `is_active` false: the code is out of use."""

    enterprise: EnterpriseOut
    is_active: bool


class LocationPage(Page[LocationOut]):
    """A page of locations."""


class LocationQuery(In):
    """Which locations: `q` holds words that must all occur."""

    q: Annotated[Line, StringConstraints(max_length=50)] = ""
    after: Annotated[Cursor, StringConstraints(max_length=2000)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 50


class UnionQuery(In):
    """Of which enterprise."""

    model_config = ConfigDict(extra="ignore")

    union: UUID | None = None


class LocationsIn(In):
    """Several at once, one a line: name, then after a comma or tab where it is."""

    union: UUID
    kind: LocationKind
    lines: Annotated[Prose, StringConstraints(min_length=1, max_length=20_000)]


class LocationIn(In):
    """Other words for one of them; `version` is the one on the page."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]
    name: Annotated[Line, StringConstraints(min_length=1, max_length=NAME)]
    whereabouts: Annotated[Line, StringConstraints(max_length=WHEREABOUTS)] = ""


class ActiveIn(In):
    """Whether its code is in use."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]
    active: bool
