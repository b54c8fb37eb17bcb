"""The list: tabs, scope, filters in the address, pages by key; read off one index per scope."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, insert, text, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.db import Database
from server.kit.listing import Request, counts_statement, rows_statement
from server.kit.scope import scopes_of
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter, View
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.rectification.permissions import MAY_READ
from server.review.submissions.models import Status, Submission
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.rectification.conftest import Case, Hand
from tests.integration.review.rows import insert_submissions
from tests.integration.review.test_review_plans import SCOPES, actor, plan, sorts
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.versions import version_of
from tests.support.world import Someone, World

Accepted = Callable[..., Case]
LIST = "/console/rectifications"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROWS = 240


def fill(session: Session, world: World, count: int, now: datetime, **changes: Any) -> None:
    """`count` rectifications at shipyard, bakery and brewery in turn, an hour apart."""
    unions = world.unions
    places = (
        (unions.south, unions.seaside, unions.shipyard),
        (unions.south, unions.seaside, unions.bakery),
        (unions.north, unions.hillside, unions.brewery),
    )
    submissions = insert_submissions(session, world, count, now, status=Status.ACCEPTED)
    rows = []
    for number, submission_id in enumerate(submissions):
        district, town, enterprise = places[number % 3]
        values = {key: value(number) if callable(value) else value for key, value in changes.items()}
        due_at = now + timedelta(hours=number)
        rows.append(
            {
                "id": ids.new_id(), "submission_id": submission_id, "campaign_id": world.campaign_id,
                "status": RectifyStatus.OPEN, "version": 1, "category": "electric", "grade": 3,
                "excerpt": f"第{number}处", "place": "东门", "sent_on": day_of(now),
                "city_id": unions.city, "district_id": district,
                "town_id": town, "enterprise_id": enterprise, "addressee_id": enterprise, "issuer_id": town,
                "measures": "", "responsible": "", "due_at": due_at, "first_due_at": due_at, "opened_at": now,
                "reopenings": 0, "updated_at": now, "asked_days": None, **values,
            }
        )  # fmt: skip
    session.execute(insert(Rectification), rows)


@pytest.fixture
def session(database: Database, world: World) -> Iterator[Session]:
    """A few rows, and a planner that would rather walk an index than scan or sort, as it would with a million."""
    statuses = (RectifyStatus.OPEN, RectifyStatus.ACCEPTED, RectifyStatus.OPEN, RectifyStatus.VOIDED)
    with database.transaction() as writer:
        fill(writer, world, ROWS, NOW, status=lambda number: statuses[number % 4])
    with database.transaction() as reader:
        if reader.get_bind().dialect.name == "postgresql":
            for way in ("seqscan", "sort", "bitmapscan"):
                reader.execute(text(f"SET LOCAL enable_{way} = off"))
        yield reader


def page(
    session: Session, who: Actor, filters: RectificationFilter, *, limit: int, key: tuple[object, ...] | None = None
) -> Select[Any]:
    """The statement of a page for somebody."""
    scopes = scopes_of(session, who, MAY_READ)
    return rows_statement(RECTIFICATIONS, Request(session, who, filters, NOW), scopes, (), limit=limit, key=key)


def test_a_page_of_one_status_is_read_off_one_index_at_every_level(session: Session, world: World) -> None:
    for name, role, level, union in SCOPES:
        who = actor(role, level, getattr(world.unions, union))
        for key in (None, (NOW, ids.new_id())):
            statement = page(session, who, RectificationFilter(status=View.OPEN), limit=51, key=key)
            found = plan(session, statement)
            assert f"ix_rectifications_{name}_due" in found, found
            assert not sorts(found), found


def test_what_is_under_way_is_read_off_the_index_status_by_status(session: Session, world: World) -> None:
    who = actor(Role.DISTRICT_REVIEWER, Level.DISTRICT, world.unions.south)
    for view, parts in ((View.RUNNING, 4), (View.OVERDUE, 2)):
        found = plan(session, page(session, who, RectificationFilter(status=view), limit=51))
        assert found.count("ix_rectifications_district_due") == parts, found
    found = plan(session, *counts_statement(RECTIFICATIONS, scopes_of(session, who, MAY_READ), (), NOW))
    assert "ix_rectifications_district_due" in found
    assert "Seq Scan" not in found
    assert "SCAN rectifications" not in found


def test_pages_of_several_statuses_come_in_one_order(session: Session, world: World) -> None:
    who = actor(Role.CITY_REVIEWER, Level.CITY, world.unions.city)
    filters = RectificationFilter()
    whole = session.execute(page(session, who, filters, limit=ROWS)).all()
    assert [row.due_at for row in whole] == sorted(row.due_at for row in whole)
    assert len(whole) == ROWS * 3 // 4
    key = (whole[49].due_at, whole[49].id)
    second = session.execute(page(session, who, filters, limit=50, key=key)).all()
    assert [row.id for row in second] == [row.id for row in whole[50:100]]


def test_two_roles_within_each_other_show_nothing_twice(session: Session, world: World) -> None:
    both = Actor(
        ids.new_id(), "", ids.new_id(), None,
        (
            RoleAt(Role.TOWN_REVIEWER, world.unions.seaside, Level.TOWN, ""),
            RoleAt(Role.ENTERPRISE_REVIEWER, world.unions.shipyard, Level.ENTERPRISE, ""),
        ),
    )  # fmt: skip
    rows = session.execute(page(session, both, RectificationFilter(), limit=ROWS)).all()
    assert len({row.id for row in rows}) == len(rows) == ROWS * 2 // 3 * 3 // 4


def test_a_page_takes_the_same_few_statements_whatever_is_on_it(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    desk = desk_of(world.people.district_reviewer)
    taken = []
    for more in (3, 60):
        with database.transaction() as writer:
            fill(writer, world, more, NOW)
        desk.get(LIST).ok()
        with count_statements(database.engine) as counted:
            assert "第0处" in desk.get(LIST).ok().text
        taken.append(len(counted))
    assert taken[0] == taken[1] <= 12, taken


def test_the_address_says_what_is_shown(database: Database, world: World, desk_of: Callable[[Someone], Desk]) -> None:
    statuses = (RectifyStatus.OPEN, RectifyStatus.ACCEPTED)
    with database.transaction() as writer:
        fill(
            writer, world, 6, NOW,
            status=lambda number: statuses[number % 2], grade=lambda number: 1 + number % 2,
            category=lambda number: "fire" if number < 3 else "electric",
            due_at=lambda number: datetime.now(UTC) + timedelta(days=number - 3, hours=1),
            asked_days=lambda number: 5 if number == 4 else None,
        )  # fmt: skip
    desk = desk_of(world.people.city_reviewer)

    def shown(query: str) -> set[int]:
        page = desk.get(f"{LIST}?{query}").ok().text
        return {number for number in range(6) if f"第{number}处" in page}

    assert shown("") == {0, 1, 2, 3, 4, 5}
    assert shown("status=open") == {0, 2, 4}
    assert shown("status=overdue") == {0, 1, 2}
    assert shown("status=asked") == {4}
    assert shown("category=fire&grade=1") == {0, 2}
    assert shown(f"union={world.unions.seaside}") == {0, 1, 3, 4}
    assert shown("status=closed") == set()


def test_a_list_reaches_no_further_than_the_roles(
    accepted: Accepted, hand_of: Callable[[Someone], Hand], world: World
) -> None:
    accepted(description="吊钩没有防脱")
    people, unions = world.people, world.unions
    for who, sees in (
        (people.enterprise_reviewer, True), (people.town_reviewer, True), (people.admin, True),
        (people.other_enterprise_reviewer, False), (people.other_district_reviewer, False),
    ):  # fmt: skip
        assert ("吊钩没有防脱" in hand_of(who).desk.get(LIST).ok().text) is sees
    assert hand_of(people.town_reviewer).desk.get(f"{LIST}?union={unions.north}").status == 404


@pytest.mark.parametrize("query", ["status=nonsense", "after=nonsense", "grade=9", "union=1"])
def test_filters_that_make_no_sense_are_refused(desk_of: Callable[[Someone], Desk], world: World, query: str) -> None:
    assert desk_of(world.people.city_reviewer).get(f"{LIST}?{query}").status in (400, 422)


def test_the_next_page_goes_on_where_the_first_ended(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as writer:
        fill(writer, world, 60, NOW)
    desk = desk_of(world.people.city_reviewer)
    found = re.search(r'href="([^"]+)" rel="next"', desk.get(LIST).ok().text)
    assert found is not None
    page = desk.get(found[1].replace("&amp;", "&")).ok().text
    found_there = dict.fromkeys(re.findall(r"第(\d+)处", page))  # each stands beside its box to pick it, too
    assert list(found_there) == [str(number) for number in range(50, 60)]


def test_a_month_of_sending_turns_its_pages_day_by_day(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    first = date(2025, 2, 1)
    with database.transaction() as writer:
        fill(writer, world, 70, NOW, sent_on=lambda number: first + timedelta(days=number % 35))
    query = "status=open&day_of=sent&since=2025-02-01&until=2025-02-28"
    city, town = desk_of(world.people.city_reviewer), desk_of(world.people.town_reviewer)
    page = city.get(f"{LIST}?{query}").ok().text
    found = list(dict.fromkeys(map(int, re.findall(r"第(\d+)处", page))))
    next_page = re.search(r'href="([^"]+)" rel="next"', page)
    assert next_page is not None
    page = city.get(next_page[1].replace("&amp;", "&")).ok().text
    found += dict.fromkeys(map(int, re.findall(r"第(\d+)处", page)))
    assert [number % 35 for number in found] == sorted([*range(28)] * 2)
    assert len(set(found)) == 56
    back = re.search(r'href="([^"]+)" rel="prev"', page)
    assert back is not None
    assert "第0处" in city.get(back[1].replace("&amp;", "&")).ok().text
    page = town.get(f"{LIST}?{query}").ok().text  # by deadline: others are not to learn from the order
    found = list(dict.fromkeys(map(int, re.findall(r"第(\d+)处", page))))
    assert found == [number for number in range(70) if number % 35 < 28 and number % 3 < 2]


def test_what_is_to_be_put_right_knows_the_day_in_shanghai_on_which_it_was_sent(
    database: Database, world: World, hand_of: Callable[[Someone], Hand]
) -> None:
    city = hand_of(world.people.city_reviewer).desk
    now = datetime.now(UTC)
    with database.transaction() as session:
        made = insert_submissions(session, world, 2, now)
        for submission_id, hour in zip(made, (15, 16), strict=True):  # the 31st of October ends at 16:00 UTC
            sent_at = datetime(2026, 10, 31, hour, 30, tzinfo=UTC)
            session.execute(update(Submission).where(Submission.id == submission_id).values(created_at=sent_at))
    for submission_id in made:
        fields = {"version": version_of(city, submission_id), "grade": "3"}
        assert city.post(f"/console/submissions/{submission_id}/accept", fields).status == 303
    city.get(LIST).ok()  # says once what was accepted

    def shown(who: Someone, day: str) -> set[str]:
        page = hand_of(who).desk.get(f"{LIST}?status=open&day_of=sent&since={day}&until={day}").ok().text
        return set(re.findall(r"第\d+处", page))

    for who in (world.people.city_reviewer, world.people.town_reviewer, world.people.enterprise_reviewer):
        assert (shown(who, "2026-10-31"), shown(who, "2026-11-01")) == ({"第0处"}, {"第1处"})
