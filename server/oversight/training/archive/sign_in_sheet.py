"""The sign-in sheet (签到表) of a session as Excel: who was there, or empty lines to sign on paper."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.kit.exports.books.declared import Book
from server.kit.scope import name_of, union_names
from server.oversight.training.check_in.headcounts import list_headcounts
from server.oversight.training.models import Attendance, TrainingSession
from server.oversight.training.queries import MAX_ROWS, count_present, get_session, list_attendances, may_see_people
from server.oversight.training.texts import CONFIRMED_NAMES, KIND_NAMES, MEANS_NAMES
from server.unions.actor import Actor

EMPTY_LINES = 40


def clock_text(moment: datetime | None) -> str:
    """14:05, empty for none."""
    return f"{in_shanghai(moment):%H:%M}" if moment is not None else ""


def _columns(teams: Mapping[UUID, Any]) -> tuple[SheetColumn[Attendance | None], ...]:
    def of(value: Any) -> Any:
        return lambda row: value(row) if row is not None else ""

    def place(row: Attendance) -> str:
        return "/".join(filter(None, (name_of(teams, row.team_id) or row.team, row.post)))

    return (
        SheetColumn("姓名", of(lambda row: row.name), width=12),
        SheetColumn("单位", of(lambda row: row.enterprise_name), width=30),
        SheetColumn("班组/岗位", of(place), width=18),
        SheetColumn("签到", of(lambda row: clock_text(row.checked_in_at)), width=10),
        SheetColumn("签退", of(lambda row: clock_text(row.checked_out_at)), width=10),
        SheetColumn("方式", of(lambda row: MEANS_NAMES[row.means]), width=14),
        SheetColumn(
            "核验", of(lambda row: CONFIRMED_NAMES[row.confirmed_by] if row.confirmed_by else "未核实"), width=14
        ),
        SheetColumn("签名", lambda _: "", CellKind.TEXT, width=16),
    )


def heading_of(session: Session, row: TrainingSession) -> Sequence[str]:
    """What stands above the heads."""
    organiser = name_of(union_names(session, {row.organiser_id}), row.organiser_id)
    starts, ends = in_shanghai(row.starts_at), in_shanghai(row.ends_at)
    return (
        f"签到表：{row.title}",
        f"编号：{row.number}　种类：{KIND_NAMES[row.kind]}　举办单位：{organiser}",
        f"时间：{starts:%Y-%m-%d %H:%M} 至 {ends:%H:%M}　地点：{row.venue}　学时：{row.hours}　培训人：{row.trainer}",
    )


HEADS: tuple[SheetColumn[tuple[str, int, str]], ...] = (
    SheetColumn("单位", lambda row: row[0], width=30),
    SheetColumn("人数", lambda row: row[1], CellKind.WHOLE, is_summed=True),
    SheetColumn("说明", lambda row: row[2], width=50),
)


def _read(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    row = get_session(session, session_id, actor)
    if not may_see_people(actor, row):
        raise NotFound
    return row


def _count(session: Session, session_id: UUID, actor: Actor, _now: datetime) -> int:
    return min(count_present(session, _read(session, session_id, actor).id)[0], MAX_ROWS)


def _sheets(session: Session, session_id: UUID, actor: Actor, _now: datetime) -> list[Sheet[Any]]:
    row = _read(session, session_id, actor)
    people: Sequence[Attendance | None] = list_attendances(session, row.id, with_struck=False)
    teams = union_names(session, {each.team_id for each in people if each is not None})
    rows = people or [None] * EMPTY_LINES
    sheets: list[Sheet[Any]] = [
        Sheet("签到表", _columns(teams), rows, heading=heading_of(session, row), is_numbered=True)
    ]
    if heads := list_headcounts(session, row.id):
        sheets.append(Sheet("没有名单的人数", HEADS, heads, is_numbered=True))
    return sheets


SIGN_IN_SHEET = Book(
    name="training_sheet",
    title="培训签到表",
    count=_count,
    sheets=_sheets,
    file_name=lambda session, session_id: f"签到表 {session.get_one(TrainingSession, session_id).title}",
    href=lambda session_id: f"/console/training/{session_id}",
)
