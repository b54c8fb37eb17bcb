"""What a source of figures is: figures that are counted together, and the list behind each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import href_within
from server.kit.scope import lies_below, lies_below_any
from server.reports.figures.schemas import Counts
from server.reports.figures.texts import FigureText
from server.unions.tree.models import Union


def no_list(_name: str, _wanted: Wanted) -> str | None:
    """Nobody sees the rows: they would tell who took part in what."""
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """Figures that are counted together. `prefix` of their keys; `group` goes before their names; `href`: the list of
    what one of them counts."""

    prefix: str
    group: str
    figures: Sequence[FigureText]
    count: Callable[[Session, Wanted], Counts]
    href: Callable[[str, Wanted], str | None] = no_list


def below(session: Session, wanted: Wanted) -> Select[UUID]:
    """The unions of the subtree."""
    return select(Union.id).where(is_below(session, Union, wanted))


def is_below(session: Session, model: type, wanted: Wanted) -> ColumnElement[bool]:
    """Rows with the ancestor columns that lie in the subtree, or in those that alone are wanted."""
    if not wanted.among:
        return lies_below(model, session.get_one(Union, wanted.union_id))
    rows = session.execute(select(Union.id, Union.level).where(Union.id.in_(wanted.among))).all()
    return lies_below_any(model, [(row.id, row.level) for row in rows])


def address(path: str, wanted: Wanted, *, by: str = "union", **filters: str) -> str:
    """A list, narrowed to the same union and days; `by`: what its filter of unions is called."""
    return href_within(path, wanted, **filters, **{by: str(wanted.union_id)})
