"""Importing unions and people: looked at first, then taken over whole or not at all."""

import base64
import html
import io
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select, update

from server.core.db import Database
from server.unions.accounts.models import Account
from server.unions.imports.models import ImportDraft
from server.unions.people.models import Person, RoleAssignment
from server.unions.tree.models import Union
from tests.support.callers import Answer, Desk, InProcess
from tests.support.pages import squeeze, tight
from tests.support.storms import STORMS
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNION_HEADINGS = ["编号", "名称", "级别", "上级编号", "职工人数", "高危行业"]
PEOPLE_HEADINGS = ["姓名", "手机", "企业编号", "角色", "角色所在工会编号", "登录名"]


def sheet(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(desk: Desk, kind: str, content: bytes) -> Answer:
    return desk.post("/console/import", {"kind": kind}, files={"file": ("表格.xlsx", content, XLSX)})


def upload_unions(desk: Desk, *rows: Sequence[Any]) -> Answer:
    return upload(desk, "unions", sheet(UNION_HEADINGS, *rows))


def upload_people(desk: Desk, *rows: Sequence[Any]) -> Answer:
    return upload(desk, "people", sheet(PEOPLE_HEADINGS, *rows))


def complaints(answer: Answer) -> list[str]:
    cells = re.findall(r"<td[^>]*>((?:<div>[^<]*</div>)+)</td>", tight(answer.ok().text))
    return [html.unescape(text) for cell in cells for text in re.findall(r"<div>([^<]*)</div>", cell)]


def commit_path(answer: Answer) -> str:
    found = re.search(r'action="(/console/import/[0-9a-f-]{36}/commit)"', answer.ok().text)
    assert found is not None, complaints(answer)
    return found[1]


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture(autouse=True)
def _codes(database: Database, world: World) -> None:
    """The world's unions get the numbers that sheets name."""
    with database.transaction() as session:
        for name in ("city", "south", "seaside", "shipyard", "north", "hillside"):
            union_id = getattr(world.unions, name)
            session.execute(update(Union).where(Union.id == union_id).values(code=name.upper()))


def test_unions_are_shown_first_and_taken_over_when_confirmed(desk_of: Opens, world: World, database: Database) -> None:
    desk, before = desk_of(world.people.district_reviewer), count(database, Union)
    shown = upload_unions(
        desk,
        ["B1", "甲班组", "班组", "E1", None, None],  # children may stand before their parents
        ["E1", "新甲公司", "企业", "T1", 12, "是"],
        ["T1", "新街道总工会", "镇街", "SOUTH", None, None],
    )
    assert complaints(shown) == []
    assert count(database, Union) == before
    desk.post(commit_path(shown)).ok()
    with database.reading() as session:
        made = {union.code: union for union in session.scalars(select(Union).where(Union.code.in_(["B1", "E1", "T1"])))}
    town, enterprise, team = made["T1"], made["E1"], made["B1"]
    assert (town.city_id, town.district_id, town.town_id) == (world.unions.city, world.unions.south, town.id)
    assert (enterprise.town_id, enterprise.enterprise_id, enterprise.is_high_risk) == (town.id, enterprise.id, True)
    assert (team.parent_id, team.enterprise_id, team.town_id) == (enterprise.id, enterprise.id, town.id)
    assert enterprise.invite_code is not None


def test_each_fault_is_named_with_row_and_column_and_nothing_is_taken_over(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk, before = desk_of(world.people.district_reviewer), count(database, Union)
    shown = upload_unions(
        desk,
        ["E1", "好公司", "企业", "SEASIDE", 12, "是"],
        ["E1", "重复公司", "企业", "SEASIDE", None, None],
        ["E3", "好公司", "企业", "SEASIDE", None, None],
        ["E4", "麦香食品有限公司", "企业", "SEASIDE", None, None],
        ["E5", "远方公司", "企业", "HILLSIDE", None, None],
        ["E6", "无根公司", "企业", "NOBODY", None, None],
        ["E7", "高楼", "镇街", "SHIPYARD", None, None],
        ["E8", "新街道", "镇街", "SOUTH", 5, None],
        ["SHIPYARD", "改级别", "镇街", "SOUTH", None, None],
        ["SHIPYARD2", "=1+1", "企业", "SEASIDE", "abc", "也许"],
    )
    assert sorted(complaints(shown)) == sorted(
        [
            "编号：和第 2 行的编号重复（填的是“E1”）",
            "名称：和第 2 行同名，上级也相同（填的是“好公司”）",
            "名称：同一上级下已有同名工会（填的是“麦香食品有限公司”）",
            "上级工会：上级不在您的管理范围内（填的是“HILLSIDE”）",
            "上级工会：没有这个编号或名称的上级工会（填的是“NOBODY”）",
            "上级工会：这一级工会不能做它的上级（填的是“SHIPYARD”）",
            "职工人数：只有企业才填这一列（填的是“5”）",
            "级别：和已有的级别不同（填的是“镇街”）",
            "职工人数：要填整数（填的是“abc”）",
            "高危行业：只能填：是、否（填的是“也许”）",
            "名称：不能用公式，请粘贴为数值",
        ]
    )
    assert "确认导入" not in shown.text
    with database.reading() as session:
        draft = session.scalars(select(ImportDraft)).one()
    assert desk.post(f"/console/import/{draft.id}/commit").status == 422
    assert count(database, Union) == before


def test_nothing_new_is_put_below_a_union_that_is_closed(desk_of: Opens, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.seaside).values(is_active=False))
    shown = upload_unions(
        desk_of(world.people.district_reviewer),
        ["E1", "新甲公司", "企业", "SEASIDE", None, None],
        ["SHIPYARD", "蓝海船舶修造有限公司", "企业", "SEASIDE", 12, None],  # what was there before may still be changed
    )
    assert complaints(shown) == ["上级工会：上级已停用（填的是“SEASIDE”）"]


def test_importing_again_updates_by_number_and_leaves_empty_cells_alone(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk = desk_of(world.people.district_reviewer)
    desk.post(commit_path(upload_unions(desk, ["E1", "新甲公司", "企业", "SEASIDE", 12, "是"]))).ok()
    again = upload_unions(desk, ["E1", "改名公司", "企业", "SEASIDE", None, None])
    assert "更新 1" in squeeze(again.text)
    desk.post(commit_path(again)).ok()
    with database.reading() as session:
        union = session.scalars(select(Union).where(Union.code == "E1")).one()
    assert (union.name, union.headcount, union.is_high_risk, union.version) == ("改名公司", 12, True, 2)
    assert "没有变化 1" in upload_unions(desk, ["E1", "改名公司", "企业", "SEASIDE", 12, "是"]).text


def test_a_sheet_is_taken_over_once(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.district_reviewer)
    path = commit_path(upload_unions(desk, ["E1", "新甲公司", "企业", "SEASIDE", 12, "是"]))
    desk.post(path).ok()
    after = count(database, Union)
    assert desk.post(path).status == 409
    assert count(database, Union) == after


def test_what_changed_between_looking_and_confirming_is_noticed(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk = desk_of(world.people.district_reviewer)
    path = commit_path(
        upload_unions(
            desk, ["E1", "新甲公司", "企业", "SEASIDE", 1, None], ["E2", "新乙公司", "企业", "SEASIDE", 1, None]
        )
    )
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.bakery).values(name="新乙公司"))
    before = count(database, Union)
    answer = desk.post(path)
    assert answer.status == 422
    assert "同一上级下已有同名工会" in answer.text
    assert count(database, Union) == before


def test_nobody_confirms_the_import_of_another(desk_of: Opens, world: World) -> None:
    path = commit_path(
        upload_unions(desk_of(world.people.district_reviewer), ["E1", "新甲公司", "企业", "SEASIDE", 1, None])
    )
    assert desk_of(world.people.city_reviewer).post(path).status == 404


def test_people_come_with_roles_accounts_and_one_time_passwords(
    desk_of: Opens, world: World, database: Database, app: Flask
) -> None:
    desk = desk_of(world.people.district_reviewer)
    shown = upload_people(
        desk,
        ["工人甲", 13800000001, "SHIPYARD", None, None, None],
        ["审核员乙", 13800000002, None, "镇街工会审核员", "SEASIDE", "reviewer-b"],
    )
    assert complaints(shown) == []
    done = desk.post(commit_path(shown)).ok()
    assert done.headers["Cache-Control"] == "no-store"
    (password,) = re.findall(r"<code>([^<]+)</code>", done.text)
    fresh = Desk(InProcess(app))
    entered = fresh.post("/console/sign-in", {"username": "reviewer-b", "password": password})
    assert entered.headers["Location"] == "/console/sign-in/new-password"
    with database.reading() as session:
        worker = session.scalars(select(Person).where(Person.phone == "13800000001")).one()
    assert (worker.name, worker.enterprise_id) == ("工人甲", world.unions.shipyard)


def test_importing_people_again_finds_them_by_phone(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.district_reviewer)
    rows = [["审核员乙", 13800000002, None, "镇街工会审核员", "SEASIDE", "reviewer-b"]]
    desk.post(commit_path(upload_people(desk, *rows))).ok()
    before = [count(database, table) for table in (Person, Account, RoleAssignment)]
    again = upload_people(desk, *rows)
    assert "没有变化 1" in again.text
    desk.post(commit_path(again)).ok()
    assert [count(database, table) for table in (Person, Account, RoleAssignment)] == before


def test_each_fault_of_people_is_named(desk_of: Opens, world: World, database: Database) -> None:
    desk, before = desk_of(world.people.district_reviewer), count(database, Person)
    shown = upload_people(
        desk,
        ["甲", 13800000001, None, None, None, None],
        ["乙", 13800000001, "SHIPYARD", None, None, None],
        ["丙", 13800000003, "HILLSIDE", None, None, None],
        ["丁", 13800000004, None, "市总工会管理员", "SOUTH", "ding"],
        ["戊", 13800000005, None, "镇街工会审核员", "SEASIDE", None],
        ["己", 13800000006, None, "镇街工会审核员", "SEASIDE", "seaside"],
        ["庚", 13800000007, None, "镇街工会审核员", None, "geng"],
        ["辛", "12345", "SHIPYARD", None, None, None],
        ["壬", 13800000009, "SHIPYARD", None, None, "ren"],
    )
    assert sorted(complaints(shown)) == sorted(
        [
            "所在企业：没有角色的人要填所在企业",
            "手机：和第 2 行的手机重复（填的是“13800000001”）",
            "所在企业：您的管理范围内没有这个编号或名称的企业（填的是“HILLSIDE”）",
            "角色：“市总工会管理员”不能设在这一级工会。（填的是“市总工会管理员”）",
            "登录名：有角色的人要填登录名",
            "登录名：这个登录名已经有人用了（填的是“seaside”）",
            "角色所在工会：“角色”和“角色所在工会”要一起填",
            "手机：格式不对（填的是“12345”）",
            "登录名：没有角色的人不用登录名（填的是“ren”）",
        ]
    )
    assert count(database, Person) == before


def test_a_phone_number_elsewhere_is_no_way_to_somebody_elsewhere(
    desk_of: Opens, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Person)
            .where(Person.id == world.people.stranger.id)
            .values(phone="13800000001", phone_source="proved")
        )
    desk = desk_of(world.people.district_reviewer)
    desk.post(commit_path(upload_people(desk, ["冒名者", 13800000001, "SHIPYARD", None, None, None]))).ok()
    with database.reading() as session:
        assert session.get_one(Person, world.people.stranger.id).name == "孙工"


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("unions", b"", 422),
        ("unions", b"no sheet", 422),
        ("unions", b"x" * (2 * 1024 * 1024), 422),
        ("unions", b"x" * (6 * 1024 * 1024), 413),
        ("nonsense", b"x", 422),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(
    desk_of: Opens, world: World, database: Database, kind: str, content: bytes, status: int
) -> None:
    assert upload(desk_of(world.people.admin), kind, content).status == status
    assert count(database, ImportDraft) == 0


