"""What the dispatch page posts."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Out, Prose


class UrgeIn(In):
    """What is said to those who have to answer."""

    text: Annotated[Prose, StringConstraints(max_length=200)] = ""


class AskedOut(Out):
    """Who was told that the reporter asks."""

    responsible_name: str
