"""What the papers and sheets of an assessment say: 考核评分表, 反馈单, 推荐审批表, 汇总排名表, 推荐汇总表."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.sheets import CellKind, SheetColumn
from server.core.text import quoted
from server.oversight.assessment.engine.ranking import FEWEST
from server.oversight.assessment.engine.scoring import FAILED, ROUNDING
from server.oversight.assessment.models import AssessedUnit, Assessment
from server.oversight.assessment.running.showing import ShownUnit
from server.oversight.assessment.schemas import Definition
from server.oversight.assessment.texts import SOURCE_NAMES, say
from server.oversight.incidents.queries import count_accidents
from server.unions.roles import Level
from server.unions.tree.models import Union

UNGROUPED = "其他"
YEARS = 2
MOST_ON_PAPER = 300
"""Of a table on paper: python-docx takes seconds for a thousand rows, and nobody reads them there."""
NO_RECORD = "系统没有登记，请核对"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit in the table of ranks."""

    id: UUID
    unit: str
    group: str
    rank: str
    total: str
    full: str
    band: str
    percentile: str
    note: str
    headcount: int | None
    advice: str
    is_recommended: bool
    signals: int
    accidents: str  # of those who are recommended


@dataclass(frozen=True, slots=True)
class Group:
    """Peers, the best first; those without a rank behind them. `count`: how many there are, `rows` may be the first."""

    key: str
    label: str
    count: int
    rows: Sequence[Ranked]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A line of the 考核评分表."""

    part: str
    item: str
    full: str
    self_score: str
    score: str
    why: str
    evidence: str

    @property
    def cells(self) -> list[str]:
        return [self.part, self.item, self.full, self.self_score, self.score, self.why, self.evidence]


def _number(text: str) -> Decimal | str:
    """A number, so that Excel adds it up; words where there is none, or more than one."""
    return Decimal(text) if text.replace(".", "", 1).isdecimal() else text


SCORE_COLUMNS: tuple[SheetColumn[ScoreRow], ...] = (
    SheetColumn("项目", lambda row: row.part, width=16),
    SheetColumn("内容", lambda row: row.item, width=34),
    SheetColumn("标准分", lambda row: _number(row.full), CellKind.NUMBER, width=8),
    SheetColumn("自评分", lambda row: _number(row.self_score), CellKind.NUMBER, width=8),
    SheetColumn("核定分", lambda row: _number(row.score), CellKind.NUMBER, width=16),
    SheetColumn("扣分原因", lambda row: row.why, width=34),
    SheetColumn("佐证", lambda row: row.evidence, width=40),
)
RANK_COLUMNS: tuple[SheetColumn[Ranked], ...] = (
    SheetColumn("组别", lambda row: row.group, width=14),
    SheetColumn("名次", lambda row: _number(row.rank), CellKind.NUMBER, width=8),
    SheetColumn("单位", lambda row: row.unit, width=32),
    SheetColumn("得分", lambda row: Decimal(row.total), CellKind.NUMBER),
    SheetColumn("满分", lambda row: Decimal(row.full), CellKind.NUMBER),
    SheetColumn("等次", lambda row: row.band, width=12),
    SheetColumn("不低于同组的", lambda row: row.percentile, width=14),
    SheetColumn("说明", lambda row: row.note, width=30),
)
RECOMMENDED_COLUMNS: tuple[SheetColumn[Ranked], ...] = (
    SheetColumn("单位", lambda row: row.unit, width=32),
    SheetColumn("类别", lambda row: row.group, width=14),
    SheetColumn("推荐等次", lambda row: row.band, width=14),
    SheetColumn("得分", lambda row: Decimal(row.total), CellKind.NUMBER),
    SheetColumn("职工数", lambda row: row.headcount, CellKind.WHOLE),
    SheetColumn("近两年事故", lambda row: row.accidents, width=26),
    SheetColumn("推荐单位意见", lambda row: row.advice, width=40),
)


def rank_groups(
    session: Session, run: Assessment, scheme: Definition, *, most: int | None = None, banded: bool = False
) -> list[Group]:  # fmt: skip
    """Everybody by groups of peers, or the first `most` of each; with `banded` those who reached a band alone. Empty
    before anything was summed."""
    those = [AssessedUnit.assessment_id == run.id, AssessedUnit.result.is_not(None)]
    those += [AssessedUnit.band.in_([each.label for each in scheme.bands])] if banded else []
    counted = select(AssessedUnit.peer, func.count().label("units")).where(*those).group_by(AssessedUnit.peer)
    counts = {row.peer: row.units for row in session.execute(counted)}
    in_order = (AssessedUnit.rank.is_(None), AssessedUnit.rank, AssessedUnit.total_hundredths.desc(), AssessedUnit.id)
    units = (
        select(AssessedUnit, Union.name, Union.headcount, Union.level)
        .join(Union, Union.id == AssessedUnit.union_id)
        .where(*those)
        .order_by(*in_order)
        .limit(most)
    )
    groups = []
    for key in (key for key in [*(each.key for each in scheme.peers), ""] if key in counts):
        found = session.execute(units.where(AssessedUnit.peer == key)).all()
        best = [(unit.union_id, level) for unit, _, _, level in found if is_recommended(scheme, unit)]
        accidents = say_accidents(session, run, best)
        rows = [
            _ranked(scheme, unit, name, headcount, accidents.get(unit.union_id, ""))
            for unit, name, headcount, _ in found
        ]
        groups.append(Group(key, label_of(scheme, key), counts[key], rows))
    return groups


def label_of(scheme: Definition, peer: str) -> str:
    """What a group of peers is called."""
    return next((each.label for each in scheme.peers if each.key == peer), UNGROUPED if scheme.peers else "全部")


def say_accidents(session: Session, run: Assessment, unions: Sequence[tuple[UUID, Level]]) -> dict[UUID, str]:
    """What was noted of each of these unions in the two years up to the end of the run."""
    until = run.until
    since = until.replace(year=until.year - YEARS, day=min(until.day, 28)) + timedelta(days=1)
    found = count_accidents(session, unions, since, until)
    return dict.fromkeys((union_id for union_id, _ in unions), NO_RECORD) | {
        union_id: f"登记 {each.count} 起，死亡 {each.deaths} 人，受伤 {each.injured} 人"
        for union_id, each in found.items()
    }


def _ranked(scheme: Definition, unit: AssessedUnit, name: str, headcount: int | None, accidents: str) -> Ranked:
    result: Mapping[str, Any] = unit.result or {}
    percentile = result["percentile"]
    note = "一票否决，不参加排名" if result["vetoes"] else ""
    if not note and result["peers"] < FEWEST:
        note = f"同组 {result['peers']} 家，少于 {FEWEST} 家，只看名次"
    return Ranked(
        id=unit.id, unit=name, group=label_of(scheme, unit.peer), rank=str(unit.rank or "—"), total=result["total"],
        full=result["full"], band=unit.band, percentile=f"{percentile}%" if percentile is not None else "—", note=note,
        headcount=headcount, advice=unit.advice, is_recommended=is_recommended(scheme, unit),
        signals=len(unit.signals), accidents=accidents,
    )  # fmt: skip


def recommended(groups: Sequence[Group]) -> list[Ranked]:
    """Those with the best band, in the order of their groups."""
    return [row for group in groups for row in group.rows if row.is_recommended]


def score_rows(shown: ShownUnit) -> list[ScoreRow]:
    """The lines of a unit's 考核评分表."""
    return [
        ScoreRow(
            each.part.title, each_line.item.label, each_line.full, each_line.self_score, each_line.score or "—",
            each_line.why, _evidence(each_line),
        )
        for each in shown.parts for each_line in each.lines
    ]  # fmt: skip


