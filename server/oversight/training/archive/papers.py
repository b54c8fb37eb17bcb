"""The record of a session (培训记录表) and the card of a person (一人一档卡) as Word files, made when asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from server.core.clock import day_in_words, day_of, in_shanghai
from server.kit.documents.papers.layout import blank_document, grid, head, line, prose, table
from server.kit.scope import name_of, union_names
from server.oversight.training import queries, texts
from server.oversight.training.archive.sign_in_sheet import clock_text
from server.oversight.training.check_in.headcounts import list_headcounts
from server.oversight.training.models import Attendance, SpecialPermit, TrainingCard, TrainingSession
from server.oversight.training.rules import mask_id
from server.unions.people.models import Person

SMALL_CARD = 300
"""Sessions that a card lists, the latest first."""


def write_session(session: Session, row: TrainingSession) -> BytesIO:
    """The record of a session with the list of who counts, and how many came of whom there is no list."""
    document = blank_document()
    head(document, "培训记录表", bold=True)
    line(document, row.number, center=True)
    table(document, ((label, text, 0.9) for label, text in _facts(session, row)))
    if row.plan:
        line(document, "方案", bold=True)
        prose(document, row.plan)
    line(document, "参加人员", bold=True)
    people = queries.list_attendances(session, row.id, with_struck=False)
    grid(document, ("序号", "姓名", "单位", "签到", "签退", "核验"), _lines(people), (1, 2, 5, 1.5, 1.5, 2))
    if heads := list_headcounts(session, row.id):
        line(document, "只有人数、没有名单的", bold=True)
        grid(document, ("单位", "人数", "说明"), ((name, str(many), note) for name, many, note in heads), (5, 1.5, 6))
    return _saved(document)


def _facts(session: Session, row: TrainingSession) -> Iterable[tuple[str, str]]:
    names = union_names(session, {row.organiser_id})
    came = texts.attendance_text(*queries.count_present(session, row.id), queries.count_unnamed(session, row.id))
    starts, ends = in_shanghai(row.starts_at), in_shanghai(row.ends_at)
    return (
        ("名称", row.title),
        ("种类", texts.KIND_NAMES[row.kind]),
        ("主题", row.theme),
        ("依据", row.legal_basis),
        ("举办单位", name_of(names, row.organiser_id) or ""),
        ("参加单位", "、".join(name for _, name in queries.invited(session, row.id))[:500]),
        ("时间", f"{starts:%Y-%m-%d %H:%M} 至 {ends:%H:%M}"),
        ("地点", row.venue),
        ("学时", str(row.hours)),
        ("培训人", row.trainer),
        ("培训人资格", row.qualification),
        ("对象", row.audience),
        ("人数", f"计划 {row.planned_count or '—'}；{came}"),
        ("经费（元）", f"{row.cost_cents / 100:.2f}" if row.cost_cents is not None else ""),
        ("效果评价", row.evaluation),
        ("小结", row.summary),
        ("归档", day_in_words(day_of(row.archived_at)) if row.archived_at else "未归档"),
    )


def _lines(people: Sequence[Attendance]) -> Iterable[tuple[str, ...]]:
    for number, each in enumerate(people, 1):
        known = texts.CONFIRMED_NAMES[each.confirmed_by] if each.confirmed_by else "未核实"
        yield (
            str(number), each.name, each.enterprise_name, clock_text(each.checked_in_at),
            clock_text(each.checked_out_at), known,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a person."""

    person: Person
    enterprise: str
    team: str
    card: TrainingCard | None
    permits: Sequence[SpecialPermit]
    attended: Sequence[tuple[Attendance, TrainingSession]]
    hours: str

    @property
    def id_masked(self) -> str:
        return mask_id(self.card.id_number if self.card is not None else None)

    @property
    def inductions(self) -> list[tuple[str, str, str, str]]:
        """The three levels: name, day, hours, mark; empty where there was none."""
        found = {
            row.induction: (each, row) for each, row in reversed(self.attended) if row.induction and each.is_counted
        }
        lines = []
        for level, name in texts.INDUCTION_NAMES.items():
            each, row = found.get(level, (None, None))
            mark = str(each.score) if each is not None and each.score is not None else ""
            lines.append((name, each.held_on.isoformat() if each else "", str(row.hours) if row else "", mark))
        return lines


def read_record(session: Session, person: Person, now: datetime) -> Record:
    """All that the record of a person holds, by a fixed number of statements."""
    names = union_names(session, {person.enterprise_id, person.team_id})
    attended = session.execute(
        queries.record_of([person.id]).order_by(Attendance.held_on.desc(), Attendance.id.desc()).limit(SMALL_CARD)
    ).all()
    return Record(
        person, name_of(names, person.enterprise_id) or "", name_of(names, person.team_id) or "",
        queries.find_card(session, person.id), queries.list_permits(session, person.id),
        [(row[0], row[1]) for row in attended], str(queries.hours_of_year(session, [person.id], now)),
    )  # fmt: skip


def write_card(record: Record) -> BytesIO:
    """The card of a person."""
    document, card = blank_document(), record.card
    head(document, "安全培训一人一档卡", bold=True)
    facts = (
        ("姓名", record.person.name or ""),
        ("性别", texts.SEX_NAMES[card.sex] if card and card.sex else ""),
        ("身份证号", record.id_masked),
        ("单位", record.enterprise),
        ("班组", record.team),
        ("岗位", card.post if card else ""),
        ("用工形式", texts.EMPLOYMENT_NAMES[card.employment] if card and card.employment else ""),
        ("入职日期", card.entered_on.isoformat() if card and card.entered_on else ""),
        ("本年学时", record.hours),
    )
    table(document, ((label, text, 0.8) for label, text in facts))
    line(document, "三级安全教育", bold=True)
    grid(document, ("级别", "日期", "学时", "成绩"), record.inductions, (2, 3, 2, 2))
    line(document, "特种作业证", bold=True)
    permits = [
        (each.kind, each.number, each.issued_on.isoformat(), each.review_on.isoformat() if each.review_on else "")
        for each in record.permits
    ]
    grid(document, ("作业类别", "证号", "初领日期", "复审日期"), permits or [("无", "", "", "")], (3, 4, 2.5, 2.5))
    line(document, "培训和演练", bold=True)
    rows = [
        (
            each.held_on.isoformat(), row.title, texts.KIND_NAMES[row.kind], str(row.hours),
            str(each.score) if each.score is not None else "", "计入" if each.is_counted else "未核实",
        )
        for each, row in record.attended
    ]  # fmt: skip
    grid(
        document,
        ("日期", "名称", "种类", "学时", "成绩", "核验"),
        rows or [("无",) + ("",) * 5],
        (2.2, 5, 2, 1, 1, 1.5),
    )
    line(document, "")
    line(document, "本人签字：　　　　　　　　　　　日期：　　　　年　　月　　日")
    return _saved(document)


def _saved(document: Any) -> BytesIO:
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content


def card_name(person: Person) -> str:
    """What its file is called."""
    return f"一人一档卡 {person.name or ''}".strip()
