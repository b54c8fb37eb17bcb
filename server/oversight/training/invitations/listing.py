"""The list of sessions that one's own unions, or unions above them, are asked to: the next ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, exists, func, or_, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, equal, search_control, select_control, within_days
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, union_names
from server.oversight.training.listing import SessionRow, called, said_of_session, session_columns
from server.oversight.training.models import (
    Attendance,
    SessionKind,
    SessionStatus,
    TrainingInvitation,
    TrainingSession,
)
from server.oversight.training.permissions import MAY_READ
from server.oversight.training.texts import KIND_NAMES
from server.unions.actor import in_scope
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE, SESSIONS = cast(Table, TrainingInvitation.__table__), cast(Table, TrainingSession.__table__)
SOURCE = select(
    TABLE, SESSIONS.c.title, SESSIONS.c.number, SESSIONS.c.kind, SESSIONS.c.organiser_id, SESSIONS.c.venue,
    SESSIONS.c.hours, SESSIONS.c.status,
).join(SESSIONS, SESSIONS.c.id == TABLE.c.session_id)  # fmt: skip
FIRST_FIRST = Order((TABLE.c.starts_at, TABLE.c.session_id), (datetime, UUID))
LAST_FIRST = Order((TABLE.c.starts_at, TABLE.c.session_id), (datetime, UUID), descending=True)


class View(StrEnum):
    """What to show of them."""

    COMING = "coming"
    ALL = "all"


class InvitedFilter(DatedFilter):
    """Which of them, and of which days."""

    status: View = View.COMING
    kind: SessionKind | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedRow(SessionRow):
    """One line. `present`: how many of those below the reader's unions checked in."""

    present: int


def _asked_ids(asked: Request[InvitedFilter]) -> list[UUID]:
    """One's own unions and those above them: whoever is asked, all below are."""
    if "asked" not in asked.memo:
        own = [role_at.union_id for role_at in asked.actor.roles if role_at.role in MAY_READ]
        above = select(*(getattr(Union, name) for name in ANCESTOR_COLUMNS)).where(Union.id.in_(own))
        rows = asked.session.execute(above)
        asked.memo["asked"] = sorted({each for row in rows for each in row if each is not None})
    return cast(list[UUID], asked.memo["asked"])


def _scopes(asked: Request[InvitedFilter]) -> list[Scope]:
    return [Scope("union_id", union_id) for union_id in _asked_ids(asked)]


def _narrow(asked: Request[InvitedFilter]) -> list[ColumnElement[bool]]:
    """Once each, though a town and an enterprise of it may both be asked; what is not announced yet is not known."""
    twin = TABLE.alias("twin")
    again = exists().where(
        twin.c.session_id == TABLE.c.session_id, or_(*(twin.c.union_id == each for each in _asked_ids(asked))),
        twin.c.union_id > TABLE.c.union_id,
    )  # fmt: skip
    return [
        ~again, SESSIONS.c.status != SessionStatus.PLANNED, *equal(SESSIONS, asked.filters, "kind"),
        *within_days(TABLE.c.starts_at, asked.filters), *called(asked.filters.q),
    ]  # fmt: skip


def _controls(asked: Request[InvitedFilter]) -> list[Control]:
    return [
        select_control(asked.filters, "kind", "种类", KIND_NAMES), *day_controls(asked.filters, "举办"),
        search_control(asked.filters, "q", "搜索编号、名称、主题、地点"),
    ]  # fmt: skip


def _describe(asked: Request[InvitedFilter], rows: Sequence[Any]) -> list[InvitedRow]:
    names = union_names(asked.session, {row.organiser_id for row in rows})
    counts = asked.session.execute(
        select(Attendance.session_id, func.count())
        .where(
            Attendance.session_id.in_([row.session_id for row in rows]), Attendance.is_struck.is_(False),
            in_scope(asked.actor, Attendance, MAY_READ),
        )
        .group_by(Attendance.session_id)
    )  # fmt: skip
    present = {row[0]: row[1] for row in counts}
    return [
        InvitedRow(
            href=f"/console/training/{row.session_id}", present=present.get(row.session_id, 0),
            **said_of_session(row, names),
        )
        for row in rows
    ]  # fmt: skip


INVITED: Listing[InvitedFilter, InvitedRow] = Listing(
    name="training_invited",
    title="请我们参加的培训",
    path="/console/training/invited",
    filters=InvitedFilter,
    table=TABLE,
    source=SOURCE,
    order=FIRST_FIRST,
    order_texts=("先举办的在前", "后举办的在前"),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(
            View.COMING,
            "还没开始",
            where=lambda now: (
                TABLE.c.starts_at > now,
                SESSIONS.c.status.in_((SessionStatus.NOTIFIED, SessionStatus.RUNNING)),
            ),
        ),
        Tab(View.ALL, "全部", order=LAST_FIRST),
    ),
    lacks={"union": "whose they are follows from whoever reads"},
    sheet=(
        *session_columns(is_summed=False),
        SheetColumn("状态", lambda row: row.status_text),
        SheetColumn("我们已签到（人）", lambda row: row.present, CellKind.WHOLE),
    ),
)
