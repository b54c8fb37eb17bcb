"""Figures of supervision, training, drills and numbered documents: each counts what its words say, and the list behind
it shows as many rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from server.assignments.forms.ports import FIGURES, Drawn, Wanted, figure_words
from server.core import clock, ids
from server.core.db import Database
from server.kit.indicators import Asked, all_indicators
from server.oversight.training.models import (
    Headcount,
    SessionKind,
    SessionStatus,
)
from server.oversight.visits.models import Visit, VisitFinding
from server.review.rectification.models import Rectification, RectifyStatus
from server.unions.tree.models import Union
from tests.integration.notices.conftest import DOCUMENT, NoticeHands
from tests.integration.visits.visiting import Visitor, finding
from tests.support.callers import Desk, Phone
from tests.support.training import held_session
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
PREFIXES = ("visits_", "training_", "drills_", "notices_")


def draw(database: Database, union_id: UUID, days_back: int = 0) -> dict[str, Drawn]:
    """The figures of today, or of a day before, of a union with all below it."""
    [book], now = FIGURES.answers, clock.now()
    day = clock.day_of(now) - timedelta(days=days_back)
    keys = [each.key for each in figure_words() if each.key.startswith(PREFIXES)]
    with database.reading() as session:
        return dict(book.draw(session, Wanted(union_id, None, day, day), keys, now))


def values(drawn: dict[str, Drawn], prefix: str) -> dict[str, float | None]:
    return {key.removeprefix(prefix): each.value for key, each in drawn.items() if key.startswith(prefix)}


def rows(desk: Desk, drawn: Drawn) -> int:
    """Of the list behind it."""
    assert drawn.href is not None
    return desk.get(drawn.href).ok().text.count("data-row")


def test_supervision_counts_where_teams_went_what_they_found_and_what_was_put_right(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone],
    run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    visitor = Visitor(database, world, desk_of, phone_of, run_jobs)
    found = [finding(), finding(place="三号车间"), finding(place="仓库")]
    sent, _planned, gone = visitor.sent(findings=found), visitor.planned(), visitor.planned()
    with database.transaction() as session:
        state = session.get_one(Visit, sent)
        recorded = {
            "status": "recorded", "visited_on": state.visited_on, "recorded_at": state.recorded_at,
            "recorded_by_id": state.recorded_by_id, "record_key": ids.new_id(), "record_hash": "0" * 64,
        }  # fmt: skip
        session.execute(update(Visit).where(Visit.id == gone).values(recorded))
        first, second = session.query(VisitFinding).filter_by(visit_id=sent).order_by(VisitFinding.number).limit(2)
        closed = {
            "status": RectifyStatus.CLOSED, "closed_at": clock.now(), "closed_by_id": world.people.town_reviewer.id,
            "recheck_way": "on_site", "reopen_until": clock.now(),
            "submitted_at": clock.now(), "rectified_by_id": world.people.enterprise_reviewer.id,
        }  # fmt: skip
        for each, changes in ((first, closed), (second, {"status": RectifyStatus.VOIDED})):
            of = Rectification.submission_id == each.submission_id
            session.execute(update(Rectification).where(of).values(changes))

    drawn, city = draw(database, world.unions.south), desk_of(world.people.city_reviewer)
    assert values(drawn, "visits_") == {"visits": 2, "enterprises": 1, "findings": 2, "rectified": 1}
    assert [rows(city, drawn[f"visits_{name}"]) for name in ("visits", "findings", "rectified")] == [2, 2, 1]
    with database.reading() as session:
        south, now = session.get_one(Union, world.unions.south), clock.now()
        until = clock.day_of(now) + timedelta(days=30)
        asked = Asked(south, None, clock.day_of(now), until, now)
        counted = all_indicators()["visit_findings_in_time"].count(session, asked)
        late = all_indicators()["visit_findings_in_time"].count(session, replace(asked, now=now + timedelta(days=40)))
    assert (counted.over, counted.under) == (1, 1)  # one was no finding, one is not due yet
    assert (late.over, late.under) == (1, 2)
    assert city.get(counted.href).ok().text.count("data-row") == 2

    for elsewhere in (draw(database, world.unions.north), draw(database, world.unions.south, days_back=1)):
        assert set(values(elsewhere, "visits_").values()) == {0}
        assert rows(city, elsewhere["visits_visits"]) == 0


def test_times_and_people_of_training_and_of_drills_are_told_apart(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as session:
        first = held_session(session, world, 1, "甲", "乙", "丙?")
        session.add(
            Headcount(
                id=ids.new_id(), session_id=first.id, held_on=clock.day_of(clock.now()), people=12, note="外包班组",
                recorded_by_id=world.people.enterprise_reviewer.id, recorded_at=clock.now(), city_id=world.unions.city,
                district_id=world.unions.south, town_id=world.unions.seaside, enterprise_id=world.unions.shipyard,
            )
        )  # fmt: skip
        held_session(session, world, 2, "甲", kind=SessionKind.LECTURE, status=SessionStatus.RETURNED)
        held_session(session, world, 3, "甲", kind=SessionKind.ESCAPE_DRILL)
        held_session(session, world, 4, "丁", status=SessionStatus.RUNNING)
        held_session(session, world, 5, "丁", starts_at=clock.now() - timedelta(days=2))
    drawn, city = draw(database, world.unions.seaside), desk_of(world.people.city_reviewer)
    held = {"sessions": 2, "times": 3, "people": 2, "unnamed": 12}
    own = {"own_times": 4, "own_people": 3}  # with the one who has come to a session that is not over
    assert values(drawn, "training_") == held | own
    assert values(drawn, "drills_") == {"sessions": 1, "times": 1, "people": 1, "unnamed": 0} | {
        "own_times": 1, "own_people": 1,
    }  # fmt: skip
    assert [rows(city, drawn[f"{of}_sessions"]) for of in ("training", "drills")] == [2, 1]
    assert values(draw(database, world.unions.hillside), "training_")["times"] == 0


def test_documents_are_those_with_a_number_that_stand(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], run_jobs: Callable[..., int]
) -> None:
    hands = NoticeHands(database, world, run_jobs)
    hands.document()
    hands.notice()
    hands.withdraw(hands.document())
    hands.document(by="district_reviewer", levels=("town",))
    city, south = draw(database, world.unions.city), draw(database, world.unions.south)
    assert (city["notices_documents"].value, south["notices_documents"].value) == (2, 1)
    desk = desk_of(world.people.city_reviewer)
    assert (rows(desk, city["notices_documents"]), rows(desk, south["notices_documents"])) == (2, 1)
    assert rows(desk_of(world.people.district_reviewer), south["notices_documents"]) == 1
    assert desk_of(world.people.other_district_reviewer).get(south["notices_documents"].href or "").status == 404
    hands.draft_notice(by="district_reviewer", details=DOCUMENT, levels=("town",))
    assert rows(desk, south["notices_documents"]) == 1  # nobody above reads drafts
