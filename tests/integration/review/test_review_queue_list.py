"""The queue as a list of the kit: its tabs, its ledger, and the way back to what was filtered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from server.activities.hazards.models import Hazard
from server.core.db import Database
from server.review.search.actions import index_submission
from server.review.submissions.models import Status, Submission
from tests.integration.kit.test_listing import tabs
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.integration.review.test_review_queue import shown
from tests.support.ledgers import read_ledger
from tests.support.world import Someone, World

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=9)


def ledger(reviewer: Reviewer, query: str = "") -> list[dict[str, Any]]:
    return read_ledger(reviewer.desk.get(f"/console/queue/ledger.xlsx?{query}").ok().body)


def test_counts_of_tabs_obey_filters_and_search(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        waiting = insert_submissions(session, world, 3, LATER, category=lambda number: "fire" if number else "electric")
        (late,) = insert_submissions(session, world, 1, NOW - timedelta(days=2), category="fire")
        done = insert_submissions(session, world, 2, LATER, status=Status.ACCEPTED, category="fire")
        named = update(Hazard).where(Hazard.submission_id.in_([waiting[1], late, done[0]]))
        session.execute(named.values(description="灭火器过期"))
        for each in (*waiting, late, *done):
            index_submission(session, each)

    def counts(query: str) -> tuple[str, str, str]:
        found = tabs(town.desk.get(f"/console/queue?{query}").ok().text)
        return found["待受理"], found["已逾期"], found["已受理"]

    assert counts("") == ("4", "1", "2")
    assert counts("category=fire") == ("3", "1", "2")
    assert counts("q=灭火器") == ("2", "1", "1")
    assert counts("q=灭火器&status=overdue&category=electric") == ("", "", "")
    assert shown(town.desk, "status=overdue") == [late]


def test_the_queue_is_turned_round_and_cut_to_deadlines(town: Reviewer, world: World, database: Database) -> None:
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # the 23rd begins in Shanghai
    with database.transaction() as session:
        made = insert_submissions(
            session, world, 4, NOW, due_at=lambda number: midnight + timedelta(days=number, seconds=-1)
        )
    assert shown(town.desk, "reverse=1") == made[::-1]
    assert shown(town.desk, "since=2026-11-23&until=2026-11-24") == made[1:3]


def test_the_ledger_of_the_queue_holds_what_is_filtered_and_no_name_or_hour_of_the_anonymous(
    reviewer_of: Callable[[Someone], Reviewer], world: World, database: Database
) -> None:
    with database.transaction() as session:
        insert_submissions(
            session, world, 3, LATER, category=lambda number: "fire" if number else "electric", is_anonymous=True
        )
        insert_submissions(session, world, 1, LATER, category="fire", union_id=world.unions.bakery)
    rows = ledger(reviewer_of(world.people.enterprise_reviewer), "category=fire")
    assert [(row["内容"], row["状态"], row["匿名"]) for row in rows] == [
        ("第1处", "待受理", "是"),
        ("第2处", "待受理", "是"),
    ]
    assert {(row["上报日期"].hour, row["上报日期"].minute) for row in rows} == {(0, 0)}
    assert not any(world.people.worker.name in str(value) for row in rows for value in row.values())


def test_undoing_leads_back_to_the_list_as_it_was_filtered(town: Reviewer, world: World, database: Database) -> None:
    with database.transaction() as session:
        made = insert_submissions(session, world, 2, LATER, category="fire")
    fields = {"grade": "1", "version": "2"}
    town.desk.post(f"/console/submissions/{made[0]}/accept?category=fire", fields)
    page = town.desk.get(f"/console/submissions/{made[1]}?category=fire").ok().text
    assert f'/console/submissions/{made[0]}/reopen?category=fire"' in page


def test_the_ledger_of_a_month_holds_what_was_sent_in_it_whatever_became_of_it(
    town: Reviewer, world: World, database: Database
) -> None:
    with database.transaction() as session:
        ids = [
            *insert_submissions(session, world, 2, LATER),
            *insert_submissions(session, world, 2, LATER, status=Status.ACCEPTED),
        ]
        for number, sent in enumerate((10, 31, 31, 10)):  # days of October; the 31st ends at 16:00 UTC
            sent_at = datetime(2026, 10, sent, 16 if number == 1 else 15, tzinfo=UTC)
            session.execute(update(Submission).where(Submission.id == ids[number]).values(created_at=sent_at))
    days = "since=2026-10-01&until=2026-10-31"
    rows = ledger(town, f"status=all&day_of=sent&{days}")
    assert [(row["状态"], row["上报日期"].day) for row in rows] == [("已受理", 10), ("已受理", 31), ("待受理", 10)]
    assert ledger(town, f"status=all&{days}") == []  # by deadline, as ever
