"""Reviewers look after the people of their subtree: who sees whom, who grants what, and that it is on record."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import Role
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.pages import links
from tests.support.world import Someone, World, give_role, make_account, make_person

Opens = Callable[[Someone], Desk]
NEW = {"name": "新审核员", "username": "newone", "phone": ""}
OWN_PASSWORD = "an0ther-good-one"


def names(desk: Desk, query: str = "") -> set[str]:
    page = desk.get(f"/console/people{query}").ok().text
    return {link.text for link in links(page, "/console/people/[0-9a-f-]{36}")}


def one_time_password(answer: Answer) -> str:
    found = re.search(r'<code class="h2">([^<]+)</code>', answer.ok().text)
    assert found is not None
    return found[1]


def assignment(database: Database, who: Someone) -> UUID:
    with database.reading() as session:
        return session.scalars(select(RoleAssignment.id).where(RoleAssignment.person_id == who.id)).one()


def recorded(database: Database, action: str) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_each_sees_the_people_of_their_own_subtree(desk_of: Opens, world: World) -> None:
    shipyard = {"赵工", "钱工", "周审"}
    assert names(desk_of(world.people.enterprise_reviewer)) == shipyard
    assert names(desk_of(world.people.town_reviewer)) == shipyard | {"郑审"}
    assert names(desk_of(world.people.district_reviewer)) == shipyard | {"郑审", "冯审"}
    assert names(desk_of(world.people.city_reviewer)) >= {"孙工", "陈审", "卫管"} | shipyard
    assert "李工" not in names(desk_of(world.people.city_reviewer)), "bound nowhere: the administrator's alone"
    assert "李工" in names(desk_of(world.people.admin))


def test_people_are_found_by_name_login_name_whole_phone_role_and_union(
    desk_of: Opens, world: World, phone: Phone
) -> None:
    phone.patch("/api/v1/me", {"phone": "13800001234"}).ok()
    city = desk_of(world.people.city_reviewer)
    assert names(city, "?q=工") == {"赵工", "钱工", "孙工"}
    assert names(city, "?q=seaside") == {"郑审"}
    assert names(city, "?q=13800001234") == {"赵工"}
    assert names(city, "?q=1380000") == set()
    assert names(city, "?role=town_reviewer") == {"郑审", "王审"}
    assert names(city, f"?union={world.unions.hillside}") == {"孙工", "吴审", "王审"}


def test_a_whole_number_finds_somebody_for_those_alone_who_may_read_it_and_is_on_record(
    desk_of: Opens, world: World, database: Database
) -> None:
    number, both = "13800001234", world.people.other_town_reviewer
    with database.transaction() as session:
        session.get_one(Person, world.people.worker.id).phone = number
        give_role(session, both, Role.ENTERPRISE_REVIEWER, world.unions.shipyard)
    enterprise, two_roles = desk_of(world.people.enterprise_reviewer), desk_of(both)
    assert "手机号" not in enterprise.get("/console/people").ok().text.split("</form>")[0]
    for desk in (enterprise, two_roles):  # the second may read numbers, but not here
        assert "赵工" in names(desk)
        assert names(desk, f"?q={number}") == set()
    assert names(desk_of(world.people.town_reviewer), "?q=%2B86 138-0000-1234") == {"赵工"}
    found = [(entry.subject_id, entry.detail) for entry in recorded(database, "person.searched_by_number")]
    assert found == [("unknown", {"found": 0})] * 2 + [(str(world.people.worker.id), {"found": 1})]


@pytest.mark.settings(rate_limits=True)
def test_whole_numbers_cannot_be_tried_out_one_after_the_other(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    tried = [desk.get(f"/console/people?q=138000{number:05}").status for number in range(61)]
    assert tried == [200] * 60 + [429]
    assert desk.get("/console/people?q=赵").status == 200


def test_long_lists_come_in_pages(desk_of: Opens, world: World, database: Database) -> None:
    with database.transaction() as session:
        for number in range(60):
            make_person(session, f"工人{number}", enterprise_id=world.unions.shipyard)
    desk = desk_of(world.people.enterprise_reviewer)
    following = re.findall(r'href="([^"]+)" rel="next"', desk.get("/console/people").text)[0]
    both = names(desk) | names(desk, html.unescape(following).removeprefix("/console/people"))
    assert len(both) == 63


def test_somebody_outside_ones_subtree_is_not_there(desk_of: Opens, world: World) -> None:
    desk, stranger = desk_of(world.people.district_reviewer), world.people.stranger.id
    assert desk.get(f"/console/people/{stranger}").status == 404
    assert desk.get(f"/console/people/{stranger}/phone").status == 404
    for path, fields in (
        ("", {"version": "1", "name": "改名"}),
        ("/active", {"version": "1", "active": "false"}),
        ("/roles", {"role": "enterprise_reviewer", "union_id": str(world.unions.shipyard)}),
        ("/account", {"username": "taken-over"}),
        ("/sessions/end", {}),
    ):
        assert desk.post(f"/console/people/{stranger}{path}", fields).status == 404


def test_a_phone_number_is_masked_until_somebody_entitled_looks_and_the_look_is_on_record(
    desk_of: Opens, world: World, phone: Phone, database: Database
) -> None:
    phone.patch("/api/v1/me", {"phone": "13800001234"}).ok()
    path = f"/console/people/{world.people.worker.id}"
    enterprise, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    for page in (enterprise.get("/console/people").text, enterprise.get(path).text, town.get(path).text):
        assert "138****1234" in page
        assert "13800001234" not in page
    assert enterprise.get(f"{path}/phone").status == 403
    assert recorded(database, "person.private_viewed") == []
    answer = town.get(f"{path}/phone")
    assert "13800001234" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = recorded(database, "person.private_viewed")
    assert (entry.actor_id, entry.subject_id) == (world.people.town_reviewer.id, str(world.people.worker.id))


def test_a_new_reviewer_gets_a_one_time_password_and_must_replace_it(desk_of: Opens, world: World, app: Flask) -> None:
    district = desk_of(world.people.district_reviewer)
    fields = NEW | {"role": "town_reviewer", "union_id": str(world.unions.seaside)}
    made = district.post("/console/people/new", fields)
    assert made.headers["Cache-Control"] == "no-store"
    password = one_time_password(made)
    fresh = Desk(InProcess(app))
    entered = fresh.post("/console/sign-in", {"username": "newone", "password": password})
    assert entered.headers["Location"] == "/console/sign-in/new-password"
    assert fresh.get("/console/people").status == 303
    same = {"password": password, "again": password}
    assert fresh.post("/console/sign-in/new-password", same).status == 422
    own = {"password": OWN_PASSWORD, "again": OWN_PASSWORD}
    assert fresh.post("/console/sign-in/new-password", own).status == 303
    assert "赵工" in names(fresh)


@pytest.mark.parametrize(
    ("who", "role", "union", "status"),
    [
        ("admin", "admin", "city", 200),
        ("admin", "district_reviewer", "south", 200),
        ("city_reviewer", "district_reviewer", "north", 200),
        ("city_reviewer", "city_reviewer", "city", 403),
        ("city_reviewer", "admin", "city", 403),
        ("district_reviewer", "district_reviewer", "south", 403),
        ("district_reviewer", "town_reviewer", "hillside", 404),
        ("district_reviewer", "town_reviewer", "south", 422),
        ("town_reviewer", "enterprise_reviewer", "bakery", 200),
        ("town_reviewer", "worker", "bakery", 422),
        ("enterprise_reviewer", "enterprise_reviewer", "shipyard", 403),
    ],
)
def test_roles_are_given_below_ones_own_and_in_ones_own_subtree(
    desk_of: Opens, world: World, database: Database, who: str, role: str, union: str, status: int
) -> None:
    fields = NEW | {"role": role, "union_id": str(getattr(world.unions, union))}
    assert desk_of(getattr(world.people, who)).post("/console/people/new", fields).status == status
    with database.reading() as session:
        made = session.scalars(select(Person.id).where(Person.name == NEW["name"])).all()
    assert len(made) == (1 if status == 200 else 0)


def test_a_login_name_that_is_taken_is_refused_and_leaves_nobody_behind(
    desk_of: Opens, world: World, database: Database
) -> None:
    fields = NEW | {"username": "SEASIDE", "role": "enterprise_reviewer", "union_id": str(world.unions.bakery)}
    answer = desk_of(world.people.district_reviewer).post("/console/people/new", fields)
    assert answer.status == 409
    assert "已经有人用了" in answer.text
    with database.reading() as session:
        assert session.scalars(select(Person).where(Person.name == NEW["name"])).all() == []


def test_a_worker_becomes_a_reviewer_and_stops_being_one(
    desk_of: Opens, world: World, app: Flask, database: Database
) -> None:
    town, path = desk_of(world.people.town_reviewer), f"/console/people/{world.people.colleague.id}"
    password = one_time_password(town.post(f"{path}/account", {"username": "colleague"}))
    grant = {"role": "enterprise_reviewer", "union_id": str(world.unions.shipyard)}
    assert town.post(f"{path}/roles", grant).status == 303
    assert town.post(f"{path}/roles", grant).status == 409
    desk = Desk(InProcess(app))
    desk.post("/console/sign-in", {"username": "colleague", "password": password})
    desk.post("/console/sign-in/new-password", {"password": OWN_PASSWORD, "again": OWN_PASSWORD})
    desk.get("/console/people").ok()
    held = assignment(database, world.people.colleague)
    assert town.post(f"{path}/roles/{held}/revoke").status == 303
    assert desk.get("/console/people").status == 403
    assert [entry.detail["role"] for entry in recorded(database, "role.granted")] == ["enterprise_reviewer"]
    assert [entry.detail["role"] for entry in recorded(database, "role.revoked")] == ["enterprise_reviewer"]


@pytest.mark.parametrize("path", ["/active", "/password", "/sessions/end", "/totp/off", ""])
def test_nobody_manages_their_equals_or_superiors(desk_of: Opens, world: World, path: str) -> None:
    city = desk_of(world.people.city_reviewer)
    fields = (
        {"version": "1", "active": "false"}
        if path == "/active"
        else {"version": "1", "name": "改名"}
        if not path
        else {}
    )
    assert city.post(f"/console/people/{world.people.admin.id}{path}", fields).status == 403


def test_somebody_who_is_more_elsewhere_is_not_managed_from_below(
    desk_of: Opens, world: World, database: Database
) -> None:
    with database.transaction() as session:
        both = ((Role.ENTERPRISE_REVIEWER, world.unions.shipyard), (Role.CITY_REVIEWER, world.unions.city))
        make_account(session, person := make_person(session, "双重身份", roles=both), "double", "x")
        person_id = person.id
    assert desk_of(world.people.town_reviewer).post(f"/console/people/{person_id}/password").status == 403


def test_a_reset_password_ends_the_sessions(desk_of: Opens, world: World, app: Flask) -> None:
    theirs = desk_of(world.people.town_reviewer)
    password = one_time_password(
        desk_of(world.people.district_reviewer).post(f"/console/people/{world.people.town_reviewer.id}/password")
    )
    assert theirs.get("/console/people").status == 303
    fresh = Desk(InProcess(app))
    assert fresh.post("/console/sign-in", {"username": "seaside", "password": password}).status == 303


def test_ending_somebodys_sessions_ends_those_on_phones_too(desk_of: Opens, phone: Phone, world: World) -> None:
    assert (
        desk_of(world.people.town_reviewer).post(f"/console/people/{world.people.worker.id}/sessions/end").status == 303
    )
    assert phone.get("/api/v1/me").status == 401


def test_somebody_shut_out_stays_out_until_let_in(desk_of: Opens, phone: Phone, world: World, app: Flask) -> None:
    town, path = desk_of(world.people.town_reviewer), f"/console/people/{world.people.worker.id}/active"
    assert town.post(path, {"version": "1", "active": "false"}).status == 303
    assert phone.get("/api/v1/me").status == 401
    assert town.post(path, {"version": "1", "active": "true"}).status == 409
    assert town.post(path, {"version": "2", "active": "true"}).status == 303
    assert phone.get("/api/v1/me").status == 401, "the old token stays dead"
    Phone(InProcess(app)).sign_in("demo:worker-1").get("/api/v1/me").ok()


def test_nobody_shuts_themselves_out(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    assert (
        desk.post(f"/console/people/{world.people.admin.id}/active", {"version": "1", "active": "false"}).status == 403
    )


def test_the_last_administrator_stays(desk_of: Opens, world: World, database: Database) -> None:
    desk, held = desk_of(world.people.admin), assignment(database, world.people.admin)
    answer = desk.post(f"/console/people/{world.people.admin.id}/roles/{held}/revoke")
    assert answer.status == 409
    assert "最后一位管理员" in answer.text


def test_two_administrators_taking_each_others_role_at_once_leave_one(
    desk_of: Opens, world: World, database: Database, app: Flask
) -> None:
    first = desk_of(world.people.admin)
    password = one_time_password(
        first.post("/console/people/new", NEW | {"role": "admin", "union_id": str(world.unions.city)})
    )
    second = Desk(InProcess(app))
    second.post("/console/sign-in", {"username": "newone", "password": password})
    second.post("/console/sign-in/new-password", {"password": OWN_PASSWORD, "again": OWN_PASSWORD})
    with database.reading() as session:
        held = {
            row.person_id: row.id
            for row in session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.ADMIN))
        }
    other = next(person for person in held if person != world.people.admin.id)
    pairs = [(first, other), (second, world.people.admin.id)]

    def revoke(pair: tuple[Desk, UUID]) -> int:
        return pair[0].post(f"/console/people/{pair[1]}/roles/{held[pair[1]]}/revoke").status

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(revoke, pairs))
    assert statuses[0] == 303
    assert statuses[1] in (403, 409)
    with database.reading() as session:
        assert len(session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.ADMIN)).all()) == 1


def test_a_name_is_corrected_and_the_phone_left_alone(desk_of: Opens, world: World, phone: Phone) -> None:
    phone.patch("/api/v1/me", {"phone": "13800001234"}).ok()
    town, path = desk_of(world.people.town_reviewer), f"/console/people/{world.people.worker.id}"
    fields = {"version": "2", "name": "赵大工", "phone": "", "enterprise_id": str(world.unions.bakery)}
    assert town.post(path, fields).status == 303
    me = phone.get("/api/v1/me").json
    assert (me["name"], me["phone"], me["enterprise"]["id"]) == ("赵大工", "138****1234", str(world.unions.bakery))
    assert town.post(path, fields).status == 409
    assert town.post(path, fields | {"version": "3", "enterprise_id": str(world.unions.brewery)}).status == 404
