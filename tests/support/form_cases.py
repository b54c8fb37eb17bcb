"""What the service says of answers to forms, for the phone to say the same: `miniprogram/tests/form-cases.json`.

`python -m tests.support.form_cases` writes the file anew; a test of `contract/test_drift.py` compares it with the rules
as they are, and `miniprogram/tests/rules.test.ts` runs the phone's rules over it.
"""

import json
from collections.abc import Iterator
from typing import Any

from server.assignments.forms.rules import check_answers
from server.assignments.forms.schemas import Definition
from tests.support.sources import ROOT

PATH = ROOT / "miniprogram/tests/form-cases.json"
PHOTO, OTHER = "01a205ec-936c-764c-8302-d9e432e896e9", "01a205ec-936c-764c-8302-d9e432e896e8"
CHOICES = [
    {"key": "boiler", "label": "燃煤锅炉"},
    {"key": "gas", "label": "管道气"},
    {"key": "none", "label": "都没有"},
]
COLUMNS = [
    {"kind": "text", "key": "who", "label": "姓名", "required": True, "max_length": 4},
    {"kind": "integer", "key": "age", "label": "年龄", "most": 100},
    {"kind": "money", "key": "paid", "label": "金额"},
    {"kind": "one_of", "key": "heats", "label": "取暖", "choices": CHOICES},
    {"kind": "yes_no", "key": "trained", "label": "培训"},
    {"kind": "person", "key": "chief", "label": "负责人"},
    {"kind": "date", "key": "since", "label": "从哪天"},
    {"kind": "time", "key": "at", "label": "几点"},
    {"kind": "decimal", "key": "area", "label": "面积"},
]

