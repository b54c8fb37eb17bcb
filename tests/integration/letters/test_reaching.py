"""A letter reaches whoever has to answer it, and the answer whoever waits for it; nobody writes to themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.notifications.digests import queries
from server.notifications.digests.jobs import write_daily
from server.notifications.digests.models import DailyDigest
from server.oversight.letters.models import Letter
from server.review.escalation.jobs import sweep_overdue
from tests.integration.letters.conftest import Writer
from tests.support import backends
from tests.support.callers import Desk, Phone
from tests.support.inbox import titles_told
from tests.support.world import Someone, World

DeskOf = Callable[[Someone | None], Desk]
REPLY = {"reply": "已经整改完毕。", "replied_by": "王工"}


def badge_beside(desk: Desk, path: str) -> bool:
    """Whether the navigation shows a number beside a page."""
    queries._badges.forget()
    entry = desk.get("/console/account").ok().text.split(f'href="{path}"', 1)[1].split("</a>", 1)[0]
    return "项等处理" in entry


def test_an_enterprise_does_not_write_to_itself(shipyard: Writer, world: World, town: Writer) -> None:
    assert shipyard.try_draft(issuer_id=str(world.unions.shipyard)).status == 403
    assert shipyard.desk.get("/console/letters/new").status == 403
    assert "起草文书" not in shipyard.desk.get("/console/letters").ok().text
    assert "起草文书" in town.desk.get("/console/letters").ok().text


def test_a_draft_of_an_enterprise_from_before_is_not_issued(
    shipyard: Writer, town: Writer, world: World, database: Database
) -> None:
    letter_id = town.draft()
    with database.transaction() as session:
        session.execute(update(Letter).values(issuer_id=world.unions.shipyard))
    assert shipyard.act(letter_id, "issue").status == 403


def test_a_letter_its_withdrawal_and_its_answer_reach_the_reviewers_concerned(
    town: Writer, shipyard: Writer, world: World, database: Database
) -> None:
    people = world.people
    town.act(town.issue(), "withdraw", reason="写错了")
    letter_id = town.issue()
    assert titles_told(database, people.enterprise_reviewer.id) == ["收到提示函", "文书已撤回", "收到提示函"]
    assert titles_told(database, people.town_reviewer.id) == []
    assert shipyard.act(letter_id, "reply", **REPLY).status == 303
    assert titles_told(database, people.town_reviewer.id) == ["文书有答复了"]
    assert (
        titles_told(database, people.other_enterprise_reviewer.id)
        == titles_told(database, people.district_reviewer.id)
        == []
    )


def test_a_number_stands_beside_the_page_until_the_letter_is_answered(
    town: Writer, shipyard: Writer, database: Database
) -> None:
    assert not badge_beside(shipyard.desk, "/console/letters")
    letter_id = town.issue()
    assert badge_beside(shipyard.desk, "/console/letters")
    assert not badge_beside(town.desk, "/console/letters")
    with database.transaction() as session:
        session.execute(update(Letter).values(due_at=clock.now() - timedelta(days=1)))
    assert badge_beside(town.desk, "/console/letters")  # nobody answered in time
    assert shipyard.act(letter_id, "reply", **REPLY).status == 303
    assert not badge_beside(shipyard.desk, "/console/letters")
    assert not badge_beside(town.desk, "/console/letters")


def test_the_digest_counts_letters_and_what_climbed_and_each_is_told_of_it_once_a_day(
    settings: Settings, database: Database, phone: Phone, town: Writer, world: World, desk_of: DeskOf, time_machine: Any
) -> None:
    ctx = backends.job_context(settings, database)
    for _ in range(2):
        phone.report(enterprise_id=world.unions.shipyard)
    town.issue()
    time_machine.move_to(datetime.fromisoformat("2026-12-21T01:00Z"))
    sweep_overdue(ctx)
    write_daily(ctx)
    with database.reading() as session:
        digests = {row.person_id: row.others for row in session.scalars(select(DailyDigest))}
    assert digests[world.people.enterprise_reviewer.id]["letters"] == 1
    above = world.people.district_reviewer
    assert digests[above.id]["climbed"] == 2
    assert titles_told(database, above.id).count("有逾期事项升级到您这里") == 1
    desk = desk_of(above)
    assert badge_beside(desk, "/console/dispatch")
    assert "2 条逾期升级到您这里" in desk.get("/console/digests").ok().text
