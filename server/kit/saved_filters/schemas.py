"""What the forms of kept filters post."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import StringConstraints, ValidationError

from server.core.errors import Invalid
from server.core.web.schemas import In, Line

F = TypeVar("F", bound=In)
Name = Annotated[Line, StringConstraints(min_length=1, max_length=20)]
Query = Annotated[Line, StringConstraints(max_length=1000)]


class NameIn(In):
    """Another name for one."""

    name: Name


class FilterIn(NameIn):
    """What it is called, and the filters as they stand in the address."""

    query: Query = ""


def parse_filter(form: type[F], values: Mapping[str, str]) -> F:
    """A form of this module. Raises Invalid with words for the person."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise Invalid("请给筛选起个名字，最多 20 个字。", code="name_needed") from error
