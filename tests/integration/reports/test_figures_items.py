"""Each number opens the list of the items that it counts, and the list has as many."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from server.core import clock
from server.core.db import Database
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Status, Submission
from server.unions.tree.models import Union
from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.support.callers import Desk, Phone
from tests.support.figures import count_figures
from tests.support.images import jpeg
from tests.support.versions import version_of
from tests.support.world import Someone, World

__all__ = ["accepted", "hand_of", "rectifier", "town"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
PAGE = "/console/figures"
NUMBER = re.compile(r'<a[^>]*href="(/console/(?:queue|rectifications)\?[^"]*)"[^>]*>\s*(\d+)\s*</a\s*>')


def numbers(desk: Desk, query: str = "") -> dict[str, int]:
    """The numbers of the page that open a list, by its address."""
    page = desk.get(f"{PAGE}{query}").ok().text
    main = page[page.index("<main") :]
    return {html.unescape(href): int(count) for href, count in NUMBER.findall(main)}


def check(desk: Desk, query: str = "", *, third: int | None = None) -> dict[str, int]:
    """Number and list agree, or a third of them: a list costs as much as everything else here. Returns the numbers."""
    found = numbers(desk, query)
    for href in list(found) if third is None else list(found)[third % 3 :: 3]:
        assert desk.get(href).ok().text.count("data-row") == found[href], href
    return found


def decide(desk: Desk, submission_id: object, move: str, **fields: str) -> None:
    sent = {"version": version_of(desk, submission_id), **fields}  # type: ignore[arg-type]
    answer = desk.post(f"/console/submissions/{submission_id}/{move}", sent)
    assert answer.status == 303, answer.text[:2000]


@pytest.mark.slow("opens the list behind every number, at three times")
def test_numbers_and_lists_agree_through_decisions_undoing_merging_and_moving(
    database: Database, world: World, phone: Phone, desk_of: Callable[[Someone], Desk],
    accepted: Callable[..., Case], rectifier: Hand, town: Hand, run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    city = desk_of(world.people.city_reviewer)
    with database.transaction() as session:
        session.execute(
            update(Union).where(Union.id == world.unions.shipyard).values(industry="造船", is_high_risk=True)
        )
    cases = [accepted(grade=grade) for grade in (3, 3, 4)]
    open_ones = [phone.report(jpeg(seed), enterprise_id=world.unions.shipyard) for seed in range(4, 8)]
    rectifier.submit(cases[0].row)
    town.move(cases[0].row, "close", way="on_site")
    count_figures(database)
    found = check(city)
    assert len(found) > 20
    assert {(3, True), (7, False)} <= {(count, "status=accepted" in href) for href, count in found.items()}

    decide(town.desk, open_ones[0], "decline", reply="不是隐患")
    decide(town.desk, open_ones[1], "mark_duplicate", target_id=str(open_ones[2]))
    run_jobs()
    with database.transaction() as session:  # the deadlines of all that is left are over
        past = clock.now() - timedelta(days=1)
        session.execute(update(Submission).where(Submission.status == Status.QUEUED).values(due_at=past))
        session.execute(update(Rectification).where(Rectification.status == RectifyStatus.OPEN).values(due_at=past))
    rectifier.submit(cases[1].row)
    count_figures(database)
    found = check(city)
    assert len(found) > 30
    assert any("done=late" in href and count == 2 for href, count in found.items())
    assert any("answered=late" in href and count == 2 for href, count in found.items())

    decide(city, open_ones[0], "reopen", note="重审")  # undone, merged one too, and the closed one stays
    decide(city, open_ones[1], "reopen", note="重审")
    moved = {"parent_id": str(world.unions.hillside), "version": "1"}
    desk_of(world.people.admin).post(f"/console/unions/{world.unions.shipyard}/move", moved).ok()
    run_jobs()
    count_figures(database)
    today = clock.day_of(clock.now())
    check(city)
    for turn, query in enumerate((  # three times three of them narrow alike: together they open every list
        f"?union={world.unions.south}", f"?union={world.unions.shipyard}", "?high_risk=true", "?chemical=true",
        f"?since={today}&until={today}", "?period=month", "?period=days7", f"?campaign={world.campaign_id}",
    )):  # fmt: skip
        found = check(city, query, third=turn)
        gone = "chemical" in query or query.endswith(str(world.unions.south))  # the enterprise went to another district
        assert (not found) == gone, query


def test_what_belongs_to_the_union_itself_has_a_row_and_a_list_of_its_own(
    database: Database, world: World, phone: Phone, desk_of: Callable[[Someone], Desk]
) -> None:
    phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    phone.report(jpeg(2), enterprise_id=None, area_id=str(world.unions.south), place="路口")
    count_figures(database)
    desk = desk_of(world.people.district_reviewer)
    own = [(href, count) for href, count in numbers(desk).items() if "own=1" in href]
    assert own
    assert {count for _, count in own} == {1}
    check(desk)


def test_numbers_of_somebody_without_a_wider_scope_lead_nowhere_outside(
    database: Database, world: World, phone: Phone, desk_of: Callable[[Someone], Desk]
) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    phone.report(jpeg(5), enterprise_id=world.unions.bakery)
    count_figures(database)
    desk = desk_of(world.people.enterprise_reviewer)
    assert set(numbers(desk).values()) == {1}
    check(desk)
    assert desk.get(f"/console/queue?status=all&union={world.unions.bakery}&own=1&industry=x").status == 404
