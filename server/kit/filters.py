"""Filters of lists, as they stand in the address, and the fields of the filter row that set them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from pydantic import StringConstraints, model_validator
from sqlalchemy import ColumnElement, Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.expression import SQLColumnExpression
from sqlalchemy.sql.functions import FunctionElement

from server.core.clock import SHANGHAI
from server.core.web.forms import asked_union_words, strict_query_params
from server.core.web.schemas import Cursor, Day, In
from server.kit.scope import Choice
from server.unions.actor import Actor
from server.unions.campaigns.choosing.choice import Asked, name_of_campaign, resolve


class ListFilter(In):
    """What a list shows. Anything left out does not narrow it. `after` and `before` are cursors of pages; `reverse`
    turns the order round. `UNKEPT` ones stay out of filters that are kept under a name: whom one looked for."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset()

    reverse: bool = False
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None
    before: Annotated[Cursor, StringConstraints(max_length=300)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: Any) -> Any:
        """Forms send every field, empty ones too."""
        return {key: value for key, value in values.items() if value != ""} if isinstance(values, Mapping) else values

    def to_query(self, **changes: object) -> str:
        """The filters as the query part of an address, without `?`; `changes` replace some. Back to page one."""
        values = self.model_dump(mode="json", exclude={"after", "before"}, exclude_defaults=True) | changes
        return urlencode({key: _plain(value) for key, value in values.items() if value not in (None, "", False)})

    def to_kept_query(self, **changes: object) -> str:
        """The same as it is kept under a name."""
        return self.to_query(**dict.fromkeys((*self.UNKEPT, "campaign")), **changes)


class CampaignFilter(ListFilter):
    """A list whose rows belong to campaigns: those of one, or of all. What the address does not say follows from the
    choice in the top bar. It is no part of filters that are kept under a name: they serve every campaign."""

    campaign: Asked = None


class DatedFilter(ListFilter):
    """A list of what happened on days: from the one to the other, both included."""

    since: Day | None = None
    until: Day | None = None


F = TypeVar("F", bound=ListFilter)


def _plain(value: object) -> str:
    return "1" if value is True else str(value)


def read_filters(shape: type[F]) -> F:
    """The filters in the address of the present request, and the campaign that was chosen; other parameters are not
    ours. Raises Invalid for values that make no sense: left out, they would show, or export, more than was asked for;
    NotFound for a campaign that is none of the caller's.
    """
    filters = strict_query_params(shape)
    if isinstance(filters, CampaignFilter):
        return filters.model_copy(update={"campaign": resolve(filters.campaign)})
    return filters


# --- conditions -------------------------------------------------------------------------------------------------------


class Days(Protocol):
    """From the one day to the other, both included; open where there is none."""

    @property
    def since(self) -> date | None: ...

    @property
    def until(self) -> date | None: ...


def within_days(column: ColumnElement[Any] | InstrumentedAttribute[Any], days: Days) -> list[ColumnElement[bool]]:
    """Whether a moment, or a day, lies within these days, as Shanghai counts them."""
    is_day = isinstance(column.type, Date)
    conditions: list[ColumnElement[bool]] = []
    if days.since is not None:
        conditions.append(column >= (days.since if is_day else start_of(days.since)))
    if days.until is not None:
        after = days.until + timedelta(days=1)
        conditions.append(column < (after if is_day else start_of(after)))
    return conditions


def href_within(path: str, days: Days, **filters: str) -> str:
    """A list, narrowed to these days."""
    told = {"since": days.since, "until": days.until}
    return f"{path}?{urlencode({**filters, **{key: str(day) for key, day in told.items() if day is not None}})}"


def holds(column: SQLColumnExpression[Any], word: str) -> ColumnElement[bool]:
    """Whether a text holds a word, in capitals or not. Most words are Chinese and have none: to fold every text for
    them would take longer than all the rest, and so would a pattern, which is tried at every character."""
    has_case = word.lower() != word.upper()
    return column.icontains(word, autoescape=True) if has_case else _Place(column, word) > 0


class _Place(FunctionElement[int]):
    """Where a word stands in a text, from 1 on; 0 where it does not."""

    inherit_cache = True
    type = Integer()


@compiles(_Place)
def _strpos(element: _Place, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(_Place, "sqlite")
def _instr(element: _Place, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


def start_of(day: date) -> datetime:
    """Its first moment, as Shanghai counts."""
    return datetime.combine(day, time(), SHANGHAI)


def of_campaign(column: ColumnElement[Any], filters: CampaignFilter) -> list[ColumnElement[bool]]:
    """Whether a row belongs to the campaign of the filter."""
    return [column == filters.campaign] if isinstance(filters.campaign, UUID) else []


def campaign_name(session: Session, actor: Actor, filters: ListFilter) -> str:
    """What the campaign is called that a list is narrowed to; empty where it shows all of them."""
    if not isinstance(filters, CampaignFilter) or not isinstance(filters.campaign, UUID):
        return ""
    return name_of_campaign(session, actor, filters.campaign)


def equal(table: Any, filters: ListFilter, *names: str) -> list[ColumnElement[bool]]:
    """The conditions of filters that are called like the column which they narrow."""
    wanted = ((name, getattr(filters, name)) for name in names)
    return [table.c[name] == value for name, value in wanted if value is not None]


# --- the filter row ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Control:
    """A field of the filter row. `kind`: select, choice (a select without an entry for all), union (a select that is
    searched while typing), flag, day, text or search (one of a row: the key / leads to it)."""

    name: str
    label: str
    kind: str
    value: str = ""
    choices: Sequence[Choice] = ()


def select_control(filters: ListFilter, name: str, label: str, texts: Mapping[Any, str]) -> Control:
    """A choice of one of `texts`: value to words."""
    chosen = getattr(filters, name)
    choices = [Choice(str(value), text, value == chosen) for value, text in texts.items()]
    return Control(name, label, "select", choices=choices)


def choice_control(filters: ListFilter, name: str, label: str, texts: Mapping[Any, str]) -> Control:
    """A choice that is always made."""
    return replace(select_control(filters, name, label, texts), kind="choice")


def union_control(choices: Sequence[Choice]) -> Control:
    """A choice of a union of the tree, see `scope.union_choices`. The value is what was typed to find one."""
    return Control("union", "单位", "union", asked_union_words(), choices)


def flag_control(filters: ListFilter, name: str, label: str) -> Control:
    """A box to tick."""
    return Control(name, label, "flag", "1" if getattr(filters, name) else "")


def search_control(filters: ListFilter, name: str, label: str) -> Control:
    """Words to look for; the label says in what."""
    return Control(name, label, "search", str(getattr(filters, name)))


def text_control(filters: ListFilter, name: str, label: str) -> Control:
    """Something to be typed, beside the search."""
    value = getattr(filters, name)
    return Control(name, label, "text", "" if value is None else str(value))


def day_controls(filters: DatedFilter, label: str) -> list[Control]:
    """From and to, both included."""
    return [
        Control(name, text, "day", day.isoformat() if day is not None else "")
        for name, text, day in (("since", f"{label}从", filters.since), ("until", "到", filters.until))
    ]
