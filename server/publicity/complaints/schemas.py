"""Shapes of complaints."""

from typing import Annotated

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Out, Prose
from server.publicity.complaints.models import Reason


class ComplaintIn(In):
    """What is wrong with it. Said again before it is decided, it takes the place of what was said."""

    reason: Reason
    words: Annotated[Prose, StringConstraints(max_length=500)] = ""


class ComplaintOut(Out):
    """That it was heard, and what it is called."""

    label: str


class DecisionIn(In):
    """What the union answers those who complained; `version` is the one on the page."""

    version: Annotated[int, Field(ge=1)]
    answer: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
