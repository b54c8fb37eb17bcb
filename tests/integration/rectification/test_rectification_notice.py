"""隐患整改通知单: numbered, frozen, with the photos and without the reporter's name; issued from above only."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import select, update

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.privacy.erasure.erasing import erase_person
from server.privacy.models import Erasure
from server.review.rectification.models import Rectification
from tests.integration.rectification.conftest import Case, Hand
from tests.support.callers import Phone
from tests.support.papers import words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Accepted = Callable[..., Case]
RunJobs = Callable[..., int]


def issue(hand: Hand, case: Case) -> int:
    return hand.issue(case.row, "notice")


def test_a_notice_says_what_is_to_be_put_right_until_when_with_its_photos_and_no_name(
    accepted: Accepted, town: Hand, rectifier: Hand, world: World, database: Database, run_jobs: RunJobs
) -> None:
    case = accepted()
    run_jobs()  # the photo can be shown
    assert issue(town, case) == 303
    (notice,) = case.papers
    assert notice.number in rectifier.open(case.row.id).ok().text
    content = rectifier.paper(case.row, notice.id)
    words = words_in(content)
    for part in (
        notice.number,
        "隐改〔",
        "〕1号",
        "隐患整改通知单",
        "配电箱门敞开，电线裸露",
        "三号车间东门",
        "第六十条",
        "建议",
    ):
        assert part in words
    assert len(Document(io.BytesIO(content)).inline_shapes) == 1
    for part in (world.people.worker.name, "责令", "处罚"):
        assert part not in words
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == str(case.row.id))).all()
    logged = {entry.action: entry.detail for entry in entries}
    assert logged["rectification.issue_notice"]["content_hash"] == notice.content_hash
    assert logged["rectification.download_notice"]["number"] == notice.number


def test_a_notice_stays_as_it_was_issued_and_a_new_one_is_issued_only_for_something_new(
    accepted: Accepted, town: Hand, rectifier: Hand, database: Database
) -> None:
    case = accepted()
    assert [issue(town, case), issue(town, case)] == [303, 303]
    (first,) = case.papers
    before = town.paper(case.row, first.id)
    rectifier.move(case.row, "ask_extension", days="10", text="等配件").ok()
    town.move(case.row, "grant_extension", days="7").ok()
    assert issue(town, case) == 303
    numbers = [notice.number for notice in case.papers]
    assert [number.rsplit("〕", 1)[1] for number in numbers] == ["1号", "2号"]
    assert town.paper(case.row, first.id) == before

    with database.transaction() as session:
        passed = clock.now() - timedelta(days=2)
        session.execute(update(Rectification).values(due_at=passed))
    assert [issue(town, case), issue(town, case)] == [303, 303]
    late = words_in(town.paper(case.row, case.papers[-1].id))
    due = clock.day_in_words(clock.day_of(passed))
    assert (len(case.papers), f"尽快完成整改（原定的{due}已过）" in late) == (3, True)
    assert f"建议你单位在{due}前" not in late


def test_notices_are_issued_from_above_while_the_hazard_is_due(
    accepted: Accepted, town: Hand, rectifier: Hand, hand_of: Callable[[Someone], Hand], world: World
) -> None:
    case, elsewhere = accepted(), hand_of(world.people.other_town_reviewer)
    assert issue(rectifier, case) == 403
    assert issue(elsewhere, case) == 404
    assert "papers/notice" not in rectifier.open(case.row.id).ok().text
    assert issue(town, case) == 303
    (notice,) = case.papers
    assert elsewhere.desk.get(f"/console/rectifications/{case.row.id}/papers/{notice.id}.docx").status == 404
    rectifier.submit(case.row)
    assert issue(town, case) == 409


def test_what_a_reporter_wrote_of_themselves_is_struck_out_of_notices_when_they_are_forgotten(
    accepted: Accepted, town: Hand, phone: Phone, world: World, database: Database, run_jobs: RunJobs
) -> None:
    name = world.people.worker.name
    case = accepted(description=f"配电箱敞开，找{name}带路")
    run_jobs()
    assert issue(town, case) == 303
    (notice,) = case.papers
    assert name in words_in(town.paper(case.row, notice.id))
    phone.post("/api/v1/me/erasure", {"confirm": True}).ok()
    with database.transaction() as session:
        erasure_id = session.scalars(select(Erasure.id)).one()
        assert erase_person(session, erasure_id, now=clock.now() + timedelta(days=8))
    run_jobs()
    words = words_in(town.paper(case.row, notice.id))
    assert name not in words
    assert "配电箱敞开" in words
