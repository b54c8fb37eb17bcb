"""Shape of the search for a union."""

from typing import Annotated

from pydantic import StringConstraints, field_validator

from server.core.web.schemas import In, Line
from server.unions.roles import Level
from server.unions.tree.lookup.picking import PICKABLE


class PickerQuery(In):
    """Words that must all occur in the name; `levels`, separated by commas, are those to choose from."""

    q: Annotated[Line, StringConstraints(max_length=50)] = ""
    levels: frozenset[Level] = PICKABLE

    @field_validator("levels", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value
