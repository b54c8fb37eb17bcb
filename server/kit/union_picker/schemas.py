"""Shapes of the search for a union."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from server.core.web.schemas import In, Line, Out


class PickerQuery(In):
    """Words that must all occur in the name."""

    q: Annotated[Line, StringConstraints(max_length=50)] = ""


class PickedUnion(Out):
    """A union to choose; `area` reads like 市南区 · 八大湖街道."""

    id: UUID
    name: str
    area: str


class PickedUnions(Out):
    """The best hits; `more`: there are others, so more should be typed."""

    items: list[PickedUnion]
    more: bool
