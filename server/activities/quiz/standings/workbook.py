"""A quiz's figures as an Excel workbook, one sheet per table of the page."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from server.activities.quiz.standings.models import QuizBoardRow
from server.activities.quiz.standings.queries import QuestionLine
from server.core.sheets import append_row


def write_workbook(
    data: dict[str, Any],
    questions: Sequence[QuestionLine],
    enterprises: Sequence[QuizBoardRow],
    districts: Sequence[QuizBoardRow],
) -> BytesIO:
    """The workbook's bytes, from their beginning. `data`: what counting.count_figures gives."""
    book = Workbook(write_only=True)
    for name, heads, rows in (
        ("总览", ("项目", "数"), (("参加", data["people"]), ("通关", data["finished"]), ("平均分", data["mean"]))),
        ("按天", ("日期", "人数", "次数"), data["days"]),
        ("区市按天", ("区市", *(day for day, _, _ in data["days"])), _of_days(data)),
        ("按区市", ("区市", "参加", "通关"), data["districts"]),
        ("分数分布", ("总分", "人数"), data["bands"]),
        ("按关", ("关", "次数", "通过", "平均分"), data["levels"]),
        ("区市参与率", ("名次", "区市", "参加", "参与率", "高分率"), map(_place, districts)),
        ("企业参与率", ("名次", "企业", "参加", "参与率", "高分率"), map(_place, enterprises)),
        ("题目", ("题目", "主题", "作答", "正确率", "区分度", "平均秒数"), map(_question, questions)),
    ):
        sheet = book.create_sheet(name)
        append_row(sheet, heads)
        for row in rows:
            append_row(sheet, row)
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content


def _of_days(data: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(name, *people) for name, people in data.get("district_days", [])]


def _place(row: QuizBoardRow) -> tuple[Any, ...]:
    return row.rank, row.label, row.people, _rounded(row.coverage), _rounded(row.high_share)


def _question(line: QuestionLine) -> tuple[Any, ...]:
    return (
        line.stem,
        line.topic,
        line.asked,
        _rounded(line.right_rate),
        _rounded(line.discrimination),
        _rounded(line.seconds),
    )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