def _evidence(line: Any) -> str:
    if line.figure is not None:
        return f"系统统计：{line.figure.name} {line.figure_text}"
    return line.evidence or SOURCE_NAMES[line.item.source]


def sum_words(unit: AssessedUnit) -> str:
    """What it comes to, in a sentence."""
    result = unit.result
    if result is None:
        return "还没有汇总。"
    beside = f"，加分 {say(result['bonus'])}" if Decimal(result["bonus"]) else ""
    beside += f"，扣分 {say(result['deduction'])}" if Decimal(result["deduction"]) else ""
    rank = f"，同组 {result['peers']} 家中第 {unit.rank} 名" if unit.rank is not None else ""
    veto = f"。有一票否决的情况，结果为{FAILED}" if result["vetoes"] else ""
    band = f"，{unit.band}" if unit.band and not veto else ""
    marks = f"满分 {say(result['full'])}，基本分 {say(result['base'])}{beside}"
    return f"合计 {say(result['total'])} 分（{marks}）{rank}{band}{veto}。"


def score_words(run: Assessment, unit: AssessedUnit, name: str, issuer: str, shown: ShownUnit) -> dict[str, Any]:
    """The 考核评分表 as a paper."""
    return {
        "form": "scores", "title": run.title, "unit": name, "issuer": issuer, "sum": sum_words(unit),
        "rows": [row.cells for row in score_rows(shown)], "rounding": ROUNDING,
    }  # fmt: skip


