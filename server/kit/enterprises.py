"""Lists narrowed by what is known of the enterprise that a row belongs to, and to a union without those below it."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, flag_control, select_control
from server.unions.roles import Level
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
