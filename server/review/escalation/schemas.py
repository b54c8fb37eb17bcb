"""What the dispatch page posts."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Prose


class UrgeIn(In):
    """What is said to those who have to answer."""

    text: Annotated[Prose, StringConstraints(max_length=200)] = ""
