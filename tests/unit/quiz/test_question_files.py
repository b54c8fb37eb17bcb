"""Questions from and to Excel and GIFT: every spelling that unions use, and nothing lost out and in again."""

import io
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from server.activities.quiz.bank.formats.gift import read_gift, write_gift
from server.activities.quiz.bank.formats.sheets import read_sheet, write_sheet
from server.activities.quiz.bank.formats.spellings import read_answer, read_difficulty, read_kind, split_options
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, TRUE_FALSE, QuestionIn
from server.activities.quiz.bank.texts import TOPICS
from server.core.errors import Invalid, TooLarge

TOPIC = TOPICS[0]
FIRST = ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "正确答案", "解析", "章节", "难度"]
SECOND = ["作业种类", "试题类型", "题目内容", "题目选项", "题目答案"]


def sheet(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("text", ["ABD", "A,B,D", "B;D;A", "a、b、d", "ＡＢＤ", "A B D", "ABD。"[:-1]])
def test_letters_are_read_however_they_are_divided(text: str) -> None:
    assert read_answer(text, QuestionKind.MULTIPLE) == "ABD"


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("正确", "A"),
        ("对", "A"),
        ("A", "A"),
        ("T", "A"),
        ("√", "A"),
        ("错误", "B"),
        ("错", "B"),
        ("B", "B"),
        ("f", "B"),
    ],
)
def test_true_and_false_are_read_in_every_spelling(text: str, letter: str) -> None:
    assert read_answer(text, QuestionKind.TRUE_FALSE) == letter


@pytest.mark.parametrize("text", ["", "X", "AA", "12", "甲"])
def test_answers_that_are_no_letters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="答案"):
        read_answer(text, QuestionKind.SINGLE)


def test_kinds_and_difficulties_are_read_by_their_usual_names() -> None:
    assert [read_kind(name) for name in ("单选", "多项选择题", "判断题")] == list(QuestionKind)
    assert [read_difficulty(name) for name in ("易", "", "较难", "2")] == [1, 2, 3, 2]
    with pytest.raises(ValueError, match="题型"):
        read_kind("填空题")


@pytest.mark.parametrize(
    "text", ["**A.先报警**B.先拍照**C.先回家", "A、先报警 B、先拍照 C、先回家", "A.先报警\nB.先拍照\nC.先回家"]
)
def test_options_of_one_cell_are_taken_apart(text: str) -> None:
    assert split_options(text) == ["先报警", "先拍照", "先回家"]


@pytest.mark.parametrize("text", ["先报警", "A.先报警 C.先回家", "看：A.先报警"])
def test_options_without_letters_in_order_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="选项"):
        split_options(text)


def test_the_layout_with_a_column_for_each_option_is_read() -> None:
    rows: list[Sequence[Any]] = [
        FIRST,
        ["看到火情先做什么？", "单选题", "报警", "拍照", "回家", None, "A", "先报警", "消防安全", "易"],
        ["灭火器要定期检查。", "判断题", None, None, None, None, "√", None, "没有的章节", None],
    ]
    single, judged = read_sheet(sheet(*rows), TOPIC)
    assert single.words is not None
    assert (single.words.options, single.words.answer, single.words.topic) == (
        ("报警", "拍照", "回家"),
        "A",
        "消防安全",
    )
    assert judged.words is not None
    assert (judged.words.options, judged.words.answer, judged.words.topic) == (TRUE_FALSE, "A", TOPIC)


def test_the_layout_with_all_options_in_one_column_is_read() -> None:
    rows: list[Sequence[Any]] = [SECOND, ["动火", "多选题", "动火前要做什么？", "**A.办票**B.清场**C.抽烟", "B;A"]]
    (question,) = read_sheet(sheet(*rows), TOPIC)
    assert question.words is not None
    assert (question.words.options, question.words.answer) == (("办票", "清场", "抽烟"), "AB")


def test_each_row_says_what_is_wrong_with_it_and_the_others_are_read() -> None:
    good = ["看到火情先做什么？", "单选题", "报警", "拍照", "回家", None, "A", None, None, None]
    rows: list[Sequence[Any]] = [
        FIRST, good,
        ["看到火情先做什么？", "填空题", "报警", "拍照", "回家", None, "A", None, None, None],
        ["看到火情先做什么？", "单选题", "报警", None, "回家", None, "A", None, None, None],
        ["看到火情先做什么？", "单选题", "报警", "拍照", "回家", None, "D", None, None, None],
        ["看到火情先做什么？", "多选题", "报警", "拍照", "回家", None, "A", None, None, None],
    ]  # fmt: skip
    read = read_sheet(sheet(*rows), TOPIC)
    assert [question.number for question in read] == [2, 3, 4, 5, 6]
    assert [bool(question.errors) for question in read] == [False, True, True, True, True]


