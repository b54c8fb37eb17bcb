"""The list of what a reviewer was told, the newest first."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select, text

from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, holds, search_control, within_days
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope
from server.notifications.inbox.models import InboxMessage

TABLE = cast(Table, InboxMessage.__table__)


class View(StrEnum):
    """Which messages."""

    ALL = "all"
    UNREAD = "unread"


class MessageFilter(DatedFilter):
    """What to show, and of which days."""

    status: View = View.ALL
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


def _narrow(asked: Request[MessageFilter]) -> list[ColumnElement[bool]]:
    words = [or_(holds(TABLE.c.title, word), holds(TABLE.c.body, word)) for word in asked.filters.q.split()]
    return words + within_days(TABLE.c.created_at, asked.filters)


def _controls(asked: Request[MessageFilter]) -> list[Control]:
    return [*day_controls(asked.filters, "收到"), search_control(asked.filters, "q", "搜索消息、编号")]


def _as_they_are(_asked: Request[MessageFilter], rows: Sequence[Any]) -> Sequence[Any]:
    return rows


MESSAGES: Listing[MessageFilter, Any] = Listing(
    name="messages",
    title="消息",
    path="/console/messages",
    filters=MessageFilter,
    table=TABLE,
    source=select(TABLE).where(text("inbox_messages.desk IS NOT NULL")),  # as the index is written
    order=newest_first(TABLE.c.id),
    scopes=lambda asked: [Scope("person_id", asked.actor.person_id)],
    narrow=_narrow,
    controls=_controls,
    describe=_as_they_are,
    tabs=(Tab(View.ALL, "全部", is_counted=False), Tab(View.UNREAD, "没看过的", ((TABLE.c.read_at.is_(None),),))),
    lacks={"union": "they are one's own"},
)
