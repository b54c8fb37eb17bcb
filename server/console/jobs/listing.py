"""The list of background jobs: what failed, what waits, what runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.console.jobs.texts import STATE_TEXTS
from server.core.jobs.models import Job, JobState
from server.core.jobs.queries import COLUMNS, JobRow, count_dead_by_name
from server.core.jobs.registry import title_of
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    equal,
    holds,
    search_control,
    select_control,
    within_days,
)
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab

TABLE = cast(Table, Job.__table__)


class JobFilter(DatedFilter):
    """Which jobs to show: of one state, maybe of one kind, due on which days. `q`: words of why they failed."""

    state: JobState = JobState.DEAD
    name: Annotated[Line, StringConstraints(max_length=100)] | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


def _narrow(asked: Request[JobFilter]) -> list[ColumnElement[bool]]:
    conditions = equal(TABLE, asked.filters, "name") + within_days(TABLE.c.run_at, asked.filters)
    return conditions + [holds(TABLE.c.error, word) for word in asked.filters.q.split()]


def _controls(asked: Request[JobFilter]) -> list[Control]:
    names = [*count_dead_by_name(asked.session)] if asked.filters.state is JobState.DEAD else []
    chosen = [asked.filters.name] if asked.filters.name and asked.filters.name not in names else []
    kinds = {name: title_of(name) for name in (*names, *chosen)}
    return [
        *([select_control(asked.filters, "name", "哪一种", kinds)] if kinds else []),
        *day_controls(asked.filters, "时间"),
        search_control(asked.filters, "q", "搜索失败的原因"),
    ]


def _describe(_asked: Request[JobFilter], rows: Sequence[Any]) -> list[JobRow]:
    return [JobRow(*row) for row in rows]


JOBS: Listing[JobFilter, JobRow] = Listing(
    name="jobs",
    title="后台任务",
    path="/console/jobs",
    filters=JobFilter,
    table=TABLE,
    source=select(*COLUMNS),
    order=Order((TABLE.c.run_at, TABLE.c.id), (datetime, UUID)),
    order_texts=("早的在前", "晚的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=tuple(
        Tab(state, words, ((TABLE.c.state == state,),), is_alert=state is JobState.DEAD)
        for state, words in STATE_TEXTS.items()
    ),
    tab_name="state",
    lacks={"union": "jobs belong to no union"},
)
