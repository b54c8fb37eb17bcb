"""What readers of the log, of lists and of figures learn of an anonymous report: not the phone, not the minute."""

import html
import re
from collections.abc import Callable
from typing import cast
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.core import clock, ids
from server.core.audit.actions import record
from server.core.audit.models import AuditEntry
from server.core.db import Database
from tests.integration.anonymity.conftest import Case, known_ids, report_anonymously
from tests.integration.awards.conftest import Awards, awards
from tests.integration.rectification.conftest import Case as Repair
from tests.integration.rectification.conftest import Hand, hand_of, rectifier
from tests.integration.review.conftest import Reviewer, reviewer_of
from tests.support import images
from tests.support.callers import Desk, InProcess, Phone
from tests.support.figures import count_figures
from tests.support.pages import tight
from tests.support.world import Someone, World

__all__ = ["awards", "hand_of", "rectifier", "reviewer_of"]

ADDRESS = "127.0.0.77"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
NEXT = re.compile(r'href="([^"]*)"[^>]*rel="next"')


@pytest.fixture
def reporter(phone: Phone) -> Phone:
    """The worker, on a phone that has an address of its own."""
    client = cast(FlaskClient, cast(InProcess, phone.transport).client)
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    return phone


@pytest.mark.parametrize("reader", ["city_reviewer", "admin"])
def test_no_row_about_an_anonymous_report_keeps_the_phones_address(
    reporter: Phone, reviewer_of: Callable[[Someone], Reviewer], rectifier: Hand, awards: Awards, world: World,
    database: Database, desk_of: Callable[[Someone], Desk], reader: str,
) -> None:  # fmt: skip
    """Also where the system did it, in the request of the reporter's phone: here a place on an award list falls."""
    submission_id = report_anonymously(reporter, images.jpeg(1), enterprise_id=world.unions.shipyard)
    town = reviewer_of(world.people.town_reviewer)
    assert town.move(submission_id, "accept", grade="1").status == 303
    repair = Repair(database, submission_id)
    rectifier.submit(repair.row)
    assert Hand(town.desk).move(repair.row, "close", way="on_site").status == 303
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/publish") == 303
    path = f"/api/v1/submissions/{submission_id}/rectification/reopenings/{ids.new_id()}"
    reporter.put(path, {"text": "又坏了", "photos": [images.jpeg(2).manifest]}).ok()
    reporter.upload(submission_id, images.jpeg(2), 2).ok()
    with database.reading() as session:
        case = Case(submission_id, (), submission_id, world.people.worker)
        subjects = {str(each) for each in known_ids(session, case, world)} - {str(world.unions.shipyard)}
        subjects |= {str(batch_id)}
        kept = session.scalars(
            select(AuditEntry.action).where(AuditEntry.address == ADDRESS, AuditEntry.subject_id.in_(subjects))
        ).all()
    assert {"submission.create", "award.remove"} <= set(kept)  # the log itself keeps everything
    desk = desk_of(getattr(world.people, reader))
    for subject in subjects - {str(world.people.worker.id)}:
        page = desk.get(f"/console/audit?subject={subject}").ok().text
        told = [word for word in (ADDRESS, world.people.worker.name, str(world.people.worker.id)) if word in page]
        assert told == [], subject


def test_pages_of_somebodys_rows_have_no_gaps_where_anonymous_ones_were_left_out(
    phone: Phone, world: World, database: Database, desk_of: Callable[[Someone], Desk]
) -> None:
    """A page of 49 would tell that one is missing, and between which two moments."""
    submission_id = report_anonymously(phone, images.jpeg(1), enterprise_id=world.unions.shipyard)
    with database.transaction() as session:
        for number in range(130):
            subject = submission_id if number % 4 == 0 else UUID(int=number)
            record(
                session, "submission.note", subject_type="submission", subject_id=subject,
                actor_id=world.people.worker.id, at=clock.now(),
            )  # fmt: skip
    desk, sizes = desk_of(world.people.admin), []
    address = f"/console/audit?who={world.people.worker.id}&action=submission.note"
    while address:
        page = desk.get(address).ok().text
        assert str(submission_id) not in page
        sizes.append(len(ROW.findall(page)) - 1)
        following = NEXT.search(page)
        address = html.unescape(following[1]) if following else ""
    assert sizes == [50, 47]


def test_nobody_learns_the_minute_when_a_worker_joined(
    app: Flask, world: World, desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone]
) -> None:
    """Who signs in for the first time often does so to report something."""
    newcomer = Phone(InProcess(app)).sign_in("demo:worker-98")
    me = newcomer.get("/api/v1/me").ok().json["id"]
    assert ids.tells_day_only(UUID(me))
    page = desk_of(world.people.admin).get(f"/console/people/{me}").ok().text
    joined = re.search(r"<dt>加入时间</dt><dd>(.*?)</dd>", tight(page))
    assert joined is not None
    assert not re.search(r"\d\d:\d\d", joined[1])


def test_how_long_an_answer_took_is_told_in_days_of_the_calendar_alone(
    phone: Phone, reviewer_of: Callable[[Someone], Reviewer], world: World, desk_of: Callable[[Someone], Desk],
    database: Database,
) -> None:  # fmt: skip
    """When the union answered is known: how many hours it took would tell when an only report was sent."""
    town = reviewer_of(world.people.town_reviewer)
    hazard_id = report_anonymously(phone, images.jpeg(1, (320, 240)), enterprise_id=world.unions.shipyard)
    assert town.move(hazard_id, "accept", grade="3").status == 303
    count_figures(database)
    page = desk_of(world.people.enterprise_reviewer).get("/console/figures").ok().text
    answered = re.search(r">平均答复用时</th>.*?<td[^>]*>(.*?)</td>", page, re.DOTALL)
    assert answered is not None
    assert answered[1].strip() in ("0.0 天", "1.0 天")
    assert not re.search(r"\d 小时", page)
