"""What an answer to a form may be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.assignments.forms.rules import Checked, check_answers
from server.assignments.forms.schemas import Definition, FieldKind

PHOTO = "01a205ec-936c-764c-8302-d9e432e896e9"
CHOICES = [{"key": "boiler", "label": "燃煤锅炉"}, {"key": "gas", "label": "管道气"}]


def form_of(*fields: dict[str, Any], **section: Any) -> Definition:
    named = [{"key": f"f{number}", "label": f"第{number}项", **field} for number, field in enumerate(fields, 1)]
    return Definition.model_validate({"sections": [{"key": "s1", "title": "甲", "fields": named, **section}]})


def check(form: Definition, answers: dict[str, Any], **more: Any) -> Checked:
    return check_answers(form, answers, **{"final": True, **more})


@pytest.mark.parametrize(
    ("field", "given_", "kept"),
    [
        ({"kind": "text"}, " 一\u200b号　锅炉房 ", "一号　锅炉房"),
        ({"kind": "integer"}, "１,２００", 1200),
        ({"kind": "integer"}, 0, 0),
        ({"kind": "decimal"}, "3.1", "3.10"),
        ({"kind": "money"}, "1,250.5", "1250.50"),
        ({"kind": "money", "least": None}, "-0.00", "0.00"),
        ({"kind": "date"}, "2026-11-29", "2026-11-29"),
        ({"kind": "time"}, "08:30", "08:30"),
        ({"kind": "one_of", "choices": CHOICES}, "gas", "gas"),
        ({"kind": "several_of", "choices": CHOICES}, ["gas", "boiler", "gas"], ["boiler", "gas"]),
        ({"kind": "yes_no"}, False, False),
        ({"kind": "person"}, {"name": "甲", "phone": "138 0000 0000"}, {"name": "甲", "phone": "13800000000"}),
        ({"kind": "check"}, {"result": "passed"}, {"result": "passed", "words": "", "photos": []}),
        ({"kind": "photo"}, [PHOTO.upper(), PHOTO], [PHOTO]),
    ],
)
def test_what_is_right_is_kept_in_one_spelling(field: dict[str, Any], given_: Any, kept: Any) -> None:
    checked = check(form_of(field), {"f1": given_})
    assert (checked.errors, checked.answers["f1"]) == ({}, kept)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ({"kind": "text", "max_length": 3}, "一二三四", "最多 3 字"),
        ({"kind": "text"}, 3, "要填文字"),
        ({"kind": "integer"}, "1.5", "要填整数"),
        ({"kind": "integer"}, True, "要填整数"),
        ({"kind": "integer"}, -1, "不能小于 0"),
        ({"kind": "integer", "most": 5}, "6", "不能大于 5"),
        ({"kind": "decimal", "places": 1}, "1.25", "最多 1 位小数"),
        ({"kind": "decimal"}, "NaN", "数字太大了"),
        ({"kind": "decimal"}, "1e999", "数字太大了"),
        ({"kind": "money"}, 1.5, "要填数字"),
        ({"kind": "date"}, "2026-02-30", "日期要写成"),
        ({"kind": "date"}, "0001-01-01", "检查年份"),
        ({"kind": "time"}, "25:00", "时间要写成"),
        ({"kind": "one_of", "choices": CHOICES}, "coal", "请从列出的答案里选"),
        ({"kind": "one_of", "choices": CHOICES}, {"a": 1}, "请从列出的答案里选"),
        ({"kind": "several_of", "choices": CHOICES, "most": 1}, ["gas", "boiler"], "最多选 1 个"),
        ({"kind": "yes_no"}, "yes", "请选是或者否"),
        ({"kind": "person"}, {"name": "", "phone": "13800000000"}, "还没有填姓名"),
        ({"kind": "person"}, {"name": "甲", "phone": "拨打总机"}, "电话号码不对"),
        ({"kind": "person"}, {"name": "甲", "id_card": "1"}, "要填姓名和电话"),
        ({"kind": "check"}, {"result": "fine"}, "请选检查结果"),
        ({"kind": "check"}, {"result": "failed", "photos": [PHOTO]}, "哪里不合格"),
        ({"kind": "check"}, {"result": "failed", "words": "门锁着"}, "拍一张照片"),
        ({"kind": "photo", "most": 1}, [PHOTO, PHOTO[:-1] + "8"], "最多 1 个"),
        ({"kind": "photo"}, ["../../etc/passwd"], "请重新选"),
        ({"kind": "photo"}, [None], "请重新选"),
    ],
)
def test_what_is_wrong_is_told_in_words_and_not_kept(field: dict[str, Any], value: Any, words: str) -> None:
    checked = check(form_of(field), {"f1": value})
    assert words in checked.errors["f1"]
    assert checked.answers == {}


def test_what_must_be_filled_in_is_missed_at_the_end_only() -> None:
    form = form_of({"kind": "text", "required": True}, {"kind": "check", "required": True})
    assert check(form, {}, final=False).errors == {}
    assert set(check(form, {"f1": " "}).errors) == {"f1", "f2"}


def test_a_check_may_be_begun_with_its_words_while_typing() -> None:
    form = form_of({"kind": "check"})
    begun = check(form, {"f1": {"words": "门锁着"}}, final=False)
    assert begun.answers == {"f1": {"result": None, "words": "门锁着", "photos": []}}
    assert check(form, {"f1": {"words": "门锁着"}}).answers == {}


def test_what_is_hidden_is_neither_asked_nor_kept_nor_does_anything_hang_on_it() -> None:
    form = form_of(
        {"kind": "yes_no"},
        {"kind": "one_of", "choices": CHOICES, "required": True, "shown_if": {"field": "f1", "equals": "yes"}},
        {"kind": "text", "required": True, "shown_if": {"field": "f2", "equals": "gas"}},
    )
    assert check(form, {"f1": False, "f2": "gas", "f3": "一号间"}).answers == {"f1": False}
    assert set(check(form, {"f1": True, "f2": "gas"}).errors) == {"f3"}


def test_a_part_that_does_not_apply_is_answered_by_one_reason() -> None:
    form = form_of({"kind": "text", "required": True}, may_be_skipped=True)
    assert check(form, {"f1": "x"}, skipped={"s1": "没有锅炉"}).answers == {}
    assert check(form, {}, skipped={"s1": "没有锅炉"}).errors == {}
    assert check(form, {}, skipped={"s1": " "}).errors["s1"] == "请写明为什么不涉及"
    assert "逐项" in check(form_of({"kind": "text"}), {}, skipped={"s1": "没有锅炉"}).errors["s1"]


def test_rows_of_a_table_are_checked_cell_by_cell_and_empty_ones_dropped() -> None:
    columns = [
        {"kind": "text", "key": "who", "label": "姓名", "required": True},
        {"kind": "integer", "key": "age", "label": "年龄", "most": 100},
    ]
    form = form_of({"kind": "table", "columns": columns, "most": 3})
    assert check(form, {"f1": [{}, {"who": "甲", "age": "40"}]}).answers == {"f1": [{"who": "甲", "age": 40}]}
    assert check(form, {"f1": [{"who": "甲"}, {"age": 1}]}).errors == {"f1.1.who": "这一格要填"}
    assert check(form, {"f1": [{"who": "甲", "age": 101}]}).errors == {"f1.0.age": "不能大于 100"}
    assert check(form, {"f1": [{"who": "甲", "sex": "男"}]}).errors == {"f1.0": "这一行和表格对不上"}
    assert check(form, {"f1": [{}] * 4}).errors == {"f1": "最多 3 行"}


def test_what_the_form_does_not_ask_is_refused() -> None:
    assert check(form_of({"kind": "text"}), {"f9": "x"}).errors == {"f9": "表单里没有这一项"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([{"kind": "text", "key": "f2"}, {"kind": "text"}], "用了同一个代号"),
        ([{"kind": "text", "shown_if": {"field": "f1", "equals": "yes"}}], "不在它前面"),
        ([{"kind": "text"}, {"kind": "text", "shown_if": {"field": "f1", "equals": "yes"}}], "没有这个答案"),
        ([{"kind": "one_of", "choices": CHOICES[:1] * 2}], "用了两次"),
        ([{"kind": "integer", "least": 3, "most": 2}], "最小的不能比最大的大"),
    ],
)
def test_a_form_that_does_not_hang_together_is_refused(fields: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        form_of(*fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**15) | st.text(max_size=8) | st.sampled_from(["yes", "gas", PHOTO]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "phone", "result", "words", "photos", "c1"]), inner, max_size=3)
    ),
    max_leaves=6,
)
EVERY_KIND = form_of(
    *(
        {
            "kind": kind,
            **({"choices": CHOICES} if kind in ("one_of", "several_of") else {}),
            **({"columns": [{"kind": "decimal", "key": "c1", "label": "数"}]} if kind == "table" else {}),
            **({"figure": "submitted"} if kind == "figure" else {}),
        }
        for kind in FieldKind
    )
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([field.key for field in EVERY_KIND.fields()]), JSON), st.booleans())
def test_whatever_comes_is_told_or_kept_and_what_is_kept_is_taken_again(answers: dict[str, Any], final: bool) -> None:
    checked = check(EVERY_KIND, answers, final=final)
    assert not checked.answers.keys() & checked.errors.keys()
    again = check(EVERY_KIND, checked.answers, final=final)
    assert (again.answers, again.errors) == (checked.answers, {})