def test_without_a_file_the_form_says_so(desk_of: Opens, world: World) -> None:
    answer = desk_of(world.people.admin).post("/console/import", {"kind": "unions"})
    assert answer.status == 422
    assert "请选择要导入的表格文件" in answer.text


@pytest.mark.parametrize("kind", ["unions", "people"])
def test_the_template_is_a_sheet_to_download(desk_of: Opens, world: World, kind: str) -> None:
    answer = desk_of(world.people.town_reviewer).get(f"/console/import/template/{kind}.xlsx").ok()
    assert answer.headers["Content-Type"] == XLSX
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.body[:2] == b"PK"


def test_an_enterprise_reviewer_imports_nothing(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    assert desk.get("/console/import").status == 403
    assert upload_unions(desk, ["E1", "新甲公司", "企业", "SEASIDE", 1, None]).status == 403


@pytest.mark.parametrize("kind", ["unions", "people"])
@pytest.mark.parametrize("storm", STORMS)
def test_a_hostile_sheet_is_answered_in_words_and_costs_the_web_process_nothing(
    desk_of: Opens, world: World, database: Database, kind: str, storm: str
) -> None:
    desk = desk_of(world.people.city_reviewer if kind == "unions" else world.people.admin)
    begun = time.process_time()
    answer = upload(desk, kind, STORMS[storm])
    assert answer.status in (200, 413, 422), answer.text[:500]
    assert time.process_time() - begun < 6  # what reads it is a child, whose time is its own
    assert count(database, ImportDraft) <= 1
    desk.get("/console/import").ok()


def marked(desk: Desk, page: Answer) -> list[tuple[Any, ...]]:
    found = re.search(r"/console/import/[0-9a-f-]{36}/marked\.xlsx", page.text)
    assert found is not None, page.text
    return list(load_workbook(io.BytesIO(desk.get(found[0]).ok().body)).worksheets[0].values)


def test_the_marked_sheet_has_every_row_with_its_problems_and_can_be_sent_again(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.district_reviewer)
    page = upload_people(
        desk,
        ["甲", 13800000001, "SHIPYARD", None, None, None],
        ["=乙", "1380000000x", "无名公司", None, None, None],
    )
    heads, good, wrong = marked(desk, page)
    assert (heads[0], heads[-1], good[-1]) == ("姓名", "问题", None)
    assert wrong[1] == "1380000000x"
    assert "手机：格式不对（填的是“1380000000x”）" in str(wrong[-1])
    mended = [(*row[:1], row[1] if row is not wrong else "13800000002", "SHIPYARD", *row[3:]) for row in (good, wrong)]
    assert complaints(upload(desk, "people", sheet(heads, *mended[:1]))) == []


def test_good_rows_come_alone_on_request_and_the_others_wait(desk_of: Opens, world: World, database: Database) -> None:
    desk, before = desk_of(world.people.district_reviewer), count(database, Union)
    with database.reading() as session:
        town = session.get_one(Union, world.unions.seaside).name
    page = upload_unions(
        desk,
        ["E1", "新甲公司", "企业", town, 12, "是"],
        ["T1", "新街道", "镇街", "NOBODY", None, None],
        ["E2", "新乙公司", "企业", "T1", None, None],  # would stand under a town that is not made
    )
    found = re.search(r'action="(/console/import/[0-9a-f-]{36}/commit)"', page.ok().text)
    assert found is not None
    done = desk.post(found[1], {"good_alone": "true"}).ok()
    assert count(database, Union) == before + 1
    assert "还有 2 行有问题，没有导入" in squeeze(done.text)
    assert [row[0] for row in marked(desk, done)] == ["编号", "T1", "E2"]
    assert desk.post(found[1], {"good_alone": "true"}).status == 409
    assert count(database, Union) == before + 1


def test_an_enterprise_is_found_by_number_or_full_name_and_never_guessed(
    desk_of: Opens, world: World, database: Database
) -> None:
    with database.reading() as session:
        name = session.get_one(Union, world.unions.shipyard).name
        elsewhere = session.get_one(Union, world.unions.hillside).name
    desk = desk_of(world.people.district_reviewer)
    assert complaints(upload_people(desk, ["甲", 13800000001, f" {name} ", None, None, None])) == []
    assert complaints(upload_people(desk, ["甲", 13800000001, elsewhere, None, None, None])) != []
    upload_unions(desk, ["E1", name, "企业", "SOUTH", 1, None])
    with database.transaction() as session:
        bakery = session.get_one(Union, world.unions.bakery)
        bakery.name, bakery.parent_id = name, world.unions.south
    twins = complaints(upload_people(desk, ["甲", 13800000001, name, None, None, None]))
    assert twins == [f"所在企业：企业有几个同名的，请填编号（填的是“{name}”）"]


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 0001",
        "138-0000-0001",
        "+86 13800000001",
        "１３８００００００01",
        "13800000001.0",
        13800000001.0,
        "narrow",
    ],
)
def test_a_phone_number_is_read_in_every_usual_spelling(
    desk_of: Opens, world: World, database: Database, written: object
) -> None:
    book = Workbook()
    book.worksheets[0].append(PEOPLE_HEADINGS)
    book.worksheets[0].append(["甲", 13800000001 if written == "narrow" else written, "SHIPYARD", None, None, None])
    if written == "narrow":  # Excel's 1.38E+10
        book.worksheets[0]["B2"].number_format = "0.00E+00"
    buffer = io.BytesIO()
    book.save(buffer)
    desk = desk_of(world.people.district_reviewer)
    desk.post(commit_path(upload(desk, "people", buffer.getvalue()))).ok()
    with database.reading() as session:
        assert session.scalars(select(Person.phone).where(Person.name == "甲")).one() == "13800000001"


def test_one_time_passwords_come_once_as_a_sheet_within_the_page(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.district_reviewer)
    done = desk.post(
        commit_path(upload_people(desk, ["审核员乙", 13800000002, None, "镇街工会审核员", "SEASIDE", "b-1"]))
    )
    (password,) = re.findall(r"<code>([^<]+)</code>", done.ok().text)
    (content,) = re.findall(rf'href="data:{XLSX};base64,([^"]+)"', html.unescape(done.text))
    rows = list(load_workbook(io.BytesIO(base64.b64decode(content))).worksheets[0].values)
    assert (1, "审核员乙", "b-1", password, None) in rows
