"""The queue page: what it shows, to whom, in which order, at which cost."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from server.core import ids
from server.core.db import Database
from server.core.web import cursors
from server.kit.deadlines.calendar.working_days import due_after, end_of_today
from server.review.submissions.models import Status
from server.unions.tree.models import Union
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.world import Someone, World

LINK = re.compile(r'href="/console/submissions/([0-9a-f-]{36})')
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')
NOW = datetime.now(UTC)


def shown(desk: Desk, query: str = "") -> list[UUID]:
    """Ids on the page, in order, without repeats."""
    text = desk.get(f"/console/queue?{query}").ok().text
    return list(dict.fromkeys(UUID(each) for each in LINK.findall(text)))


def all_pages(desk: Desk, query: str) -> list[UUID]:
    seen: list[UUID] = []
    path: str | None = f"/console/queue?{query}"
    while path:
        text = desk.get(path).ok().text
        seen += dict.fromkeys(UUID(each) for each in LINK.findall(text))
        found = NEXT.search(text)
        path = html.unescape(found[1]) if found else None
    return seen


def test_what_is_due_first_comes_first(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        made = insert_submissions(session, world, 3, NOW, due_at=lambda number: NOW + timedelta(days=3 - number))
    assert shown(town.desk) == list(reversed(made))


@pytest.mark.parametrize("status", ["queued", "accepted", "all"])
def test_pages_follow_each_other_without_gap_or_repeat(
    town: Reviewer, world: World, database: Database, status: str
) -> None:
    chosen = Status.QUEUED if status == "all" else Status(status)
    with database.transaction() as session:
        made = insert_submissions(  # equal deadlines: the id decides
            session, world, 120, NOW, status=chosen, due_at=lambda number: NOW + timedelta(hours=number // 40)
        )
    seen = all_pages(town.desk, f"status={status}")
    assert len(seen) == 120
    assert set(seen) == set(made)


def test_a_long_description_is_no_headline_and_is_read_whole_below_it(
    town: Reviewer, phone: Phone, world: World
) -> None:
    words = "配电箱门敞开，电线裸露，旁边堆着纸箱；" * 20
    item = phone.report(jpeg(), enterprise_id=world.unions.shipyard, description=words)
    page = town.desk.get(f"/console/submissions/{item}").ok().text
    head = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert head is not None
    assert len(head[1]) <= 65
    assert f'<p class="review-words">{words}</p>' in page


def test_unfinished_submissions_are_not_shown(town: Reviewer, phone: Phone, world: World, database: Database) -> None:
    with database.transaction() as session:
        insert_submissions(session, world, 1, NOW, status=Status.INCOMPLETE, arrived_at=None, due_at=None)
        insert_submissions(session, world, 1, NOW, status=Status.WITHDRAWN, arrived_at=None, due_at=None)
    assert shown(town.desk) == shown(town.desk, "status=all") == shown(town.desk, "status=withdrawn") == []


def test_filters_narrow_the_list(town: Reviewer, world: World, database: Database) -> None:
    me = world.people.town_reviewer.id
    with database.transaction() as session:
        insert_submissions(session, world, 2, NOW + timedelta(days=9))
        (fire,) = insert_submissions(session, world, 1, NOW + timedelta(days=9), category="fire")
        (late,) = insert_submissions(session, world, 1, NOW - timedelta(days=1))
        claim = {"claimed_by_id": me, "claimed_until": NOW + timedelta(hours=1)}
        (mine,) = insert_submissions(session, world, 1, NOW + timedelta(days=9), **claim)
        expired = {"claimed_by_id": me, "claimed_until": NOW - timedelta(hours=1)}
        insert_submissions(session, world, 1, NOW + timedelta(days=9), **expired)
        (bakery,) = insert_submissions(session, world, 1, NOW + timedelta(days=9), union_id=world.unions.bakery)
        (routed,) = insert_submissions(session, world, 1, NOW + timedelta(days=9), routed_union_id=world.unions.seaside)
        (grave,) = insert_submissions(session, world, 1, NOW, status=Status.ACCEPTED, grade=1)
        insert_submissions(session, world, 1, NOW, status=Status.ACCEPTED, grade=4)
    assert shown(town.desk, "category=fire") == [fire]
    assert shown(town.desk, "due=overdue") == [late]
    assert shown(town.desk, "mine=1") == [mine]
    assert shown(town.desk, f"union={world.unions.bakery}") == [bakery]
    assert shown(town.desk, "routed=1") == [routed]
    assert shown(town.desk, "status=accepted&grade=1") == [grave]


def test_due_today_and_soon_look_ahead(town: Reviewer, world: World, database: Database) -> None:
    now = datetime.now(UTC)  # the run may have begun yesterday
    deadlines = {"today": end_of_today(now), "soon": due_after(now, 1), "later": due_after(now, 2)}
    with database.transaction() as session:
        made = {name: insert_submissions(session, world, 1, due)[0] for name, due in deadlines.items()}
    assert shown(town.desk, "due=today") == [made["today"]]
    assert shown(town.desk, "due=soon") == [made["today"], made["soon"]]
    assert shown(town.desk, "due=overdue") == []


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("enterprise_reviewer", {"shipyard"}),
        ("town_reviewer", {"shipyard", "bakery"}),
        ("district_reviewer", {"shipyard", "bakery"}),
        ("city_reviewer", {"shipyard", "bakery", "brewery"}),
        ("other_district_reviewer", {"brewery"}),
        ("admin", {"shipyard", "bakery", "brewery"}),
    ],
)
def test_everybody_sees_their_own_subtree(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, who: str, sees: set[str]
) -> None:
    places = ("shipyard", "bakery", "brewery")
    with database.transaction() as session:
        made = {
            place: insert_submissions(session, world, 1, NOW, union_id=getattr(world.unions, place))[0]
            for place in places
        }
    desk = desk_of(getattr(world.people, who))
    assert set(shown(desk)) == {made[place] for place in sees}
    for place in places:
        expected = 200 if place in sees else 404
        assert desk.get(f"/console/queue?union={getattr(world.unions, place)}").status == expected


def test_counts_stop_at_a_thousand(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        insert_submissions(session, world, 1005, NOW - timedelta(days=100))
        insert_submissions(session, world, 3, NOW, status=Status.RETURNED)
    text = town.desk.get("/console/queue").text
    assert "999+" in text
    assert re.search(r"待补充\D*3\b", re.sub(r"<[^>]+>", " ", text))


def test_a_page_costs_the_same_however_full_it_is(
    town: Reviewer, phone: Phone, world: World, database: Database
) -> None:
    def cost() -> int:
        with count_statements(database.engine) as statements:
            town.desk.get("/console/queue").ok()
        return len(statements)

    phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    town.desk.get("/console/queue").ok()
    few = cost()
    for seed in range(2):
        phone.report(jpeg(seed), enterprise_id=world.unions.bakery)
    with database.transaction() as session:
        insert_submissions(session, world, 60, NOW + timedelta(days=60))
    assert cost() == few <= 9


def test_an_enterprise_that_was_renamed_has_its_new_name_at_once(
    town: Reviewer, phone: Phone, world: World, database: Database
) -> None:
    phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    assert "改名后的船厂" not in town.desk.get("/console/queue").text
    with database.transaction() as session:
        session.get_one(Union, world.unions.shipyard).name = "改名后的船厂"
    assert "改名后的船厂" in town.desk.get("/console/queue").text


def test_neighbours_walk_the_list_as_it_was_filtered(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        made = insert_submissions(session, world, 3, NOW, category="fire")
        insert_submissions(session, world, 3, NOW + timedelta(minutes=30))
    middle = town.desk.get(f"/console/submissions/{made[1]}?category=fire").text
    linked = [UUID(each) for each in re.findall(r'submissions/([0-9a-f-]{36})\?category=fire"', middle)]
    assert made[0] in linked
    assert made[2] in linked


def test_after_a_decision_the_next_one_opens(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        made = insert_submissions(session, world, 2, NOW)
    first = town.move(made[0], "accept", grade="1")
    assert first.headers["Location"] == f"/console/submissions/{made[1]}"
    assert town.move(made[1], "accept", grade="1").headers["Location"] == "/console/queue"


def test_a_cursor_from_beyond_time_is_refused(town: Reviewer) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        cursor = cursors.encode(datetime.fromisoformat(moment), ids.new_id())
        assert town.desk.get(f"/console/queue?after={cursor}").status == 422


@pytest.mark.parametrize("query", ["status=x", "union=x", "grade=9", "after=x", "due=x", "q=" + "x" * 200])
def test_filters_that_make_no_sense_get_a_page_that_says_so(town: Reviewer, query: str) -> None:
    assert town.desk.get(f"/console/queue?{query}").status == 422
