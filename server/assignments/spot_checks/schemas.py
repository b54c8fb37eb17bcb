"""What the pages of spot checks post."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from server.core.web.schemas import In


class DrawIn(In):
    """How many of a hundred are drawn."""

    percent: Annotated[int, Field(ge=5, le=10)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What the union found, for `forms.rules` to clean, files by their ids; `version` of the draft on the page."""

    version: int
    answers: Mapping[str, Any]
    skipped: Mapping[str, Any]
