"""What a source of figures is: figures that one statement counts together, and the list behind each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import start_of
from server.reports.figures.schemas import Counts
from server.reports.figures.texts import FigureText
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN


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
    union = session.get_one(Union, wanted.union_id)
    return select(Union.id).where(getattr(Union, OWN_COLUMN[union.level]) == union.id)


def lies_below(session: Session, model: type, wanted: Wanted) -> ColumnElement[bool]:
    """Rows with the ancestor columns that lie in the subtree."""
    union = session.get_one(Union, wanted.union_id)
    is_in: ColumnElement[bool] = getattr(model, OWN_COLUMN[union.level]) == union.id
    return is_in


def of_moments(at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], wanted: Wanted) -> list[
    ColumnElement[bool]
]:  # fmt: skip
    """Whether a moment lies in the days that are asked for."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(at >= start_of(wanted.since))
    if wanted.until is not None:
        conditions.append(at < start_of(wanted.until + timedelta(days=1)))
    return conditions


def of_days(on: InstrumentedAttribute[date] | InstrumentedAttribute[date | None], wanted: Wanted) -> list[
    ColumnElement[bool]
]:  # fmt: skip
    """The same of a day."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(on >= wanted.since)
    if wanted.until is not None:
        conditions.append(on <= wanted.until)
    return conditions


def address(path: str, wanted: Wanted, *, by: str = "union", **filters: str) -> str:
    """A list, narrowed to the same union and days; `by`: what its filter of unions is called."""
    days = {"since": wanted.since, "until": wanted.until}
    told = {key: day.isoformat() for key, day in days.items() if day is not None}
    return f"{path}?{urlencode({**filters, by: str(wanted.union_id), **told})}"
