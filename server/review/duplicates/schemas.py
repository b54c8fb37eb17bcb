"""Shapes of hints, for the worker's side."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import In, Line, Out, Prose


class PointIn(In):
    """Where the phone says it is, in degrees; accuracy in metres."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    datum: Literal["wgs84", "gcj02"]
    accuracy: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None


class HintsIn(In):
    """What the worker has written so far of a hazard; nothing but the category need be there yet."""

    category: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$")]
    enterprise_id: UUID | None = None
    area_id: UUID | None = None
    place: Annotated[Line, StringConstraints(max_length=200)] = ""
    description: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    coordinates: PointIn | None = None

    @model_validator(mode="after")
    def _says_where_once(self) -> Self:
        if self.enterprise_id is not None and self.area_id is not None:
            raise ValueError("选了企业就不用再选区市或镇街")
        return self


class HintOut(Out):
    """A hazard that may be the same. `excerpt` is empty where it was sent anonymously; `distance` in metres.

    `thumbnail_url`: only of what was sent under a name, at one's own enterprise or in the open.
    """

    id: UUID
    category_name: str
    excerpt: str
    place: str
    thumbnail_url: str | None
    status_text: str
    reported_on: date
    distance: int | None
    followers: int
    is_following: bool


class HintsOut(Out):
    """The likeliest first, five at most."""

    items: list[HintOut]
