"""Coverage on the page of a union: how far it is, and where to see who is left."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.kit.panels import Figure, Panel, UnionPanel
from server.oversight.coverage.counting.rules import Part
from server.oversight.coverage.queries import (
    find_period,
    is_summed,
    list_periods,
    read_enterprise,
    read_table,
)
from server.oversight.coverage.texts import OFFICER_NAMES, rate
from server.unions.actor import Actor
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope


def _read(session: Session, actor: Actor, union: Union, now: datetime) -> Panel:
    get_union_in_scope(session, union.id, actor)
    period = find_period(list_periods(session), None)
    if period is None:
        return Panel(nothing="还没有统计。")
    if not is_summed(union):
        return _of_enterprise(session, union)
    counts = read_table(session, union, period, Part.ALL, ()).total.counts
    href = f"/console/coverage?union={union.id}"
    return Panel(
        figures=(
            Figure(f"{period.name}负责人覆盖率", rate(counts["officers_covered"], counts["enterprises"]), href),
            Figure("职工覆盖率", rate(counts["attended"], counts["headcount"]), href),
            Figure("班组演练率", rate(counts["teams_drilled"], counts["teams"]), href),
            Figure("预案演练率", rate(counts["plans_drilled"], counts["plans"]), href),
        ),
        href=href,
    )


def _of_enterprise(session: Session, union: Union) -> Panel:
    found = read_enterprise(session, union)
    href = f"/console/coverage/enterprises/{union.id}"
    if not found.facts:
        return Panel(href=href, nothing="还没有统计。")
    period, fact = found.facts[0]
    return Panel(
        figures=(
            Figure(f"{period.name}安全负责人", OFFICER_NAMES[fact.officer_state], href),
            Figure("职工覆盖率", rate(fact.attended, fact.headcount), href),
            Figure("班组演练率", rate(fact.teams_drilled, fact.teams), href),
            Figure("预案演练率", rate(fact.plans_drilled, fact.plans), href),
        ),
        href=href,
    )


UNION_PANEL = UnionPanel(title="培训覆盖", position=62, permission="coverage.read", read=_read)