EMPTY: tuple[Any, ...] = (None, "", [], {})
VALUES: tuple[tuple[dict[str, Any], tuple[Any, ...]], ...] = (
    (
        {"kind": "text", "max_length": 6},
        (
            " 一\u200b号　锅炉房 ",
            "一二三四五六七",
            "一\n二",
            "𠮷𠮷𠮷𠮷𠮷𠮷",
            "\u200b\u2060",
            "　",
            3,
            True,
            ["一"],
            *EMPTY,
        ),
    ),
    ({"kind": "prose", "max_length": 5}, ("一\r\n二", "  一 ", "一二三四五六", "\u202e", 0, *EMPTY)),
    ({"kind": "place"}, ("一号间", "一" * 201, {"a": 1})),
    (
        {"kind": "integer", "most": 5000},
        ("１,２００", 0, 7, "-1", -1, "5001", "1.5", 1.5, "一", "+3", " ", True, "12345678901234", ["1"]),
    ),
    ({"kind": "integer", "least": None}, (-5, "-5", "9" * 13)),
    (
        {"kind": "decimal", "least": "0.5", "most": "10.25"},
        (
            "3.1",
            "3",
            3,
            "0.5",
            "0.49",
            "10.25",
            "10.26",
            "10.250",
            "1.255",
            "1e1",
            "1E-1",
            ".75",
            "3.",
            "１.５",
            "一",
            "-",
            "",
        ),
    ),
    (
        {"kind": "decimal", "places": 4},
        ("-0.00", "-3.1", "0.0001", "0.00001", "NaN", "Infinity", "-inf", "1e999", "1e12"),
    ),
    (
        {"kind": "money"},
        ("1,250.5", "-0.00", "-0.01", "1.005", 8, 1.5, False, "1000000000000", "1000000000000.01", "007"),
    ),
    ({"kind": "money", "least": None, "most": "100"}, ("-12.5", "100.00", "100.01")),
    (
        {"kind": "date"},
        ("2026-11-29", "２０２６-11-29", "2024-02-29", "2026-02-29", "2026-2-3", "1999-12-31", "2200-01-01", 20261129),
    ),
    ({"kind": "date", "least": "2026-11-01", "most": "2026-12-31"}, ("2026-10-31", "2026-11-01", "2027-01-01")),
    ({"kind": "date", "least": "2026-11-01"}, ("2026-10-31",)),
    ({"kind": "time"}, ("08:30", "8:30", "24:00", "23:59", "08:60", "０８：３０", 830)),
    ({"kind": "one_of", "choices": CHOICES}, ("gas", "coal", {"a": 1}, ["gas"], 1)),
    (
        {"kind": "several_of", "choices": CHOICES, "most": 2},
        (["gas", "boiler", "gas"], ["none", "gas", "boiler"], ["coal"], "gas", [1]),
    ),
    ({"kind": "yes_no"}, (True, False, "yes", 1)),
    (
        {"kind": "check"},
        (
            {"result": "passed"},
            {"result": "passed", "words": "  好 ", "photos": [PHOTO]},
            {"result": "failed"},
            {"result": "failed", "words": "门锁着"},
            {"result": "failed", "words": " ", "photos": [PHOTO]},
            {"result": "failed", "words": "门锁着", "photos": [PHOTO]},
            {"result": "not_applicable"},
            {"result": "cannot_judge", "words": "要请人看"},
            {"result": None, "words": "门锁着"},
            {"result": "", "photos": [PHOTO]},
            {"words": "", "photos": []},
            {"result": "fine"},
            {"result": "passed", "words": "一" * 501},
            {"result": "passed", "words": 3},
            {"result": "passed", "photos": [f"{PHOTO[:-2]}{number:02}" for number in range(10)]},
            {"result": "passed", "photos": ["x"]},
            {"result": "passed", "who": "甲"},
            "passed",
        ),
    ),
    ({"kind": "photo", "most": 1}, ([PHOTO], [PHOTO.upper()], [PHOTO, PHOTO], [PHOTO, OTHER], ["../x"], [None], PHOTO)),
    ({"kind": "file", "most": 2}, ([PHOTO, OTHER], [PHOTO, PHOTO], [PHOTO, OTHER, PHOTO])),
    (
        {"kind": "person"},
        (
            {"name": " 甲 ", "phone": "138 0000 0000"},
            {"name": "甲", "phone": "+86 138-0000-0000"},
            {"name": "甲", "phone": "手机：１３８００００００００"},
            {"name": "甲", "phone": "(0532) 8000 0000"},
            {"name": "甲", "phone": "0532－80000000"},
            {"name": "甲", "phone": "13800000000.0"},
            {"name": "甲", "phone": ""},
            {"name": "甲"},
            {"name": "甲", "phone": None},
            {"name": "", "phone": "13800000000"},
            {"name": "", "phone": ""},
            {"name": "甲", "phone": "拨打总机"},
            {"name": "甲", "phone": "123"},
            {"name": "甲" * 41},
            {"name": 3},
            {"name": "甲", "id_card": "1"},
            "甲",
        ),
    ),
    (
        {"kind": "table", "columns": COLUMNS, "most": 3},
        (
            [{"who": "甲", "age": "45"}],
            [{}, {"who": " ", "age": ""}, {"who": "乙"}],
            [{"age": 45}],
            [{"who": "甲"}, {"who": "乙", "age": 101}],
            [{"who": "甲乙丙丁戊"}],
            [{"who": "甲", "paid": "12.5", "heats": "gas", "trained": False, "chief": {"name": "丙", "phone": ""}}],
            [{"who": "甲", "since": "2026-11-29", "at": "08:30", "area": "120"}],
            [{"who": "甲", "heats": "coal"}],
            [{"who": "甲", "chief": {"phone": "13800000000"}}],
            [{"who": "甲", "more": 1}],
            [{"who": "甲"}] * 4,
            ["甲"],
            {"who": "甲"},
            [{}],
        ),
    ),
)
SHOWN = {
    "sections": [
        {
            "key": "begin",
            "title": "基本情况",
            "fields": [
                {"kind": "yes_no", "key": "heats", "label": "有取暖吗"},
                {
                    "kind": "one_of",
                    "key": "by",
                    "label": "怎么取暖",
                    "choices": CHOICES,
                    "required": True,
                    "shown_if": {"field": "heats", "equals": "yes"},
                },
                {
                    "kind": "text",
                    "key": "room",
                    "label": "锅炉在哪里",
                    "required": True,
                    "shown_if": {"field": "by", "equals": "boiler"},
                },
                {"kind": "several_of", "key": "also", "label": "还有", "choices": CHOICES},
                {"kind": "integer", "key": "flats", "label": "几户", "shown_if": {"field": "also", "equals": "gas"}},
            ],
        },
        {
            "key": "boiler",
            "title": "锅炉",
            "may_be_skipped": True,
            "fields": [
                {"kind": "check", "key": "door", "label": "门向外开", "required": True},
                {
                    "kind": "prose",
                    "key": "why",
                    "label": "门怎么了",
                    "required": True,
                    "shown_if": {"field": "door", "equals": "failed"},
                },
            ],
        },
    ]
}
PASSED = {"door": {"result": "passed"}}
FIGURED = {
    "sections": [
        {
            "key": "s1",
            "title": "成效",
            "fields": [
                {"kind": "prose", "key": "words", "label": "成效"},
                {"kind": "figure", "key": "sent", "label": "隐患上报数", "figure": "submitted", "required": True},
            ],
        }
    ]
}
QUOTING: tuple[dict[str, Any], ...] = (
    {"words": "共 {{隐患上报数}} 件，{{ 隐患上报数 }} 件都改了。"},
    {"words": "共 {{上报数}} 件。"},
    {"words": "共 {{}} 件。"},
    {"words": "共 {隐患} 件。"},
    {"words": "", "sent": 5},
    {"sent": {"value": 5, "text": "5"}},
    {"sent": ""},
)
WHOLE: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({}, {}),
    ({"heats": False, "by": "boiler", "room": "一号间", **PASSED}, {}),
    ({"heats": True, "by": "gas", "room": "一号间", **PASSED}, {}),
    ({"heats": True, "by": "boiler", **PASSED}, {}),
    ({"heats": True, "by": "boiler", "room": "一号间", **PASSED}, {}),
    ({"also": ["gas"], "flats": -1, **PASSED}, {}),
    ({"also": ["none"], "flats": 3, **PASSED}, {}),
    ({"door": {"result": "failed", "words": "反了", "photos": [PHOTO]}}, {}),
    ({"door": {"result": "failed", "words": "反了", "photos": [PHOTO]}, "why": "反了"}, {}),
    ({"door": {"result": "failed"}, "why": "反了"}, {"boiler": " 没有锅炉 "}),
    ({}, {"boiler": "没有锅炉"}),
    ({}, {"boiler": " "}),
    ({}, {"boiler": "一" * 501}),
    ({}, {"boiler": 3}),
    ({}, {"begin": "不想填"}),
    ({}, {"other": "没有"}),
    ({"unknown": 1, **PASSED}, {}),
)


