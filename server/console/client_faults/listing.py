"""The list of faults of the phone's program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.console.client_faults.models import ClientFault, Platform
from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, holds, search_control, within_days
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab

TABLE = cast(Table, ClientFault.__table__)
PLATFORM_NAMES = {Platform.WECHAT: "小程序", Platform.H5: "网页"}


class FaultFilter(DatedFilter):
    """Which faults to show, last told of on which days. `q`: words of what went wrong."""

    platform: Annotated[Line, StringConstraints(max_length=20)] = ""
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One fault."""

    message: str
    stack: str
    page: str
    platform: str
    release: str
    times: int
    first_at: datetime
    last_at: datetime


def _narrow(asked: Request[FaultFilter]) -> list[ColumnElement[bool]]:
    return within_days(TABLE.c.last_at, asked.filters) + [
        holds(TABLE.c.message, word) for word in asked.filters.q.split()
    ]


def _controls(asked: Request[FaultFilter]) -> list[Control]:
    return [*day_controls(asked.filters, "最近一次"), search_control(asked.filters, "q", "搜索故障")]


def _describe(_asked: Request[FaultFilter], rows: Sequence[Any]) -> list[Row]:
    return [
        Row(row.message, row.stack, row.page, PLATFORM_NAMES[row.platform], row.release, row.times, row.first_at,
            row.last_at)
        for row in rows
    ]  # fmt: skip


FAULTS: Listing[FaultFilter, Row] = Listing(
    name="client_faults",
    title="手机端故障",
    path="/console/client-faults",
    filters=FaultFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.last_at, TABLE.c.id), (datetime, UUID), descending=True),
    order_texts=("新的在前", "旧的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "全部"),
        *(Tab(each.value, name, ((TABLE.c.platform == each,),)) for each, name in PLATFORM_NAMES.items()),
    ),
    tab_name="platform",
    lacks={"union": "a fault says nothing of whose phone it was"},
)
