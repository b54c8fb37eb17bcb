"""The list of what answers found: what failed, and what waits for somebody competent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.findings.models import Finding
from server.assignments.findings.permissions import MAY_JUDGE, MAY_READ
from server.assignments.findings.queries import hazard_states
from server.assignments.forms.schemas import CheckResult
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, holds, search_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.review.submissions.models import Submission

FOUND, AT, SENT, HAZARD = (
    cast(Table, model.__table__) for model in (Finding, Recipient, Assignment, Submission)
)  # fmt: skip
OPEN, JUDGED, FAILED = "open", "judged", "failed"


class FindingFilter(ListFilter):
    """What to show."""

    status: Annotated[Line, StringConstraints(max_length=20)] = OPEN
    assignment: UUID | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `href` is the hazard's page, `answer_href` that of the answer in which it was found."""

    id: UUID
    href: str
    answer_href: str
    label: str
    suspected_major: str
    source: str
    enterprise: str
    found_at: datetime
    state: str
    can_be_judged: bool
    judge: str
    judged_words: str


def _scopes(asked: Request[FindingFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[FindingFilter]) -> list[ColumnElement[bool]]:
    found = [holds(FOUND.c.label, word) for word in asked.filters.q.split()]
    return found + ([SENT.c.id == asked.filters.assignment] if asked.filters.assignment else [])


def _controls(asked: Request[FindingFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [union_control(choices), search_control(asked.filters, "q", "检查内容")]


def _describe(asked: Request[FindingFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {row.union_id for row in rows})
    states = hazard_states(asked.session, {row.submission_id for row in rows if row.submission_id is not None})

    def state(row: Any) -> str:
        if row.submission_id is None:
            return {None: "等懂行的人看", CheckResult.PASSED: "看过，合格", CheckResult.FAILED: "看过，不合格"}[
                row.verdict
            ]
        return f"隐患 {row.number or ''} {states[row.submission_id]}"

    return [
        Row(
            row.id, f"/console/submissions/{row.submission_id}" if row.submission_id else "",
            f"/console/tasks/{row.recipient_id}", row.label, row.suspected_major,
            f"{kind_of(row.kind).label} {row.title}", name_of(names, row.union_id) or "", row.found_at, state(row),
            row.submission_id is None and row.verdict is None, row.judge or "", row.judged_words or "",
        )
        for row in rows
    ]  # fmt: skip


_is_open = FOUND.c.submission_id.is_(None) & FOUND.c.verdict.is_(None)
FINDINGS: Listing[FindingFilter, Row] = Listing(
    name="findings",
    title="检查发现",
    path="/console/findings",
    filters=FindingFilter,
    table=AT,
    source=select(
        FOUND, AT.c.union_id, SENT.c.title, SENT.c.kind, HAZARD.c.number
    )
    .join(AT, AT.c.id == FOUND.c.recipient_id)
    .join(SENT, SENT.c.id == AT.c.assignment_id)
    .outerjoin(HAZARD, HAZARD.c.id == FOUND.c.submission_id),
    order=newest_first(FOUND.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(OPEN, "等懂行的人看", ((_is_open,),)),
        Tab(JUDGED, "看过的", ((FOUND.c.verdict.is_not(None),),)),
        Tab(FAILED, "不合格", ((FOUND.c.submission_id.is_not(None),),)),
    ),
    lacks={"days": "what was asked is over in some weeks: what is open is all looked at"},
    sheet=(
        SheetColumn("企业", lambda row: row.enterprise, width=28),
        SheetColumn("检查内容", lambda row: row.label, width=24),
        SheetColumn("来自", lambda row: row.source, width=28),
        SheetColumn("发现", lambda row: row.found_at, CellKind.MOMENT),
        SheetColumn("疑似重大的条款", lambda row: row.suspected_major, width=36),
        SheetColumn("现在", lambda row: row.state, width=24),
        SheetColumn("谁看的", lambda row: row.judge, width=18),
        SheetColumn("结论说明", lambda row: row.judged_words, width=36),
    ),
)  # fmt: skip
TODO = todo_of_list("findings.judge", "{} 项检查判断不了，等懂行的人看", FINDINGS, FindingFilter(), MAY_JUDGE)
