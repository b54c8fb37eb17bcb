"""Shapes of consents."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Instant, Line, Out


class ConsentIn(In):
    """The version of the policy that the person has read."""

    version: Annotated[Line, StringConstraints(min_length=1, max_length=20)]


class ConsentOut(Out):
    """What was agreed to, and when."""

    version: str
    agreed_at: Instant