def _asked() -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for field, values in VALUES:
        for required in (False, True):
            form = {
                "sections": [
                    {
                        "key": "s1",
                        "title": "甲",
                        "fields": [{"key": "f1", "label": "项", "required": required, **field}],
                    }
                ]
            }
            for value in values if not required else EMPTY:
                yield form, {"f1": value}, {}
    for answers, skipped in WHOLE:
        yield SHOWN, answers, skipped
    for answers in QUOTING:
        yield FIGURED, answers, {}


def form_cases() -> list[dict[str, Any]]:
    """Every case, and what the rules say of it before and at the end."""
    forms: list[dict[str, Any]] = []
    for given, answers, skipped in _asked():
        form = Definition.model_validate(given)
        shape = form.model_dump(mode="json")
        if not forms or forms[-1]["form"] != shape:
            forms.append({"form": shape, "cases": []})
        said = {}
        for final in (False, True):
            checked = check_answers(form, answers, skipped, final=final)
            said["final" if final else "draft"] = {
                "answers": checked.answers, "skipped": checked.skipped, "errors": checked.errors
            }  # fmt: skip
        forms[-1]["cases"].append({"answers": answers, "skipped": skipped, **said})
    return forms


def text() -> str:
    """The file as it is to be: one case a line."""
    lines = []
    for each in form_cases():
        cases = ",\n    ".join(json.dumps(case, ensure_ascii=True) for case in each["cases"])
        lines.append(f'  {{"form": {json.dumps(each["form"], ensure_ascii=False)},\n   "cases": [\n    {cases}]}}')
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