def test_a_sheet_of_another_kind_is_refused() -> None:
    with pytest.raises(Invalid):
        read_sheet(sheet(["姓名", "电话"], ["张三", "1"]), TOPIC)
    with pytest.raises(Invalid):
        read_sheet(b"not a sheet", TOPIC)


def test_moodles_own_examples_are_read() -> None:
    text = """// a comment
$CATEGORY: $course$/题库/消防安全

::Q1:: 看到火情，先做什么？ {=报警 #对了 ~拍照 ~回家}

灭火器要定期检查。{TRUE#错了#对了}

[html]动火前要做什么？{
  ~%50%办票
  ~%50%清场
  ~%-100%抽烟
  ####先办票，再清场
}

2+2 等于几？{#4}
"""
    single, judged, several, number = read_gift(text.encode(), TOPIC)
    assert single.words is not None
    assert (single.words.options, single.words.answer, single.words.topic) == (
        ("报警", "拍照", "回家"),
        "A",
        "消防安全",
    )
    assert judged.words is not None
    assert judged.words.answer == "A"
    assert several.words is not None
    assert (several.words.answer, several.words.explanation) == ("AB", "先办票，再清场")
    assert number.errors


def test_html_is_read_as_the_words_it_shows() -> None:
    text = """::Q1::[html]<p>发现火情后<strong>第一步</strong>做什么？</p>{
=<p>报警</p>
~<p>逃跑&nbsp;</p>
~[html]拍照<br>发群
####<p>先报警&amp;疏散</p><p>再救人</p>
}"""
    (read,) = read_gift(text.encode(), TOPIC)
    assert read.words is not None, read.errors
    assert (read.code, read.words.stem) == (None, "发现火情后第一步做什么？")
    assert read.words.options == ("报警", "逃跑", "拍照 发群")
    assert read.words.explanation == "先报警&疏散\n再救人"


def test_plain_text_keeps_its_signs_and_a_picture_is_told() -> None:
    plain, picture = read_gift(
        '压力 a<b>c 时怎么办？{=停 ~开 ~等}\n\n[html]<img src\\="x">看图{=甲 ~乙 ~丙}'.encode(), TOPIC
    )
    assert plain.words is not None
    assert plain.words.stem == "压力 a<b>c 时怎么办？"
    assert picture.errors == ("题目里有图片，请改成文字",)


@pytest.mark.parametrize(
    "piece",
    ["::", "{", "}", "=", "~", "#", "####", "\\", "[tag:", "[tag:x:", "// [id:", "$CATEGORY: ", "/", "\n", " \n", "%9",
     "<", "<p", "&", " "],
)  # fmt: skip
def test_reading_takes_time_in_proportion_to_the_file(piece: str) -> None:
    for text in (
        piece * (600_000 // len(piece)),
        f"::a::题目 {{={piece * (600_000 // len(piece))}}}",
        f"// {piece * 100_000}\n问{{T}}",
    ):
        begun = time.process_time()
        with suppress(Invalid, TooLarge):
            read_gift(text.encode(), TOPIC)
        assert time.process_time() - begun < 4


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", "没有括号".encode(), b"{}" * 3, b"{{{{", b"::a::"])
def test_what_is_no_gift_is_told_and_never_breaks(data: bytes) -> None:
    try:
        read = read_gift(data, TOPIC)
    except Invalid:
        return
    assert all(question.errors for question in read)


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=4, max_size=30)


@st.composite
def question_words(draw: st.DrawFn) -> QuestionIn:
    kind = draw(st.sampled_from(QuestionKind))
    options: list[str] = []
    if kind is not QuestionKind.TRUE_FALSE:
        options = draw(st.lists(TEXT, min_size=3, max_size=8, unique=True))
    count = len(options) or 2
    most = count if kind is QuestionKind.MULTIPLE else 1
    least = 2 if kind is QuestionKind.MULTIPLE else 1
    answer = draw(st.sets(st.sampled_from(LETTERS[:count]), min_size=least, max_size=most))
    return QuestionIn(
        kind=kind, topic=draw(st.sampled_from(TOPICS)), difficulty=draw(st.integers(1, 3)), stem=draw(TEXT),
        options=tuple(options) or TRUE_FALSE, answer="".join(sorted(answer)), explanation=draw(TEXT),
        statute="中华人民共和国消防法", article="第五条",
    )  # fmt: skip


@given(words=question_words())
def test_whatever_goes_out_as_gift_comes_in_the_same(words: QuestionIn) -> None:
    (read,) = read_gift(write_gift([("a-1", words)]), TOPIC)
    assert (read.code, read.words, read.errors) == ("a-1", words, ())


@given(words=question_words())
def test_whatever_goes_out_as_a_sheet_comes_in_the_same(words: QuestionIn) -> None:
    (read,) = read_sheet(write_sheet([("a-1", words)]), TOPIC)
    assert (read.code, read.words, read.errors) == ("a-1", words, ())
