"""The record and evaluation of a drill (演练记录与评估表) as Excel."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.sheets import Sheet, SheetColumn
from server.kit.exports.books.declared import Book
from server.kit.scope import name_of, union_names
from server.oversight.drills import texts
from server.oversight.drills.models import Drill, DrillProblem, Phase
from server.oversight.drills.plans.queries import list_tried
from server.oversight.drills.queries import find_drill, get_drill_session, list_log, list_problems
from server.oversight.training.models import TrainingSession
from server.oversight.training.queries import count_present, count_unnamed
from server.oversight.training.texts import attendance_text
from server.unions.actor import Actor

Fact = tuple[str, str]
FACTS: tuple[SheetColumn[Fact], ...] = (
    SheetColumn("项目", lambda fact: fact[0], width=20),
    SheetColumn("内容", lambda fact: fact[1], width=80),
)
PROBLEM_COLUMNS: tuple[SheetColumn[DrillProblem], ...] = (
    SheetColumn("问题", lambda row: row.words, width=40),
    SheetColumn("地点", lambda row: row.place, width=20),
    SheetColumn("整改措施", lambda row: row.measures, width=36),
    SheetColumn("责任人", lambda row: row.owner),
    SheetColumn("完成期限", lambda row: row.due_on.isoformat() if row.due_on else ""),
)


def _facts(session: Session, row: TrainingSession, drill: Drill) -> Iterator[Fact]:
    came = attendance_text(*count_present(session, row.id), count_unnamed(session, row.id))
    starts, ends = in_shanghai(row.starts_at), in_shanghai(row.ends_at)
    yield "演练名称", row.title
    yield "举办单位", name_of(union_names(session, {row.organiser_id}), row.organiser_id) or ""
    tried = list_tried(session, row.id)
    yield "预案和版本", "、".join(f"{plan.name} {plan.edition}".strip() for plan in tried)
    yield "预案种类", "、".join(dict.fromkeys(texts.PLAN_NAMES[plan.kind] for plan in tried))
    kinds = (texts.FORM_NAMES[drill.form], texts.SCOPE_NAMES[drill.scope], texts.AIM_NAMES[drill.aim])
    yield "演练类型", "、".join(kinds)
    yield "时间", f"{starts:%Y-%m-%d %H:%M} 至 {ends:%H:%M}"
    yield "地点", row.venue
    yield from (
        ("情景", drill.scenario), ("针对的风险", drill.hazard), ("总指挥", drill.commander), ("分组", drill.groups),
        ("观摩", drill.observers), ("装备", drill.equipment),
    )  # fmt: skip
    yield "参加人数", came
    log = list_log(session, row.id)
    for phase in Phase:
        yield texts.PHASE_NAMES[phase], f"{in_shanghai(log[phase].at):%H:%M:%S}" if phase in log else ""
    yield "疏散用时（秒）", str(drill.evacuation_seconds or "")
    yield "在岗人数", "" if drill.on_shift is None else str(drill.on_shift)
    yield "集合清点人数", "" if drill.assembled is None else str(drill.assembled)
    yield "评估", row.evaluation
    yield "小结", row.summary
    yield "预案是否修订", texts.revision_text(drill, tried)
    yield "报送", f"{drill.reported_to}，{drill.reported_on}" if drill.reported_to else ""


def _read(session: Session, session_id: UUID, actor: Actor) -> tuple[TrainingSession, Drill]:
    row = get_drill_session(session, session_id, actor)
    drill = find_drill(session, row.id)
    if drill is None:
        raise NotFound("还没有填演练记录。", code="no_record")
    return row, drill


def _count(session: Session, session_id: UUID, actor: Actor, _now: datetime) -> int:
    _read(session, session_id, actor)
    return 40


def _sheets(session: Session, session_id: UUID, actor: Actor, _now: datetime) -> list[Sheet[Any]]:
    row, drill = _read(session, session_id, actor)
    heading = (f"演练记录与评估表：{row.title}", f"编号：{row.number}")
    return [
        Sheet("演练记录与评估", FACTS, _facts(session, row, drill), heading=heading),
        Sheet("问题", PROBLEM_COLUMNS, list_problems(session, row.id), is_numbered=True),
    ]


RECORD_BOOK = Book(
    name="drill_record",
    title="演练记录与评估表",
    count=_count,
    sheets=_sheets,
    file_name=lambda session, session_id: f"演练记录与评估表 {session.get_one(TrainingSession, session_id).title}",
    href=lambda session_id: f"/console/drills/{session_id}",
)
