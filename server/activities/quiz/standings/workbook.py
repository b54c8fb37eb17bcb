"""A quiz's figures as an Excel workbook, one sheet per table of the page."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from server.activities.quiz.standings.computing.scoped import ScopedFigures, UnionFigures
from server.activities.quiz.standings.models import QuizBoardRow
from server.activities.quiz.standings.queries import QuestionLine
from server.core.sheets import CellKind, Sheet, SheetColumn

Row = Sequence[Any]


def _column(at: int, head: str, kind: CellKind = CellKind.WHOLE, width: int | None = None) -> SheetColumn[Row]:
    return SheetColumn(head, itemgetter(at), kind, width)


def _summed(at: int, head: str) -> SheetColumn[Row]:
    return SheetColumn(head, itemgetter(at), CellKind.WHOLE, is_summed=True)


def _name(head: str) -> SheetColumn[Row]:
    return _column(0, head, CellKind.TEXT, 28)


def _day(row: Row) -> date:
    return date.fromisoformat(row[0])


TOTALS = (_column(0, "项目", CellKind.TEXT), _column(1, "数", CellKind.NUMBER))
DAYS: tuple[SheetColumn[Row], ...] = (
    SheetColumn("日期", _day, CellKind.DAY),
    _column(1, "人数"),  # somebody may play on several days: no sum
    _summed(2, "次数"),
)
DISTRICTS = (_name("区市"), _summed(1, "参加"), _summed(2, "通关"))
BANDS = (_column(0, "总分", CellKind.TEXT), _summed(1, "人数"))
LEVELS = (_column(0, "关"), _summed(1, "次数"), _summed(2, "通过"), _column(3, "平均分", CellKind.NUMBER))
QUESTIONS: tuple[SheetColumn[QuestionLine], ...] = (
    SheetColumn("编号", lambda line: line.code),
    SheetColumn("题目", lambda line: line.stem, width=60),
    SheetColumn("主题", lambda line: line.topic, width=18),
    SheetColumn("作答", lambda line: line.asked, CellKind.WHOLE),
    SheetColumn("正确率", lambda line: line.right_rate, CellKind.PERCENT),
    SheetColumn("区分度", lambda line: _rounded(line.discrimination, 3), CellKind.NUMBER),
    SheetColumn("平均秒数", lambda line: _rounded(line.seconds, 1), CellKind.NUMBER),
)


def sheets_of(
    data: dict[str, Any],
    questions: Sequence[QuestionLine],
    enterprises: Sequence[QuizBoardRow],
    districts: Sequence[QuizBoardRow],
) -> tuple[Sheet[Row] | Sheet[QuizBoardRow] | Sheet[QuestionLine], ...]:
    """The workbook's sheets. `data`: what participation.count_participation gives."""
    totals = (("参加", data["people"]), ("通关", data["finished"]), ("平均分", data["mean"]))
    of_days = [(name, *people) for name, people in data.get("district_days", [])]
    return (
        Sheet("总览", TOTALS, totals),
        Sheet("按天", DAYS, data["days"]),
        Sheet("区市按天", _by_day([day for day, _, _ in data["days"]]), of_days),
        Sheet("按区市", DISTRICTS, data["districts"]),
        Sheet("分数分布", BANDS, data["bands"]),
        Sheet("按关", LEVELS, data["levels"]),
        Sheet("区市参与率", _places("区市"), districts),
        Sheet("企业参与率", _places("企业"), enterprises),
        Sheet("题目", QUESTIONS, questions),
    )


SCOPED: tuple[SheetColumn[UnionFigures], ...] = (
    SheetColumn("单位", lambda each: each.name, width=30),
    SheetColumn("参加", lambda each: each.people, CellKind.WHOLE, is_summed=True),
    SheetColumn("通关", lambda each: each.finished, CellKind.WHOLE, is_summed=True),
    SheetColumn("平均总分", lambda each: each.mean, CellKind.NUMBER),
    SheetColumn("职工总数", lambda each: each.headcount, CellKind.WHOLE, is_summed=True),
    SheetColumn("参与率", lambda each: each.coverage, CellKind.PERCENT),
)


def scoped_sheet(figures: ScopedFigures) -> Sheet[UnionFigures]:
    """A union by its parts; an enterprise by itself."""
    return Sheet(figures.whole.name, SCOPED, figures.parts or (figures.whole,))


def _by_day(days: Sequence[str]) -> list[SheetColumn[Row]]:
    return [_name("区市"), *(_summed(at, day) for at, day in enumerate(days, 1))]


def _places(who: str) -> tuple[SheetColumn[QuizBoardRow], ...]:
    return (
        SheetColumn("名次", lambda row: row.rank, CellKind.WHOLE),
        SheetColumn(who, lambda row: row.label, width=32),
        SheetColumn("参加", lambda row: row.people, CellKind.WHOLE, is_summed=True),
        SheetColumn("参与率", lambda row: row.coverage, CellKind.PERCENT),
        SheetColumn("高分率", lambda row: row.high_share, CellKind.PERCENT),
    )


def _rounded(number: float | None, places: int) -> float | None:
    return None if number is None else round(number, places)
