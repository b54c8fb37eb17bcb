"""What the checker of questions finds; that what ships is sound as far as that shows without the statutes."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import QuestionIn
from server.activities.quiz.bank.shipped.proofreading import find_alike, find_lopsided, list_quotations, proofread
from server.activities.quiz.bank.shipped.questions import Shipped
from server.activities.quiz.bank.shipped.statutes import read_statutes, split_articles
from tests.support.quizzes import shipped_questions

INDEX = "slug\ttitle\tversion_date\n"
TEXT = """# 某法

### 第一章 总则

第一条 为了安全，制定本法。

第二条 任何单位和个人都有报告火警的
义务。

接到报告后应当立即处理。

### 第二章 附则

第三条 本法自公布之日起施行。
"""


def words(**changes: Any) -> QuestionIn:
    base = {
        "kind": "single",
        "topic": "消防安全",
        "difficulty": 1,
        "statute": "某法",
        "article": "第二条",
        "stem": "看到火情，小李该做什么？",
        "options": ["先报警", "先拍照", "先回家"],
        "answer": "A",
        "explanation": "第二条规定：“任何单位和个人都有报告火警的义务”。",
    }
    return QuestionIn.model_validate({**base, **changes})


def shipped(code: str = "a-001", **changes: Any) -> Shipped:
    return Shipped(code, date(2020, 1, 1), words(**changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.tsv").write_text(
        INDEX + "old\t某法\t2010-01-01\nnew\t某法\t2020-01-01\ngone\t旧法（已被取代）\t2000-01-01\n", encoding="utf-8"
    )
    for slug in ("old", "new", "gone"):
        text = TEXT if slug == "new" else TEXT.replace("火警", "火灾")
        (tmp_path / f"{slug}.md").write_text(text, encoding="utf-8")
    return tmp_path


def complaints(folder: Path, *questions: Shipped) -> list[str]:
    return [finding.text for finding in proofread(questions, read_statutes(folder))]


def test_articles_run_over_paragraphs_and_end_at_headings() -> None:
    articles = split_articles(TEXT)
    assert list(articles) == ["第一条", "第二条", "第三条"]
    assert articles["第二条"] == "第二条任何单位和个人都有报告火警的义务。接到报告后应当立即处理。"


def test_a_question_that_quotes_its_article_passes(folder: Path) -> None:
    assert complaints(folder, shipped()) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"statute": "没有的法"}, "不认识或已被取代的法规"),
        ({"statute": "旧法（已被取代）"}, "不认识或已被取代的法规"),
        ({"article": "第四条"}, "没有第四条"),
        ({"explanation": "第二条规定：“任何人都有报告火警的义务”。"}, "里没有这句话"),
        ({"explanation": "第二条规定要报警，这很重要。"}, "没有引用条文的原话"),
        ({"options": ["先报警", "先拍照", "以上都对"]}, "选项不能这样写"),
    ],
    ids=["unknown statute", "superseded statute", "missing article", "wrong quotation", "no quotation", "catch-all"],
)
def test_what_does_not_stand_in_the_statute_is_found(folder: Path, changes: dict[str, Any], complaint: str) -> None:
    assert any(complaint in text for text in complaints(folder, shipped(**changes)))


def test_questions_written_by_an_older_text_are_found(folder: Path) -> None:
    assert complaints(folder, Shipped("a-001", date(2010, 1, 1), words())) != []


def test_a_code_used_twice_is_found(folder: Path) -> None:
    twice = [shipped(), shipped(stem="单位里着了火，第一步是什么？")]
    assert complaints(folder, *twice) == ["编号用了 2 次"]


def test_nearly_equal_stems_are_found_and_different_ones_are_not() -> None:
    stems = {
        "a": "车间里发现有人违章动火作业，小李应当怎么做？",
        "b": "车间里发现有人违章动火作业，小王应当怎么做？",
        "c": "生产经营单位的主要负责人对本单位安全生产负什么责任？",
    }
    assert [finding.codes for finding in find_alike(stems)] == [("a", "b")]


def test_answers_that_are_mostly_one_letter_are_found() -> None:
    assert any("A" in finding.text for finding in find_lopsided([words() for _ in range(20)]))
    even = [words(options=["甲甲甲", "乙乙乙", "丙丙丙", "丁丁丁"], answer="ABCD"[index % 4]) for index in range(20)]
    assert list(find_lopsided(even)) == []


def test_single_words_in_quotation_marks_are_not_quotations() -> None:
    assert list_quotations("“火警”要报，“报告火警的义务”人人都有") == ["报告火警的义务"]


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "AB"},
        {"answer": "D"},
        {"kind": "multiple", "answer": "A"},
        {"kind": "multiple", "answer": "BA"},
        {"options": ["先报警", "先报警", "先回家"]},
        {"kind": "true_false", "options": ["是", "否"], "answer": "A"},
        {"topic": "天文"},
        {"difficulty": 4},
        {"article": "2"},
        {"stem": ""},
    ],
    ids=str,
)
def test_words_that_do_not_fit_together_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        words(**changes)


def test_at_least_600_questions_over_15_statutes_ship() -> None:
    questions = shipped_questions()
    statutes = Counter(question.words.statute for question in questions)
    assert len(questions) >= 600
    assert len(statutes) >= 15
    assert statutes.most_common(1)[0][0] == "中华人民共和国安全生产法"
    assert {question.words.kind for question in questions} == set(QuestionKind)


def test_what_ships_repeats_nothing_and_cannot_be_guessed() -> None:
    questions = shipped_questions()
    codes = [question.code for question in questions]
    assert len(set(codes)) == len(codes)
    assert list(find_alike({question.code: question.words.stem for question in questions})) == []
    assert list(find_lopsided([question.words for question in questions])) == []
    assert [question.code for question in questions if not list_quotations(question.words.explanation)] == []
