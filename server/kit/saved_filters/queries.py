"""Reads of kept filters, and the lists that they belong to."""

from collections.abc import Sequence
from typing import Protocol, cast
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.errors import Invalid, NotFound
from server.core.prepared import Prepared
from server.core.slice import declared
from server.kit.filters import ListFilter
from server.kit.saved_filters.models import SavedFilter

_TABLE = cast(Table, SavedFilter.__table__)
_MINE = Prepared(
    select(_TABLE.c.id, _TABLE.c.name, _TABLE.c.query)
    .where(_TABLE.c.person_id == bindparam("person_id"), _TABLE.c.list_name == bindparam("list_name"))
    .order_by(_TABLE.c.created_at, _TABLE.c.id)
)


class FilteredList(Protocol):
    """A list whose filters are kept, as its slice declares it."""

    @property
    def name(self) -> str: ...
    @property
    def filters(self) -> type[ListFilter]: ...
    def href(self, query: str) -> str: ...


def list_filters(session: Session, person_id: UUID, list_name: str) -> Sequence[tuple[UUID, str, str]]:
    """Id, name and query of a person's filters of a list, in the order in which they were kept. One statement."""
    rows = _MINE.execute(session.connection(), {"person_id": person_id, "list_name": list_name})
    return [(filter_id, name, query) for filter_id, name, query in rows]


def get_list(name: str) -> FilteredList:
    """The list called `name`. Raises NotFound."""
    for each in declared().lists:
        if each.name == name:
            return cast(FilteredList, each)
    raise NotFound


def canonical_query(of: FilteredList, query: str) -> str:
    """The same filters as the list itself writes them. Raises Invalid for filters that the list does not know."""
    try:
        shape = of.filters.model_validate(dict(parse_qsl(query)))
    except ValidationError as error:
        raise Invalid("这个筛选条件不能保存，请重新筛选后再试。", fields={"query": "条件无效"}) from error
    return shape.to_kept_query()
