"""Clerks build forms, try them out, copy those from above, and bring them in from Excel."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from tests.support.callers import Answer, Desk
from tests.support.world import Someone, World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


class Builder:
    """Somebody at a desk who builds one form."""

    def __init__(self, desk: Desk, union: object, title: str = "冬季取暖检查") -> None:
        self.desk, self.union = desk, str(union)
        made = desk.post("/console/forms/new", {"title": title, "union": self.union})
        assert made.status == 303, made.text[:2000]
        self.path = made.headers["Location"]

    @property
    def page(self) -> str:
        return self.desk.get(self.path).ok().text

    @property
    def version(self) -> str:
        found = re.search(r'name="version" value="(\d+)"', self.page)
        assert found is not None
        return found[1]

    def send(self, path: str, **fields: str) -> Answer:
        return self.desk.post(f"{self.path}/{path}", {"version": self.version, **fields})

    def add(self, kind: str, label: str, **fields: str) -> None:
        answer = self.send("fields", section="s1", kind=kind, label=label, **fields)
        assert answer.status == 303, answer.text[:3000]

    def labels(self) -> list[str]:
        return re.findall(r'<a href="[^"]*/fields/f\d+">([^<]+)</a>', self.page)


@pytest.fixture
def town(desk_of: Callable[[Someone], Desk], world: World) -> Builder:
    return Builder(desk_of(world.people.town_reviewer), world.unions.seaside)


def sheet(*rows: tuple[str, ...], **others: list[tuple[str, ...]]) -> dict[str, tuple[str, bytes, str]]:
    book = Workbook()
    pages = {"survey": list(rows), **others} if others else {"表": list(rows)}
    for name, content in pages.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(row)
    del book["Sheet"]
    content_ = io.BytesIO()
    book.save(content_)
    return {"file": ("冬季检查.xlsx", content_.getvalue(), XLSX)}


def bring_in(desk: Desk, union: object, kind: str, files: Any) -> Answer:
    return desk.post("/console/forms/import", {"kind": kind, "union": str(union)}, files=files)


def test_a_form_is_built_item_by_item_put_in_order_and_listed(town: Builder) -> None:
    town.add("check", "锅炉房门窗能打开", criterion="通风良好", basis="安全生产法第四十一条", required="1")
    town.add("yes_no", "有没有燃煤锅炉")
    town.add("integer", "台数", unit="台", condition="f2=yes")
    assert town.labels() == ["锅炉房门窗能打开", "有没有燃煤锅炉", "台数"]
    assert "“有没有燃煤锅炉”是“是”时才问" in town.page
    assert town.send("fields/f2/move", steps="-1").status == 303
    assert town.labels() == ["有没有燃煤锅炉", "锅炉房门窗能打开", "台数"]
    assert "冬季取暖检查" in town.desk.get("/console/forms?q=取暖").ok().text
    assert "冬季取暖检查" not in town.desk.get("/console/forms?q=灭火").ok().text
    assert f'href="{town.path}"' in town.desk.get("/console/search?q=取暖检查").ok().text


def test_what_something_hangs_on_is_neither_removed_nor_moved_behind_it(town: Builder) -> None:
    town.add("yes_no", "有没有锅炉")
    town.add("integer", "台数", condition="f1=yes")
    town.send("fields/f1/remove")
    assert "“台数”的显示条件指向的项目不在它前面" in town.page
    town.send("fields/f2/move", steps="-1")
    assert town.labels() == ["有没有锅炉", "台数"]


def test_choices_keep_their_keys_when_others_come_or_go(town: Builder) -> None:
    town.add("one_of", "用什么取暖", choices="燃煤锅炉\n管道气")
    town.add("integer", "几台", condition="f1=c2")
    changed = {"section": "s1", "kind": "one_of", "key": "f1", "label": "用什么取暖"}
    assert town.send("fields", **changed, choices="瓶装气\n管道气").status == 303
    assert "“用什么取暖”是“管道气”时才问" in town.page
    refused = town.send("fields", **changed, choices="瓶装气\n燃煤锅炉")
    assert (refused.status, "没有这个答案" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "one_of", "label": "甲", "choices": "只有一个"}, "至少"),
        ({"kind": "text", "label": " "}, "至少 1 个字"),
        ({"kind": "integer", "label": "甲", "least": "很多"}, "要填整数"),
        ({"kind": "table", "label": "甲", "columns": "姓名 | 绘画"}, "“绘画”不认识"),
        ({"kind": "integer", "label": "甲", "least": "5", "most": "3"}, "最小的不能比最大的大"),
        ({"kind": "figure", "label": "甲", "figure": "made_up"}, "请从列出的数字里选"),
        ({"kind": "figure", "label": "甲{{", "figure": "submitted"}, "不能有花括号"),
    ],
)
def test_a_field_that_is_refused_comes_back_as_it_was_typed(town: Builder, fields: dict[str, str], words: str) -> None:
    answer = town.send("fields", section="s1", **fields)
    assert answer.status == 422
    assert words in answer.text
    assert town.labels() == []


@pytest.mark.parametrize("path", ["fields?section=s1&kind=poem", "fields/new?section=s9&kind=text", "fields/f77"])
def test_an_address_that_makes_no_sense_is_refused_not_an_error(town: Builder, path: str) -> None:
    assert town.desk.get(f"{town.path}/{path}").status in (404, 405, 422)


def test_two_who_build_at_once_do_not_overwrite_each_other(town: Builder) -> None:
    old = town.version
    town.add("text", "甲")
    late = town.desk.post(f"{town.path}/fields", {"version": old, "section": "s1", "kind": "text", "label": "乙"})
    assert (late.status, "刚刚有人改过" in late.text, 'value="乙"' in late.text) == (409, True, True)
    assert town.labels() == ["甲"]


def test_a_form_is_tried_out_without_keeping_anything(town: Builder) -> None:
    columns = "姓名 | 文字 | 必填\n证件 | 单选 有、没有"
    town.add("check", "门窗", required="1")
    town.add("table", "持证人员", columns=columns)
    assert "持证人员" in town.desk.get(f"{town.path}/preview").ok().text
    refused = town.desk.post(f"{town.path}/preview", {"f1.result": "passed", "f2.0.c2": "c1"})
    assert "这一格要填" in refused.ok().text
    as_phone = town.desk.post(f"{town.path}/preview?view=phone", {"f1.result": "passed", "f2.0.c2": "c1"}).ok().text
    assert ("preview-phone" in as_phone, f'action="{town.path}/preview?view=phone"' in as_phone) == (True, True)
    right = town.desk.post(f"{town.path}/preview", {"f1.result": "passed", "f2.0.c1": "甲", "f2.0.c2": "c1"})
    assert "这样填可以交" in right.ok().text


@pytest.mark.parametrize("amount", ["1e5000000", "-1e999999999999", "0e5000000"])
def test_a_number_beyond_all_bounds_is_refused_in_words(town: Builder, amount: str) -> None:
    town.add("money", "花了多少")
    tried = town.desk.post(f"{town.path}/preview", {"f1": amount}).ok().text
    assert ("数字太大了" in tried) == (not amount.startswith("0"))


def test_what_is_tried_out_needs_no_photo_for_none_can_be_sent_there(town: Builder) -> None:
    town.add("check", "门窗", required="1")
    town.add("photo", "全景", required="1")
    town.add("file", "台账", required="1")
    refused = town.desk.post(f"{town.path}/preview", {"f1.result": "failed"}).ok().text
    assert ("请写明哪里不合格" in refused, "这一项要填" in refused) == (True, False)
    right = town.desk.post(f"{town.path}/preview", {"f1.result": "failed", "f1.words": "打不开"}).ok().text
    assert "这样填可以交" in right


def test_every_field_to_fill_in_is_called_what_it_asks(town: Builder) -> None:
    town.add("text", "哪一家")
    town.add("prose", "还有什么")
    page = town.desk.get(f"{town.path}/preview").ok().text
    for number, label in enumerate(("哪一家", "还有什么"), 1):
        assert f'aria-labelledby="a-f{number}-label"' in page
        assert re.search(rf'id="a-f{number}-label">\s*{label}', page)


def test_the_paper_has_every_item_with_boxes_to_tick(town: Builder) -> None:
    town.add("check", "门窗", criterion="能打开")
    paper = town.desk.get(f"{town.path}/paper").ok().text
    assert all(words in paper for words in ("门窗", "能打开", "□ 不合格", "填表单位"))


def test_forms_of_the_unions_above_are_seen_and_copied_not_changed(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    city = Builder(desk_of(world.people.city_reviewer), world.unions.city, "全市检查表")
    city.add("check", "门窗")
    town = desk_of(world.people.town_reviewer)
    seen = town.get(city.path).ok().text
    assert "门窗" in seen
    assert f"{city.path}/fields" not in seen
    assert [town.get(city.path + path).status for path in ("/fields/f1", "/fields/new?section=s1&kind=text")] == [
        403
    ] * 2
    assert town.post(f"{city.path}/sections", {"version": "2", "title": "乙"}, form="/console/").status == 403
    copied = town.post(f"{city.path}/copy", {"union": str(world.unions.seaside)}, form="/console/")
    assert "全市检查表（副本）" in town.get(copied.headers["Location"]).ok().text
    assert town.post(f"{city.path}/copy", {"union": str(world.unions.city)}, form="/console/").status == 403


def test_neighbours_and_those_above_do_not_see_a_form_and_enterprises_have_none(
    desk_of: Callable[[Someone], Desk], world: World, town: Builder
) -> None:
    for who in (world.people.other_town_reviewer, world.people.city_reviewer):
        desk = desk_of(who)
        assert [desk.get(town.path + rest).status for rest in ("", "/preview", "/paper", "/form.xlsx")] == [404] * 4
        assert "冬季取暖检查" not in desk.get("/console/forms").ok().text
        assert town.path not in desk.get("/console/search?q=取暖检查").ok().text
    assert desk_of(world.people.enterprise_reviewer).get("/console/forms").status == 403


def test_a_form_that_was_laid_aside_stands_apart_and_can_be_taken_up_again(town: Builder) -> None:
    assert town.send("retire").status == 303
    assert "冬季取暖检查" not in town.desk.get("/console/forms").ok().text
    assert "冬季取暖检查" in town.desk.get("/console/forms?status=inactive").ok().text
    assert town.send("resume").status == 303
    assert "冬季取暖检查" in town.desk.get("/console/forms").ok().text


def test_a_list_of_check_items_becomes_a_form_with_its_parts(town: Builder, world: World) -> None:
    files = sheet(
        ("××镇检查表",),
        ("部分", "检查部位", "检查内容", "合格标准", "检查依据"),
        ("燃煤锅炉", "锅炉房", "门窗能打开", "通风良好", "安全生产法第四十一条"),
        ("", "锅炉房", "有一氧化碳报警器", "", ""),
        ("燃气", "厨房", "软管不老化", "", ""),
    )
    made = bring_in(town.desk, world.unions.seaside, "check_items", files)
    page = town.desk.get(made.headers["Location"]).ok().text
    assert all(words in page for words in ("冬季检查", "共 3 项", "燃煤锅炉", "有一氧化碳报警器", "通风良好"))
    back = load_workbook(io.BytesIO(town.desk.get(made.headers["Location"] + "/items.xlsx").ok().body)).active
    assert back is not None
    rows = [row[:3] for row in back.iter_rows(values_only=True)]
    assert rows[2] == ("燃煤锅炉", "锅炉房", "有一氧化碳报警器")


def test_a_list_with_a_wrong_row_brings_nothing_in_and_says_which(town: Builder, world: World) -> None:
    files = sheet(("部位", "检查内容"), ("锅炉房", "门窗"), ("厨房", ""), ("厨房", "长" * 201))
    refused = bring_in(town.desk, world.unions.seaside, "check_items", files)
    assert refused.status == 422
    assert re.findall(r'<td class="num">(\d+)</td>\s*<td>([^<]+)</td>', refused.text) == [
        ("3", "没有写检查内容"), ("4", "最多 200 字"),
    ]  # fmt: skip
    assert "冬季检查" not in town.desk.get("/console/forms").ok().text


def test_what_goes_out_as_xlsform_is_taken_by_its_own_converter_and_comes_back_the_same(
    town: Builder, world: World
) -> None:
    town.add("check", "门窗", criterion="能打开", basis="条款一", suspected_major="条款二", grade="2", required="1")
    town.add("several_of", "用什么取暖", choices="燃煤锅炉\n管道气", most="1")
    town.add("money", "花了多少", least="0", most="100000", condition="f2=c2", hint="含税")
    town.add("date", "哪天", least="2026-01-01")
    town.add("person", "负责人", required="1")
    town.add("table", "人员", columns="姓名 | 文字 | 必填\n证件 | 单选 有、没有\n联系人 | 人员")
    town.add("figure", "隐患上报数", figure="submitted")
    town.send("sections/s1", title="取暖", intro="逐项看", may_be_skipped="1", concerns="燃煤锅炉、管道气")
    content = town.desk.get(f"{town.path}/form.xlsx").ok().body
    assert convert(content, file_type=".xlsx").xform
    files = {"file": ("x.xlsx", content, XLSX)}
    made = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    again = town.desk.get(made.headers["Location"] + "/form.xlsx").ok().body
    assert cells(again) == cells(content)
    assert "只问有燃煤锅炉、管道气的企业" in town.desk.get(made.headers["Location"]).ok().text


def test_a_part_is_only_for_traits_that_are_known(town: Builder) -> None:
    assert town.send("sections/s1", title="取暖", concerns="核电站").status == 422


def cells(content: bytes) -> list[Any]:
    book = load_workbook(io.BytesIO(content))
    return [list(book[name].iter_rows(values_only=True)) for name in ("survey", "choices")]


SELECT = [("list_name", "name", "label"), ("fuel", "coal", "煤"), ("fuel", "Gas 2", "气")]


def test_an_xlsform_of_another_maker_is_taken_with_its_conditions_and_limits(town: Builder, world: World) -> None:
    files = sheet(
        ("type", "name", "label", "required", "relevant", "constraint", "appearance"),
        ("select one fuel", "Fuel", "用什么取暖", "yes", "", "", ""),
        ("integer", "count", "几台", "", "${Fuel} = 'Gas 2'", ". >= 1 and . <= 9", ""),
        ("text", "备注", "还有什么", "", "", "", "multiline"),
        choices=[SELECT[0], SELECT[1], ("fuel", "gas_2", "气")],
        settings=[("form_title",), ("取暖摸底",)],
    )
    refused = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    assert "没有这个答案" in refused.text
    files = sheet(
        ("type", "name", "label", "required", "relevant", "constraint", "appearance"),
        ("select one fuel", "Fuel", "用什么取暖", "yes", "", "", ""),
        ("integer", "count", "几台", "", "${Fuel} = 'gas_2'", ". >= 1 and . <= 9", ""),
        ("text", "备注", "还有什么", "", "", "", "multiline"),
        choices=[SELECT[0], SELECT[1], ("fuel", "gas_2", "气")],
        settings=[("form_title",), ("取暖摸底",)],
    )
    made = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    page = town.desk.get(made.headers["Location"]).ok().text
    assert all(words in page for words in ("取暖摸底", "“用什么取暖”是“气”时才问", "大段文字"))
    tried = town.desk.post(made.headers["Location"] + "/preview", {"fuel": "gas_2", "count": "10"})
    assert "不能大于 9" in tried.text


def test_what_an_xlsform_has_and_we_cannot_hold_is_named_row_by_row(town: Builder, world: World) -> None:
    files = sheet(
        ("type", "name", "label", "relevant", "constraint"),
        ("geopoint", "where", "在哪", "", ""),
        ("calculate", "sum", "合计", "", ""),
        ("text", "why", "为什么", "count-selected(${a}) > 1", ""),
        ("text", "mail", "邮箱", "", "regex(., '@')"),
        ("text", "fine", "好的", "", ""),
        choices=[SELECT[0]],
    )
    refused = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    rows = re.findall(r'<td class="num">(\d+)</td>', refused.text)
    assert (refused.status, rows) == (422, ["2", "3", "4", "5"])
    assert town.desk.get("/console/forms").ok().text.count("data-row") == 1
    other = sheet(("type", "name", "label::English"), ("text", "a", "b"), choices=[SELECT[0]])
    assert "label::English" in bring_in(town.desk, world.unions.seaside, "xlsform", other).text


def test_a_table_that_is_edited_keeps_the_limits_that_its_columns_came_with(town: Builder, world: World) -> None:
    files = sheet(
        ("type", "name", "label", "constraint"),
        ("begin_repeat", "staff", "人员", ""),
        ("integer", "hours", "学时", ". >= 0 and . <= 24"),
        ("end_repeat",),
        choices=[SELECT[0]],
    )
    town.path = bring_in(town.desk, world.unions.seaside, "xlsform", files).headers["Location"]
    edited = {
        "section": "part_1",
        "kind": "table",
        "key": "staff",
        "label": "持证人员",
        "columns": "学时 | 整数 | 必填",
    }
    assert town.send("fields", **edited).status == 303
    tried = town.desk.post(f"{town.path}/preview", {"staff.0.hours": "25"}).ok().text
    assert ("持证人员" in tried, "不能大于 24" in tried) == (True, True)
    assert town.send("fields", **{**edited, "columns": "学时 | 文字"}).status == 303  # of another kind, it has none
    assert "不能大于 24" not in town.desk.post(f"{town.path}/preview", {"staff.0.hours": "25"}).ok().text


def test_conditions_of_an_xlsform_follow_its_answers_whatever_they_are_called(town: Builder, world: World) -> None:
    files = sheet(
        ("type", "name", "label", "relevant"),
        ("select_one fuel", "fuel", "用什么取暖", ""),
        ("integer", "count", "几台", "${fuel} = '2'"),
        ("text", "why", "为什么", "${fuel} = '没有'"),
        choices=[SELECT[0], ("fuel", "1", "煤"), ("fuel", "2", "气"), ("fuel", "没有", "不取暖")],
    )
    made = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    page = town.desk.get(made.headers["Location"]).ok().text
    assert "“用什么取暖”是“气”时才问" in page
    assert "“用什么取暖”是“不取暖”时才问" in page


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("begin_repeat", "people", "人员"), ("text", "who", "姓名")], "没有 end_repeat"),
        ([("begin_group", "head", "负责人", '{"kind":"person"}'), ("text", "who", "姓名")], "没有 end_group"),
        ([("begin_group", "heating", "取暖"), ("text", "who", "谁管")], "“取暖”没有 end_group"),
        ([("begin_repeat", "people", "人员"), ("begin_group", "g", "基本情况")], "表格里不能再分部分"),
    ],
)
def test_an_xlsform_that_would_lose_something_brings_nothing_in(
    town: Builder, world: World, rows: list[tuple[str, ...]], words: str
) -> None:
    files = sheet(("type", "name", "label", "suishoupai"), ("text", "first", "前面"), *rows, choices=[SELECT[0]])
    refused = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    assert (refused.status, words in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("row", "number", "words"),
    [
        (("image", "photo", "照片"), "3", "表格里不能放照片"),
        (("select_multiple fuel", "fuel", "用什么"), "3", "表格里不能放多选"),
        (("select_one fuel or_other", "fuel", "用什么"), "3", "or_other 还不能导入"),
    ],
)
def test_a_row_of_an_xlsform_that_has_no_place_is_told_why(
    town: Builder, world: World, row: tuple[str, ...], number: str, words: str
) -> None:
    choices: list[tuple[str, ...]] = [*SELECT[:2], ("fuel", "gas", "气")]
    rows = (("begin_repeat", "t", "表"), row, ("text", "a", "甲"), ("end_repeat",))
    files = sheet(("type", "name", "label"), *rows, choices=choices)
    refused = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    told = re.findall(r'<td class="num">(\d+)</td>\s*<td>([^<]+)</td>', refused.text)
    assert [(place, words in text) for place, text in told] == [(number, True)]


@pytest.mark.parametrize("own", ['{"kind":["check"]}', '{"kind":{"a":1}}'])
def test_nonsense_in_our_own_column_of_an_xlsform_is_no_error(town: Builder, world: World, own: str) -> None:
    files = sheet(("type", "name", "label", "suishoupai"), ("text", "a", "甲", own), choices=[SELECT[0]])
    assert bring_in(town.desk, world.unions.seaside, "xlsform", files).status == 303


def test_an_xlsform_without_a_question_is_refused_as_an_empty_list_is(town: Builder, world: World) -> None:
    files = sheet(("type", "name", "label"), choices=[SELECT[0]])
    refused = bring_in(town.desk, world.unions.seaside, "xlsform", files)
    assert (refused.status, "没有问题" in refused.text) == (422, True)


@pytest.mark.parametrize("kind", ["check_items", "xlsform"])
def test_a_file_that_is_no_sheet_is_refused_in_words(town: Builder, world: World, kind: str) -> None:
    files = {"file": ("x.xlsx", b"PK\x03\x04nonsense", XLSX)}
    refused = bring_in(town.desk, world.unions.seaside, kind, files)
    assert (refused.status, "打不开" in refused.text) == (422, True)
