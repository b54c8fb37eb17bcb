"""Shapes of faults."""

from typing import Annotated

from pydantic import StringConstraints

from server.console.client_faults.models import Platform
from server.core.web.schemas import In, Line, Prose


class FaultIn(In):
    """What went wrong in the phone's program. Nothing of the person, the phone or what they wrote."""

    platform: Platform
    release: Annotated[Line, StringConstraints(max_length=20)] = ""
    page: Annotated[Line, StringConstraints(max_length=100)] = ""
    message: Annotated[Prose, StringConstraints(min_length=1, max_length=1000)]
    stack: Annotated[Prose, StringConstraints(max_length=4000)] = ""
