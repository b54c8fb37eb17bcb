"""What the search asks for."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Line


class SearchQuery(In):
    """Words, a number of something, a name or a telephone number."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
