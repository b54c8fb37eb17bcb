"""What the forms of kept filters post."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import In, Line

NAME_NEEDED = "请给筛选起个名字，最多 20 个字。"
Name = Annotated[Line, StringConstraints(min_length=1, max_length=20)]
Query = Annotated[Line, StringConstraints(max_length=1000)]


class NameIn(In):
    """Another name for one."""

    name: Name


class FilterIn(NameIn):
    """What it is called, and the filters as they stand in the address."""

    query: Query = ""
