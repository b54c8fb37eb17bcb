"""Questions from Excel, in both layouts that unions have, and back: as a ledger, or marked up with what is wrong."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import methodcaller

from pydantic import ValidationError

from server.activities.quiz.bank.formats.spellings import (
    DIFFICULTY_NAMES,
    KIND_NAMES,
    read_answer,
    read_difficulty,
    read_kind,
    split_options,
)
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, QuestionIn
from server.activities.quiz.bank.texts import TOPICS
from server.core.sheets import Sheet, SheetColumn, without_apostrophe, write_book
from server.core.web.errors import invalid_from
from server.unions.imports.sheets.workbook import PROBLEMS, Column, RawRow, read_rows

MAX_CELL = 1000
OPTION_COLUMNS = tuple(Column(f"option_{letter}", f"选项{letter}", "", "") for letter in LETTERS)
NUMBERED = Column("number", "序号", "", "")
"""Of our own ledgers: no data."""
ONE_COLUMN_EACH = (
    NUMBERED,
    Column("stem", "题干", "发现火情，第一步做什么？", "", required=True),
    Column("kind", "题型", "单选题", "单选题、多选题、判断题", required=True),
    *OPTION_COLUMNS,
    Column("answer", "正确答案", "A", "", required=True),
    Column("explanation", "解析", "", ""),
    Column("topic", "章节", "消防安全", "主题的名称"),
    Column("difficulty", "难度", "易", "易、中、难"),
    Column("statute", "法规", "", "法规的全称"),
    Column("article", "条款", "", "如 第五条"),
    Column("code", "编号", "", "已有的编号表示修改那道题"),
)
ALL_IN_ONE_COLUMN = (
    NUMBERED,
    Column("topic", "作业种类", "", ""),
    Column("kind", "试题类型", "", "", required=True),
    Column("stem", "题目内容", "", "", required=True),
    Column("options", "题目选项", "", ""),
    Column("answer", "题目答案", "", "", required=True),
    Column("explanation", "解析", "", ""),
    Column("difficulty", "难度", "", ""),
    Column("statute", "法规", "", ""),
    Column("article", "条款", "", ""),
    Column("code", "编号", "", ""),
)
CODE = re.compile(r"[A-Za-z0-9_\-]{1,60}")


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as read from a file. `words` is None if something is wrong; `errors` says what, in Chinese. `cells`:
    what stood in the row of a sheet."""

    number: int
    code: str | None
    stem: str
    words: QuestionIn | None
    errors: tuple[str, ...]
    cells: Mapping[str, str] = field(default_factory=dict)


def read_sheet(data: bytes, default_topic: str) -> list[ReadQuestion]:
    """The questions of an .xlsx of either layout. Raises Invalid or TooLarge if it is no such sheet."""
    rows = read_rows(data, ONE_COLUMN_EACH, ALL_IN_ONE_COLUMN, max_cell=MAX_CELL)
    return [_read_row(row, default_topic) for row in rows]


def _read_row(row: RawRow, default_topic: str) -> ReadQuestion:
    cells = {name: without_apostrophe(text) for name, text in row.cells.items()}
    errors = [f"{HEADINGS[name]}：{text}" for name, text in row.errors.items()]
    code = cells.get("code")
    if code and not CODE.fullmatch(code):
        errors.append(f"编号：只能用字母、数字、横线{_typed(code)}")
    topic = cells.get("topic", "")
    plain: dict[str, object] = {
        "topic": topic if topic in TOPICS else default_topic,
        **{name: cells.get(name, "") for name in ("stem", "explanation", "statute", "article")},
    }
    try:
        plain["kind"] = kind = read_kind(cells.get("kind", ""))
        plain["difficulty"] = read_difficulty(cells.get("difficulty", ""))
        plain["answer"] = read_answer(cells.get("answer", ""), kind)
        plain["options"] = () if kind is QuestionKind.TRUE_FALSE else _options(cells)
    except ValueError as error:
        errors.append(str(error))
    return replace(check_question(row.number, code, plain, errors), cells=cells)


