"""Enterprises keep a register of areas and equipment, print codes for them, and who scans one knows where it hangs."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.activities.locations.models import Location
from server.activities.locations.rules import read_lines
from server.core import ids
from server.core.db import Database
from server.unions.tree.models import Union
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.images import jpeg
from tests.support.world import Someone, World

LIST = "/console/locations"
DeskOf = Callable[[Someone], Desk]
PhoneOf = Callable[[Someone], Phone]


def add(desk: Desk, union_id: UUID, lines: str, kind: str = "equipment") -> Answer:
    return desk.post(LIST, {"union": str(union_id), "kind": kind, "lines": lines}, form=f"{LIST}/new")


def codes_of(database: Database) -> dict[str, tuple[UUID, str]]:
    with database.reading() as session:
        return {each.name: (each.id, each.code) for each in session.scalars(select(Location))}


def test_what_is_registered_is_printed_scanned_and_chosen(
    database: Database, world: World, desk_of: DeskOf, phone_of: PhoneOf
) -> None:
    people, shipyard = world.people, world.unions.shipyard
    desk = desk_of(people.enterprise_reviewer)
    assert f'value="{shipyard}" selected' in re.sub(r"\s+", " ", desk.get(f"{LIST}/new").ok().text)
    assert add(desk, shipyard, "2号冲床，三号车间东侧\n乙炔瓶间\n2号冲床，三号车间东侧").status == 303
    assert add(desk, shipyard, "2号冲床\t三号车间东侧\n配电房").status == 303  # what is known stays as it is
    known = codes_of(database)
    assert sorted(known) == sorted(["2号冲床", "乙炔瓶间", "配电房"])
    press, code = known["2号冲床"]
    assert desk.get(LIST).ok().text.count("data-row") == 3
    assert desk_of(people.town_reviewer).get(f"{LIST}?q=冲床").ok().text.count("data-row") == 1
    assert desk_of(people.other_town_reviewer).get(LIST).ok().text.count("data-row") == 0
    assert desk.get(f"{LIST}/ledger.xlsx").ok().body[:2] == b"PK"

    sheet = desk.post(f"{LIST}/codes", {"whole_page": "1", "shown": str(press)}, form=LIST)
    assert (sheet.status, sheet.text.count("location-label")) == (200, 1)
    assert f"{code[:4]}-{code[4:]}" in sheet.text
    assert "data:image/svg" in sheet.text
    other = desk_of(people.other_town_reviewer).post(f"{LIST}/codes", {"picked": str(press)}, form=LIST)
    assert "location-label" not in other.text  # an id that was not on the page is nobody's key
    assert desk.post(f"{LIST}/codes", {}, form=LIST).status == 303

    for typed in (code, f" {code[:4].lower()}-{code[4:].lower()} "):
        found = phone_of(people.stranger).get(f"/api/v1/locations/{typed}").ok().json
        assert (found["place"], found["enterprise"]["id"]) == ("三号车间东侧 · 2号冲床", str(shipyard))
    assert phone_of(people.worker).get("/api/v1/locations/AAAAAAAA").code == "location_unknown"

    report = {"enterprise_id": shipyard, "place": "三号车间东侧 · 2号冲床"}
    scans = ((shipyard, f"{code[:4]}-{code[4:]}"), (world.unions.bakery, code), (shipyard, "AAAAAAAA"))
    for seed, (at, given) in enumerate(scans):
        photo = jpeg(seed)
        declared = hazard([photo], **{**report, "enterprise_id": at, "location_code": given})
        report_id = ids.new_id()
        answers = [phone_of(people.worker).declare(report_id, declared) for _ in range(2)]
        assert [answer.status for answer in answers] == [201, 200]
        spelled = f"{code[:4]}-{code[4:]}" if seed == 0 else None  # for another phone, which says it again
        assert [answer.json["location_code"] for answer in answers] == [spelled, spelled]
        assert phone_of(people.worker).upload(report_id, photo, 0).status == 200
        shown = desk_of(people.town_reviewer).get(f"/console/submissions/{report_id}").ok().text
        assert (f"/console/locations/{press}" in shown) is (seed == 0)

    own = f"/api/v1/enterprises/{shipyard}/locations"
    page = phone_of(people.worker).get(f"{own}?limit=2").ok().json
    rest = phone_of(people.worker).get(f"{own}?limit=2&after={page['next']}").ok().json
    assert {each["name"] for each in page["items"] + rest["items"]} == set(known)
    assert [each["name"] for each in phone_of(people.worker).get(f"{own}?q=冲床").json["items"]] == ["2号冲床"]
    assert phone_of(people.stranger).get(own).status == 404

    page_of = f"{LIST}/{press}"
    edit = {"version": "1", "name": "3号冲床", "whereabouts": "三号车间东侧"}
    assert desk_of(people.other_town_reviewer).post(page_of, edit, form=LIST).status == 404
    assert desk.post(page_of, {**edit, "name": " "}, form=page_of).status == 422
    assert desk.post(page_of, {**edit, "name": "配电房", "whereabouts": ""}, form=page_of).status == 409
    assert desk.post(page_of, edit, form=page_of).status == 303
    assert desk.post(page_of, edit, form=page_of).status == 409  # somebody was faster
    assert desk.post(f"{page_of}/active", {"version": "2", "active": "0"}, form=page_of).status == 303
    retired = phone_of(people.worker).get(f"/api/v1/locations/{code}").ok().json
    assert (retired["name"], retired["is_active"]) == ("3号冲床", False)
    assert "3号冲床" not in desk.get(LIST).text
    assert "3号冲床" in desk.get(f"{LIST}?status=retired").text

    with database.transaction() as session:
        session.get_one(Union, shipyard).is_active = False
    assert phone_of(people.worker).get(f"/api/v1/locations/{code}").status == 404


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_register_is_kept_by_who_reviews_over_the_enterprise(world: World, desk_of: DeskOf) -> None:
    people, unions = world.people, world.unions
    for who, union_id, status in [
        (people.town_reviewer, unions.shipyard, 303), (people.town_reviewer, unions.seaside, 422),
        (people.other_enterprise_reviewer, unions.shipyard, 404),
    ]:  # fmt: skip
        assert add(desk_of(who), union_id, "锅炉房", "area").status == status, (who.name, union_id)
    assert desk_of(people.admin).get(f"{LIST}/new").status == 403


@pytest.mark.parametrize(
    ("typed", "found", "fault"),
    [
        ("锅炉房\n\n 水泵 ； 地下室，北侧 ", [("锅炉房", ""), ("水泵", "地下室，北侧")], None),
        ("，三号车间", [], "第 1 行"),
        ("好\n" + "长" * 61, [], "第 2 行"),
        ("短," + "长" * 101, [], "第 1 行"),
        ("\n".join(f"泵{number}" for number in range(201)), [], "一次最多 200 个"),
        (" \n ", [], "请写上名称"),
    ],
)
def test_lines_are_read_as_people_type_them(typed: str, found: list[tuple[str, str]], fault: str | None) -> None:
    lines, said = read_lines(typed)
    assert (lines if not fault else []) == found
    assert (fault or "") in (said or "")
    assert bool(said) == bool(fault)