def feedback_words(run: Assessment, unit: AssessedUnit, name: str, issuer: str, shown: ShownUnit) -> dict[str, Any]:
    """The 反馈单: what was lost and why, what became of objections."""
    scores = {each["key"]: each for each in (unit.result or {}).get("items", ())}
    lost = [
        [line.item.label, line.full, line.score, line.why or line.figure_text or "—"]
        for each in shown.parts for line in each.lines
        if line.item.key in scores and Decimal(scores[line.item.key]["score"]) != Decimal(scores[line.item.key]["full"])
    ]  # fmt: skip
    intro = f"{quoted(run.title)}（{run.since:%Y-%m-%d} 至 {run.until:%Y-%m-%d}）的考核情况反馈如下，供研究改进。"
    return {
        "form": "feedback", "title": run.title, "unit": name, "issuer": issuer, "intro": intro, "sum": sum_words(unit),
        "lost": lost, "rounding": ROUNDING,
        "objections": [
            [each.label, each.row.words,
             f"{'采纳' if each.row.is_upheld else '未采纳'}：{each.row.answer}" if each.row.answer else "待答复"]
            for each in shown.objections
        ],
    }  # fmt: skip


def is_recommended(scheme: Definition, unit: AssessedUnit) -> bool:
    """Whether a unit has the best band, and so is recommended."""
    return bool(scheme.bands) and unit.result is not None and unit.band == scheme.bands[0].label


def approval_words(
    run: Assessment, unit: AssessedUnit, union: Union, issuer: str, shown: ShownUnit, group: str, accidents: str
) -> dict[str, Any]:  # fmt: skip
    """The 推荐审批表: what is known is filled in; opinions and seals are left to those who give them."""
    figures = [
        f"{line.figure.name}：{line.figure_text}"
        for each in shown.parts for line in each.lines if line.figure is not None and line.figure_text
    ]  # fmt: skip
    best = [line.item.label for each in shown.parts for line in each.lines if line.score and line.score == line.full]
    seal = "\n\n（盖章）　　　　年　　月　　日"
    achievements = ([f"满分的项目：{'、'.join(best)}。"] if best else []) + [f"系统统计：{each}" for each in figures]
    return {
        "form": "approval", "title": run.title, "issuer": issuer,
        "note": "职工数取自单位资料；近两年事故按工会的登记，请对照应急管理部门的记录核对。主要成绩可以另附材料。",
        "rows": [
            ["单位名称", union.name, 1],
            ["类别", group, 1],
            ["推荐等次", unit.band, 1],
            ["考核得分", sum_words(unit), 1.6],
            ["职工数", f"{union.headcount} 人" if union.headcount is not None else "", 1],
            ["近两年事故", accidents, 1.6],
            ["主要成绩", "\n".join(achievements), 5],
            ["单位意见", seal, 3],
            ["推荐单位意见", f"{unit.advice}{seal}", 3],
            ["审批单位意见", seal, 3],
        ],
    }  # fmt: skip


def ranking_words(run: Assessment, groups: Sequence[Group], issuer: str) -> dict[str, Any]:
    """The 汇总排名表 as a paper."""
    return {
        "form": "ranking", "title": run.title, "issuer": issuer, "rounding": ROUNDING,
        "groups": [
            {"label": group.label, "count": group.count,
             "rows": [[row.rank, row.unit, say(row.total), say(row.full), row.band, row.note] for row in group.rows]}
            for group in groups
        ],
        "note": _cut_words(any(group.count > len(group.rows) for group in groups)),
    }  # fmt: skip


def _cut_words(is_cut: bool) -> str:
    return f"每组只印前 {MOST_ON_PAPER} 家，全部的见 Excel。" if is_cut else ""


def recommended_words(run: Assessment, groups: Sequence[Group], issuer: str) -> dict[str, Any]:
    """The 推荐汇总表 as a paper."""
    found = [recommended([group]) for group in groups]
    rows = [row for each in found for row in each[:MOST_ON_PAPER]]
    return {
        "form": "recommended", "title": run.title, "issuer": issuer,
        "note": "职工数取自单位资料；近两年事故按工会的登记，请对照应急管理部门的记录核对。"
        + _cut_words(any(len(each) > MOST_ON_PAPER for each in found)),
        "rows": [
            [str(number), row.unit, row.group, row.band, say(row.total), str(row.headcount or ""),
             row.accidents, row.advice]
            for number, row in enumerate(rows, 1)
        ],
    }  # fmt: skip
