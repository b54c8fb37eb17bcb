"""A session goes from its plan into the archive, and each step is made by whom it belongs to."""

import io
import re
from collections.abc import Callable
from uuid import UUID

from openpyxl import load_workbook
from sqlalchemy import select
from time_machine import TimeMachineFixture

from server.core.db import Database
from server.core.sheets import XLSX
from server.oversight.training.models import Attendance, TrainingSession
from tests.support import sheets
from tests.support.callers import Answer, Desk, Phone
from tests.support.ledgers import sheet_of
from tests.support.papers import words_in
from tests.support.training import BEGINS, ENDS, code_on_screen, move, plan, send_code, version_on
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
PhoneOf = Callable[[Someone], Phone]


def rows_of(database: Database, path: str) -> list[Attendance]:
    with database.reading() as session:
        found = session.scalars(
            select(Attendance)
            .where(Attendance.session_id == UUID(path.rsplit("/", 1)[1]))
            .order_by(Attendance.checked_in_at, Attendance.id)
        ).all()
        session.expunge_all()
        return list(found)


def test_a_session_is_planned_held_documented_and_archived_by_the_union_above(
    desk_of: DeskOf, phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture, database: Database
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    desk, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    phone = phone_of(world.people.worker)
    path = plan(desk, world.unions.shipyard)
    assert phone.get("/api/v1/training/sessions").ok().json["items"] == []
    assert move(desk, path, "notify").status == 303
    [listed] = phone.get("/api/v1/training/sessions").ok().json["items"]
    assert (listed["title"], listed["check_in_open"]) == ("有限空间作业", False)
    assert send_code(phone, path, "123456").code == "not_begun"
    move(desk, path, "start")
    assert send_code(phone, path, code_on_screen(desk, path)).ok().json["checked_in_at"] is not None
    time_machine.move_to(ENDS, tick=False)
    assert send_code(phone, path, code_on_screen(desk, path, "out"), "check-out").ok().json["is_counted"] is True
    move(desk, path, "end")
    assert "还缺：效果评价、小结" in move(desk, path, "hand_in").text
    move(desk, path, "write", evaluation="都会用检测仪了", summary="讲了审批和监护", cost="120.50")
    assert move(desk, path, "hand_in").status == 303
    assert desk.post(f"{path}/archive", {"version": version_on(town, path)}, form=path).status == 403
    assert "1 场培训等您审核归档" in town.get("/console/").ok().text
    assert move(town, path, "return", reason="没有传照片").status == 303
    assert "没有传照片" in desk.get(path).ok().text
    move(desk, path, "hand_in")
    assert move(town, path, "archive").status == 303
    assert move(desk, path, "write", evaluation="改一改").status == 409
    with database.reading() as session:
        kept = session.get_one(TrainingSession, UUID(path.rsplit("/", 1)[1]))
        assert (kept.status, kept.cost_cents, kept.number[-1]) == ("archived", 12050, "P")
    record = phone.get("/api/v1/training/record").ok().json
    assert (record["hours_this_year"], record["items"][0]["is_counted"]) == ("2", True)


def test_who_is_asked_reads_the_plan_and_others_do_not_find_it(desk_of: DeskOf, world: World) -> None:
    town = desk_of(world.people.town_reviewer)
    path = plan(town, world.unions.seaside, title="镇街公开课")
    assert "还没有选请哪些单位参加" in move(town, path, "notify").text
    enterprise, outside = desk_of(world.people.enterprise_reviewer), desk_of(world.people.other_enterprise_reviewer)
    town.post(f"{path}/invitations", {"union": str(world.unions.seaside)}, form=path)
    assert enterprise.get(path).status == 404
    move(town, path, "notify")
    page = enterprise.get(path).ok().text
    assert "镇街公开课" in page
    assert 'id="people"' not in page
    assert [enterprise.get(f"{path}/{file}").status for file in ("sign-in-sheet.xlsx", "record.docx")] == [404, 404]
    assert enterprise.post(f"{path}/start", {"version": "2"}, form=path).status == 403
    assert outside.get(path).status == 404
    assert town.post(f"{path}/invitations", {"union": str(world.unions.brewery)}, form=path).status == 404


def upload(desk: Desk, path: str, *lines: tuple[str, ...]) -> Answer:
    heads = ("姓名", "单位", "手机", "班组/岗位", "签退")
    book = sheets.xlsx(sheets.sheet_xml(*(sheets.row(*line) for line in (heads, *lines))))
    return desk.post(f"{path}/sheet", {}, form=path, files={"file": ("签到.xlsx", book, XLSX)})


def test_a_paper_sheet_counts_the_same_after_near_matches_are_reviewed(
    desk_of: DeskOf, world: World, time_machine: TimeMachineFixture, database: Database
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    desk = desk_of(world.people.enterprise_reviewer)
    path = plan(desk, world.unions.shipyard)
    move(desk, path, "start")
    name, colleague = world.people.worker.name, world.people.colleague.name
    near = colleague[:-1] + "某"
    review = upload(
        desk, path, (name, "", "", "焊工", "是"), (near, "", "", "", "是"), ("外来人员", "别处公司", "", "", "")
    ).ok()
    assert all(word in review.text for word in ("姓名相同", "姓名差一个字", "单位没对上"))
    lines = {
        "name.2": name, "person.2": str(world.people.worker.id), "take.2": "1", "stayed.2": "1", "post.2": "焊工",
        "name.3": near, "person.3": "", "take.3": "1", "stayed.3": "1",
        "name.4": "外来人员", "enterprise.4": "别处公司", "take.4": "1",
        "name.5": "不登记的", "enterprise.5": "",
    }  # fmt: skip
    assert desk.post(f"{path}/sheet/lines", lines, form=path).status == 303
    assert desk.post(f"{path}/sheet/lines", lines, form=path).status == 303
    found = {row.name: row for row in rows_of(database, path)}
    assert set(found) == {name, near, "外来人员"}
    assert (found[name].person_id, found[name].is_counted, found[name].means) == (world.people.worker.id, True, "sheet")
    assert (found["外来人员"].flags, found["外来人员"].is_counted) == (["not_in_tree"], False)
    stolen = {"name.2": "某人", "person.2": str(world.people.stranger.id), "take.2": "1"}
    assert desk.post(f"{path}/sheet/lines", stolen, form=path).status == 422
    sheet = sheet_of(desk.get(f"{path}/sign-in-sheet.xlsx").ok().body)
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert ["序号", "姓名", "单位", "班组/岗位", "签到", "签退", "方式", "核验", "签名"] in rows
    assert desk.get(f"{path}/record.docx").ok().body[:2] == b"PK"


def test_the_record_of_a_person_is_masked_and_every_look_is_on_record(desk_of: DeskOf, world: World) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    page = f"/console/training/people/{world.people.worker.id}"
    card = {"version": "0", "id_number": "370202199001011234", "employment": "own", "post": "焊工"}
    assert desk.post(f"{page}/card", card, form=page).status == 303
    shown = desk.get(page).ok().text
    assert "370***********1234" in shown and "370202199001011234" not in shown  # noqa: PT018
    permit = {"kind": "焊接与热切割", "number": "T3702", "issued_on": "2024-05-01", "review_on": "2027-05-01"}
    assert desk.post(f"{page}/permits", permit, form=page).status == 303
    assert desk.post(f"{page}/permits", permit, form=page).status == 409
    assert desk.get(f"{page}/card.docx").ok().body[:2] == b"PK"
    assert desk_of(world.people.other_enterprise_reviewer).get(page).status == 404
    assert "查看一人一档" in desk_of(world.people.admin).get("/console/audit").ok().text


def test_whoever_is_asked_finds_it_once_among_what_they_are_asked_to(
    desk_of: DeskOf, phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    town, enterprise = desk_of(world.people.town_reviewer), desk_of(world.people.enterprise_reviewer)
    path = plan(town, world.unions.seaside, begins="10:00", ends="12:00")
    for union_id in (world.unions.seaside, world.unions.shipyard):
        town.post(f"{path}/invitations", {"union": str(union_id)}, form=path)
    listed = "/console/training/invited"
    assert "有限空间作业" not in enterprise.get(listed).ok().text
    move(town, path, "notify")
    assert enterprise.get(listed).ok().text.count("有限空间作业") == 1
    [number] = set(re.findall(r"2\d{3}-\d+P", enterprise.get(listed).text))
    for words, many in (("有限 空间", 1), (number, 1), ("没有这场", 0)):
        assert enterprise.get(f"{listed}?q={words}").ok().text.count("<tr data-row") == many, words
    assert "有限空间作业" not in desk_of(world.people.other_town_reviewer).get(f"{listed}?status=all").ok().text
    move(town, path, "start")
    send_code(phone_of(world.people.worker), path, code_on_screen(town, path)).ok()
    time_machine.move_to(ENDS, tick=False)
    assert "有限空间作业" not in enterprise.get(listed).ok().text
    assert "1 人" in enterprise.get(f"{listed}?status=all").ok().text
    [row] = [*sheet_of(enterprise.get(f"{listed}/ledger.xlsx?status=all").ok().body).values][-1:]
    assert (row[2], row[-1]) == ("有限空间作业", 1)


def test_a_number_without_names_is_kept_apart_changed_and_taken_out(
    desk_of: DeskOf, world: World, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    desk = desk_of(world.people.town_reviewer)
    path = plan(desk, world.unions.seaside)
    fields = {"enterprise": "蓝海船舶修造有限公司", "people": "30", "reason": "广场公开课，安全员清点"}

    def note(**changes: str) -> int:
        return desk.post(f"{path}/headcounts", {**fields, **changes}, form=path).status

    assert note() == 409  # it has not begun
    move(desk, path, "start")
    wrong: tuple[dict[str, str], ...] = (
        {"people": "-1"},
        {"people": "100001"},
        {"enterprise": "没有这家"},
        {"reason": ""},
    )
    assert [note(**each) for each in wrong] == [422] * 4
    assert [note(), note(people="20")] == [303, 303]
    assert "另有 20 人没有名单" in desk.get(path).ok().text
    paper = desk.get(f"{path}/record.docx").ok().body
    said = words_in(paper)
    assert all(words in said for words in ("有名单 0 人（核实 0），没有名单 20 人", fields["reason"]))
    sheet = load_workbook(io.BytesIO(desk.get(f"{path}/sign-in-sheet.xlsx").ok().body))["没有名单的人数"]
    assert (1, fields["enterprise"], 20, fields["reason"]) in list(sheet.iter_rows(values_only=True))
    move(desk, path, "end")
    assert "核实过的参加人员" not in desk.get(path).ok().text
    assert note(people="0") == 303
    assert "没有名单的</h3>" not in desk.get(path).ok().text
    assert "核实过的参加人员" in desk.get(path).ok().text
