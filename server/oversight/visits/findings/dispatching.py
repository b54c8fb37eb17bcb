"""The dispatch table (调度表): what each unit, enterprise or team has to put right, has, and is late with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import DatedFilter, within_days
from server.kit.scope import scopes_of, union_names
from server.oversight.visits.findings.settling import SETTLED, is_grave_row
from server.oversight.visits.models import Visit, VisitFinding, VisitHandover
from server.oversight.visits.permissions import MAY_READ
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.rectification.workflow import DUE
from server.unions.actor import Actor

NEXT_LEVEL = {"city_id": "district_id", "district_id": "town_id", "town_id": "enterprise_id"}
NO_TEAM = "没有写组别"


class By(StrEnum):
    """What a line of the table is."""

    UNIT = "unit"  # the unions directly below one's own
    ENTERPRISE = "enterprise"
    TEAM = "team"


BY_NAMES = {By.UNIT: "按下级单位", By.ENTERPRISE: "按企业", By.TEAM: "按督导组"}


class DispatchFilter(DatedFilter):
    """By what, of which union; `since` and `until`: the period whose new ones are counted."""

    by: By = By.UNIT
    union: UUID | None = None
    team: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """A line of the table. `note` tells of major hazards that lack something, and of what was handed over."""

    unit: str
    asked: int
    done: int
    late: int
    most_days_late: int
    new: int
    note: str = ""


COLUMNS: tuple[SheetColumn[DispatchRow], ...] = (
    SheetColumn("单位", lambda row: row.unit, width=32),
    SheetColumn("应改", lambda row: row.asked, CellKind.WHOLE, is_summed=True),
    SheetColumn("已改", lambda row: row.done, CellKind.WHOLE, is_summed=True),
    SheetColumn("逾期", lambda row: row.late, CellKind.WHOLE, is_summed=True),
    SheetColumn("最长逾期天数", lambda row: row.most_days_late, CellKind.WHOLE),
    SheetColumn("本期新增", lambda row: row.new, CellKind.WHOLE, is_summed=True),
    SheetColumn("备注", lambda row: row.note, width=24),
)


def list_dispatch(session: Session, actor: Actor, asked: DispatchFilter, now: datetime) -> Sequence[DispatchRow]:
    """Those with the most that is late first. One statement for each subtree and the names; what was found not to be
    one is not asked."""
    found: dict[Any, list[int]] = {}
    earliest: dict[Any, datetime] = {}
    for scope in scopes_of(session, actor, MAY_READ, asked.union):
        of = _line_of(asked.by, scope.column)
        for row in session.execute(_counted(of, getattr(Rectification, scope.column) == scope.union_id, asked, now)):
            counts = found.setdefault(row.of, [0] * 6)
            for at, value in enumerate((row.asked, row.done, row.late, row.new, row.unsettled, row.handed)):
                counts[at] += value
            if row.earliest is not None:
                earliest[row.of] = min(row.earliest, earliest.get(row.of, row.earliest))
    names = union_names(session, found.keys()) if asked.by is not By.TEAM else {}
    rows = [
        DispatchRow(
            (names[of].name if asked.by is not By.TEAM else of) or NO_TEAM, asked_for, done, late,
            (day_of(now) - day_of(earliest[of])).days if of in earliest else 0, new, _note(unsettled, handed),
        )
        for of, (asked_for, done, late, new, unsettled, handed) in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.late, -row.most_days_late, row.unit))


def _note(unsettled: int, handed: int) -> str:
    said = (f"重大隐患 {unsettled} 项五落实没填全" if unsettled else "", f"移送 {handed} 项" if handed else "")
    return "；".join(filter(None, said))


def _line_of(by: By, column: str) -> Any:
    if by is By.TEAM:
        return Visit.team_name
    if by is By.ENTERPRISE:
        return Rectification.enterprise_id
    below = getattr(Rectification, NEXT_LEVEL.get(column, "enterprise_id"))
    return func.coalesce(below, Rectification.enterprise_id)  # an enterprise right below a district has no town


def _counted(of: Any, within: ColumnElement[bool], asked: DispatchFilter, now: datetime) -> Any:
    is_late = and_(Rectification.status.in_(DUE), Rectification.due_at < now)
    found = cast(Table, VisitFinding.__table__)
    lacks = or_(*(found.c[name] == "" for name in SETTLED))
    is_unsettled = and_(is_grave_row(found), lacks, Rectification.status != RectifyStatus.CLOSED)
    period = within_days(Rectification.__table__.c.opened_at, asked)
    conditions = [within, Rectification.status != RectifyStatus.VOIDED]
    conditions += [Visit.team_name == asked.team] if asked.team else []
    return (
        select(
            of.label("of"), func.count().label("asked"),
            func.sum(case((Rectification.status == RectifyStatus.CLOSED, 1), else_=0)).label("done"),
            func.sum(case((is_late, 1), else_=0)).label("late"),
            func.sum(case((and_(*period), 1), else_=0) if period else 1).label("new"),
            func.sum(case((is_unsettled, 1), else_=0)).label("unsettled"), func.count(VisitHandover.id).label("handed"),
            func.min(case((is_late, Rectification.due_at))).label("earliest"),
        )
        .join(VisitFinding, VisitFinding.submission_id == Rectification.submission_id)
        .join(Visit, Visit.id == VisitFinding.visit_id)
        .outerjoin(VisitHandover, VisitHandover.finding_id == VisitFinding.id)
        .where(*conditions)
        .group_by(of)
    )  # fmt: skip
