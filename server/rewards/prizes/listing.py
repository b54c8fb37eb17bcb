"""The list of who won what: of one pool, or of all that somebody may see."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, search_control, select_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.rewards.prizes.models import PrizePool, PrizeWin
from server.rewards.prizes.queries import GROUPS, WinLine, map_lines, seen_by
from server.rewards.prizes.workbook import COLUMNS
from server.unions.people.models import Person
from server.unions.people.queries import named

TABLE, PEOPLE = cast(Table, PrizeWin.__table__), cast(Table, Person.__table__)
GROUP_NAMES = {
    "offered": "待领取", "accepted": "待发放", "handed_over": "已发放", "reserve": "候补", "ended": "放弃、过期、取消",
}  # fmt: skip


class WinFilter(ListFilter):
    """Of which pool; what has become of it; whom."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset({"q"})

    pool: UUID | None = None
    status: Literal["", "offered", "accepted", "handed_over", "reserve", "ended"] = ""
    q: Annotated[Line, StringConstraints(max_length=50)] = ""


def _narrow(asked: Request[WinFilter]) -> list[ColumnElement[bool]]:
    own = select(PrizePool.id).where(PrizePool.union_id.in_(seen_by(asked.actor)))
    conditions: list[ColumnElement[bool]] = [TABLE.c.pool_id.in_(own)]
    if asked.filters.pool is not None:
        conditions.append(TABLE.c.pool_id == asked.filters.pool)
    if asked.filters.q:
        conditions.append(PEOPLE.c.id.in_(named(asked.filters.q)))
    return conditions


def _controls(asked: Request[WinFilter]) -> list[Control]:
    pools = select(PrizePool.id, PrizePool.name).where(PrizePool.union_id.in_(seen_by(asked.actor)))
    names = {row.id: row.name for row in asked.session.execute(pools.order_by(PrizePool.id.desc()))}
    return [select_control(asked.filters, "pool", "奖品池", names), search_control(asked.filters, "q", "姓名")]


def _describe(asked: Request[WinFilter], rows: Sequence[Any]) -> list[WinLine]:
    lines = map_lines(asked.session, [row.id for row in rows])
    return [lines[row.id] for row in rows]


WIN_LIST: Listing[WinFilter, WinLine] = Listing(
    name="prize_wins",
    title="获奖和候补",
    ledger="获奖名单",
    path="/console/prizes/wins",
    filters=WinFilter,
    table=TABLE,
    source=select(TABLE.c.id, TABLE.c.pool_id, TABLE.c.way, TABLE.c.place).join(
        PEOPLE, PEOPLE.c.id == TABLE.c.person_id
    ),
    order=Order((TABLE.c.pool_id, TABLE.c.way, TABLE.c.place), (UUID, str, int)),
    order_texts=("按名次", "按名次，倒序"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    sheet=COLUMNS,
    tabs=(
        Tab("", "全部"),
        *(
            Tab(group, GROUP_NAMES[group], tuple((TABLE.c.status == status,) for status in statuses))
            for group, statuses in GROUPS.items()
        ),
    ),
    place_names=("pool",),
    lacks={"days": "一个奖品池就是一场竞赛的", "union": "奖品由市总工会统一发"},
)
