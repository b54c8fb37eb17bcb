"""Lists narrowed by what is known of the enterprise that a row belongs to, and to a union without those below it."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, flag_control, select_control, union_control
from server.kit.listing import Request
from server.kit.scope import Scope, below_chosen, own_scopes, scopes_of, union_choices
from server.unions.roles import Level, Role
from server.unions.tree.lookup.flags import FLAG_TEXTS, Flag, flagged
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS, OWN_COLUMN

UNKNOWN_INDUSTRY = "未填"
"""Stands for enterprises whose industry is not entered, and for what belongs to no enterprise."""


class EnterpriseFilter(DatedFilter):
    """What to show of which enterprises; the flags add up. `own`: of the chosen union what belongs to none below it."""

    union: UUID | None = None
    own: bool = False
    industry: Annotated[Line, StringConstraints(max_length=40)] | None = None
    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False


def enterprise_conditions(session: Session, table: Any, filters: EnterpriseFilter) -> list[ColumnElement[bool]]:
    """The conditions of these filters, the union's own left to the list's scopes."""
    wanted = [flagged(flag) for flag in Flag if getattr(filters, flag)]
    unknown = filters.industry == UNKNOWN_INDUSTRY
    if filters.industry is not None and not unknown:
        wanted.append(Union.industry == filters.industry)
    conditions: list[ColumnElement[bool]] = []
    if wanted:
        conditions.append(exists(select(Union.id).where(Union.id == table.c.enterprise_id, *wanted)))
    if unknown:
        known = and_(Union.id == table.c.enterprise_id, Union.industry.is_not(None), Union.industry != "")
        conditions.append(~exists(select(Union.id).where(known)))
    return conditions + _own(session, table, filters)


def _own(session: Session, table: Any, filters: EnterpriseFilter) -> list[ColumnElement[bool]]:
    union = session.get(Union, filters.union) if filters.own and filters.union is not None else None
    if union is None or union.level not in {Level.CITY, Level.DISTRICT, Level.TOWN}:
        return []
    below = ANCESTOR_COLUMNS[ANCESTOR_COLUMNS.index(OWN_COLUMN[union.level]) + 1 :]
    return [table.c[name].is_(None) for name in below]


def enterprise_controls(filters: EnterpriseFilter) -> list[Control]:
    """Their fields, as far as they are set: figures lead here with them, and they can be taken off."""
    controls = [flag_control(filters, flag, text) for flag, text in FLAG_TEXTS.items() if getattr(filters, flag)]
    if filters.own:
        controls.append(flag_control(filters, "own", "只看本级"))
    if filters.industry is not None:
        controls.append(select_control(filters, "industry", "行业", {filters.industry: filters.industry}))
    return controls


class OwnFilter(EnterpriseFilter):
    """Of enterprises of one's subtree, or `mine`: of one's own alone."""

    mine: bool = False


F = TypeVar("F", bound=OwnFilter)


def own_or_below(column: str, roles: Collection[Role]) -> Callable[[Request[F]], list[Scope]]:
    """The scopes of a list: of one's own by `column`, or of the chosen subtree."""

    def scopes(asked: Request[F]) -> list[Scope]:
        if asked.filters.mine:
            return own_scopes(asked.actor, column)
        return scopes_of(asked.session, asked.actor, roles, asked.filters.union)

    return scopes


def own_conditions(asked: Request[F], table: Any, roles: Collection[Role]) -> list[ColumnElement[bool]]:
    """What is known of the enterprise; one's own is narrowed to the chosen union here, all else by its scopes."""
    filters = asked.filters
    below = below_chosen(asked.session, table, asked.actor, roles, filters.union) if filters.mine else ()
    return [*enterprise_conditions(asked.session, table, filters), *below]


def own_controls(asked: Request[F], days: str, roles: Collection[Role]) -> list[Control]:
    """The fields for these; `days` says what happened on them."""
    filters = asked.filters
    return [
        union_control(union_choices(asked.session, asked.actor, roles, filters.union)),
        *day_controls(filters, days),
        *(flag_control(filters, flag, text) for flag, text in FLAG_TEXTS.items()),
        flag_control(filters, "mine", "本单位的"),
        *(each for each in enterprise_controls(filters) if each.name not in FLAG_TEXTS),
    ]