def _options(cells: dict[str, str]) -> list[str]:
    if "options" in cells:
        return split_options(cells["options"])
    given = [cells.get(f"option_{letter}", "") for letter in LETTERS]
    while given and not given[-1]:
        given.pop()
    if not all(given):
        empty = "、".join(letter for letter, text in zip(LETTERS, given, strict=False) if not text)
        raise ValueError(f"选项：中间有空格子（{empty}）")
    return given


def check_question(number: int, code: str | None, plain: dict[str, object], errors: list[str]) -> ReadQuestion:
    """A question read from any file: its words if nothing is wrong."""
    stem = str(plain.get("stem", ""))[:500]
    if errors:
        return ReadQuestion(number, code, stem, None, tuple(errors))
    try:
        return ReadQuestion(number, code, stem, QuestionIn.model_validate(plain), ())
    except ValidationError as error:
        told = tuple(_complain(name.split(".")[0], text, plain) for name, text in invalid_from(error).fields.items())
        return ReadQuestion(number, code, stem, None, told)


def _complain(name: str, text: str, plain: Mapping[str, object]) -> str:
    """What is wrong with a field, and what stands in it."""
    value = plain.get(name)
    return f"{NAMES.get(name, '')}{text}{_typed(value) if isinstance(value, str) else ''}"


def _typed(value: str) -> str:
    shown = value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…"
    return f"（填的是“{shown}”）" if value else ""


HEADINGS = {column.field: column.heading for column in (*ALL_IN_ONE_COLUMN, *ONE_COLUMN_EACH)}
MAX_SHOWN = 60  # characters of a wrong value
NAMES = {
    "topic": "章节：", "difficulty": "难度：", "statute": "法规：", "article": "条款：", "stem": "题干：",
    "options": "选项：", "answer": "答案：", "explanation": "解析：",
}  # fmt: skip


Cells = Mapping[str, str]
_WIDTHS = {"stem": 60, "kind": 8, "answer": 10}


def _column(column: Column) -> SheetColumn[Cells]:
    return SheetColumn(column.heading, methodcaller("get", column.field), width=_WIDTHS.get(column.field, 24))


COLUMNS: tuple[SheetColumn[Cells], ...] = tuple(_column(column) for column in ONE_COLUMN_EACH if column is not NUMBERED)
"""The first layout; read_sheet reads the same back."""


def write_sheet(questions: Iterable[tuple[str, QuestionIn]]) -> bytes:
    """An .xlsx of the first layout. Takes codes and words."""
    return write_book(Sheet("题库", COLUMNS, (cells_of(code, words) for code, words in questions))).getvalue()


def mark_up(rows: Iterable[tuple[Cells, str]]) -> bytes:
    """Rows as they came, in their own layout, each with what is wrong: to mend there, and to send again."""
    marked = list(rows)
    layout = ALL_IN_ONE_COLUMN if any("options" in cells for cells, _ in marked) else ONE_COLUMN_EACH
    columns = [_column(column) for column in layout if column is not NUMBERED]
    problems: SheetColumn[Cells] = SheetColumn(PROBLEMS, methodcaller("get", PROBLEMS), width=60)
    return write_book(
        Sheet("题库", [*columns, problems], ({**cells, PROBLEMS: words} for cells, words in marked))
    ).getvalue()


def cells_of(code: str, words: QuestionIn) -> dict[str, str]:
    """A question as it stands in the first layout."""
    true_false = words.kind is QuestionKind.TRUE_FALSE
    options = [] if true_false else words.options
    return {
        **{column.field: text for column, text in zip(OPTION_COLUMNS, options, strict=False)},
        "answer": words.options[LETTERS.index(words.answer)] if true_false else words.answer,
        "stem": words.stem,
        "kind": KIND_NAMES[words.kind],
        "explanation": words.explanation,
        "topic": words.topic,
        "difficulty": DIFFICULTY_NAMES[words.difficulty],
        "statute": words.statute,
        "article": words.article,
        "code": code,
    }
