"""People, unions and the audit log as lists of the kit: counts, pages back, kept filters, ledgers."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.audit.actions import record
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.slice import declared
from server.kit.saved_filters.models import SavedFilter
from server.unions.people.models import Person
from server.unions.roles import Level, Role
from tests.integration.anonymity.conftest import report_anonymously
from tests.integration.kit.test_listing import link, tabs
from tests.support import images
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.ledgers import read_ledger
from tests.support.lists import open_lists
from tests.support.world import Someone, World, give_role, make_person, make_union

DeskOf = Callable[[Someone], Desk]
PEOPLE, UNIONS, LOG = "/console/people", "/console/unions", "/console/audit"


def column(desk: Desk, path: str, number: int = 0) -> list[object]:
    """A column of a ledger, counted after its running numbers."""
    return [list(row.values())[number + 1] for row in read_ledger(desk.get(path).ok().body)]


def exported(database: Database) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "list.exported")))


WAYS = {  # what one narrows a list by, and how it stands on the page
    "search": r'type="search"[^>]*data-key="/"',
    "days": r'type="date"\s+name="since".*type="date"\s+name="until"',
    "union": r"<select[^>]*data-union-picker",
}


def test_every_list_is_searched_and_narrowed_by_days_and_unions_or_says_why_not(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    places = open_lists(database, world)
    desks = [desk_of(who) for who in (world.people.city_reviewer, world.people.admin)]
    for listing in declared().lists:
        path = places.path(listing)
        page = next((answer.text for desk in desks if (answer := desk.get(path)).status == 200), listing.name)
        [form] = re.findall(r'<form class="filters".*?</form>', page, re.DOTALL)
        missing = {way for way, pattern in WAYS.items() if not re.search(pattern, form, re.DOTALL)}
        assert missing == set(listing.lacks), listing.name


def test_a_search_that_finds_nothing_leaves_every_list_empty_and_its_counts_too(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    places = open_lists(database, world)
    desks = [desk_of(who) for who in (world.people.city_reviewer, world.people.admin)]
    for listing in (each for each in declared().lists if "search" not in each.lacks):
        path = places.path(listing, q="无此一物", subject="无此一物")
        page = next((answer.text for desk in desks if (answer := desk.get(path)).status == 200), listing.name)
        assert "没有符合条件的记录" in page, listing.name
        assert not any(count.strip("0") for count in (tabs(page) if 'class="tabs"' in page else {}).values())


@pytest.mark.parametrize(("path", "title"), [(PEOPLE, "人员"), (UNIONS, "工会"), (LOG, "审计日志")])
def test_each_list_has_its_ledger_and_every_download_is_on_record(
    world: World, desk_of: DeskOf, database: Database, path: str, title: str
) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert f'href="{path}/ledger.xlsx"' in desk.get(path).ok().text
    rows = column(desk, f"{path}/ledger.xlsx")
    assert [entry["list"] for entry in exported(database)] == [title]
    assert len(rows) >= 1


def test_the_ledger_of_people_holds_the_subtree_and_no_number_in_full(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.people.worker.id).phone = "13800001234"
    town = desk_of(world.people.town_reviewer)
    assert set(column(town, f"{PEOPLE}/ledger.xlsx")) == {"赵工", "钱工", "周审", "郑审"}
    assert "138****1234" in column(town, f"{PEOPLE}/ledger.xlsx", 4)
    assert town.get(f"{PEOPLE}/ledger.xlsx?union={world.unions.north}").status == 404
    town.get(f"{PEOPLE}/ledger.xlsx?q=13800001234").ok()
    with database.reading() as session:
        searched = select(AuditEntry.subject_id).where(AuditEntry.action == "person.searched_by_number")
        assert list(session.scalars(searched)) == [str(world.people.worker.id)]


def test_somebody_bound_here_and_with_a_role_here_is_listed_and_counted_once(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    with database.transaction() as session:
        give_role(session, world.people.worker, Role.ENTERPRISE_REVIEWER, world.unions.shipyard)
    desk = desk_of(world.people.town_reviewer)
    assert tabs(desk.get(PEOPLE).ok().text)["在用"] == "4"
    assert sorted(map(str, column(desk, f"{PEOPLE}/ledger.xlsx"))) == sorted(["赵工", "钱工", "周审", "郑审"])


def test_tabs_of_people_count_what_is_searched_for(world: World, desk_of: DeskOf, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.people.colleague.id).is_active = False
    desk = desk_of(world.people.town_reviewer)
    assert tabs(desk.get(PEOPLE).ok().text) == {"在用": "3", "已停用": "1"}
    assert tabs(desk.get(f"{PEOPLE}?q=赵").ok().text) == {"在用": "1", "已停用": ""}
    assert column(desk, f"{PEOPLE}/ledger.xlsx?state=inactive") == ["钱工"]


def test_one_goes_back_to_the_page_of_people_before(world: World, desk_of: DeskOf, database: Database) -> None:
    with database.transaction() as session:
        for number in range(60):
            make_person(session, f"工人{number}", enterprise_id=world.unions.shipyard)
    desk = desk_of(world.people.enterprise_reviewer)
    first = desk.get(PEOPLE).ok().text
    second = desk.get(link(first, "next") or "").ok().text
    again = desk.get(link(second, "prev") or "").ok().text
    assert again.count("<tr data-row>") == first.count("<tr data-row>") == 50
    assert "共 63 条" in again


def test_whom_one_looked_for_is_not_kept_with_a_filter(world: World, desk_of: DeskOf, database: Database) -> None:
    desk = desk_of(world.people.city_reviewer)
    desk.post("/console/lists/people/filters", {"name": "街道", "query": "role=town_reviewer&q=13800001234"})
    desk.post("/console/lists/audit/filters", {"name": "查看", "query": "action=person.private_viewed&who=赵工"})
    with database.reading() as session:
        kept = set(session.scalars(select(SavedFilter.query)))
    assert kept == {"role=town_reviewer", "action=person.private_viewed"}
    assert "保存这个筛选" not in desk.get(f"{PEOPLE}?q=赵").ok().text


def test_the_tree_is_counted_where_one_stands_and_clearing_stays_there(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    with database.transaction() as session:
        for number in range(3):
            make_union(session, Level.ENTERPRISE, f"第{number}号有限公司", world.unions.seaside)
    desk = desk_of(world.people.city_reviewer)
    page = desk.get(f"{UNIONS}?under={world.unions.seaside}").ok().text
    assert tabs(page)["在用"] == "5"
    found = desk.get(f"{UNIONS}?under={world.unions.seaside}&q=号有限").ok().text
    assert tabs(found)["在用"] == "3"
    assert f'href="{UNIONS}?under={world.unions.seaside}"' in found
    assert column(desk, f"{UNIONS}/ledger.xlsx?under={world.unions.seaside}&q=号有限", 0)[:3] == [
        f"第{number}号有限公司" for number in range(3)
    ]


def test_the_ledger_of_the_log_leaves_out_and_does_not_count_what_would_tell_who_reported(
    phone: Phone, world: World, desk_of: DeskOf, database: Database
) -> None:
    submission_id = report_anonymously(phone, images.jpeg(1), enterprise_id=world.unions.shipyard)
    with database.transaction() as session:
        for number in range(8):
            subject = submission_id if number % 4 == 0 else UUID(int=number)
            record(
                session, "submission.note", subject_type="submission", subject_id=subject,
                actor_id=world.people.worker.id, at=clock.now(),
            )  # fmt: skip
    desk = desk_of(world.people.admin)
    subjects = column(desk, f"{LOG}/ledger.xlsx?who={world.people.worker.id}&action=submission.note", 4)
    assert (len(subjects), str(submission_id) in subjects) == (6, False)
    assert exported(database) == [{"list": "审计日志", "rows": 6}]


@pytest.mark.parametrize("path", [PEOPLE, f"{UNIONS}?q=公司"])
def test_a_page_takes_as_many_statements_however_long_it_is(
    world: World, desk_of: DeskOf, database: Database, path: str
) -> None:
    desk = desk_of(world.people.city_reviewer)
    desk.get(path).ok()
    with count_statements(database.engine) as few:
        desk.get(path).ok()
    with database.transaction() as session:
        for number in range(20):
            union = make_union(session, Level.ENTERPRISE, f"第{number}号有限公司", world.unions.seaside)
            make_person(session, f"工人{number}", enterprise_id=union.id)
    with count_statements(database.engine) as many:
        desk.get(path).ok()
    assert len(many) == len(few)
