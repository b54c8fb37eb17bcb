"""Shapes of content checks."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Prose


class ReleaseIn(In):
    """Why what was held may be seen after all."""

    reason: Annotated[Prose, StringConstraints(min_length=2, max_length=200)]
