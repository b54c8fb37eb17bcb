"""What the pages of spot checks post."""

from typing import Annotated, Any

from pydantic import Field

from server.core.web.schemas import In


class DrawIn(In):
    """How many of a hundred are drawn."""

    percent: Annotated[int, Field(ge=5, le=10)]


class CheckIn(In):
    """What the union found, as `forms.rules` takes it, files by their ids; `version` of the draft on the page."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    answers: dict[str, Any]
    skipped: dict[str, Any]
