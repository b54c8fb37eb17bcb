"""Marks of a test on paper confirm who stayed; certificates are issued once, verified by anybody, withdrawn."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.oversight.certificates.models import TrainingCertificate
from server.oversight.certificates.rules import is_passed, mask_name
from server.oversight.training.models import Attendance, ConfirmedBy, TrainingSession
from tests.integration.coverage.training import attend, hold_session
from tests.support.callers import Answer, Desk
from tests.support.ledgers import sheet_of
from tests.support.world import Someone, World

pytestmark = pytest.mark.usefixtures("end_of_november")


@pytest.fixture
def held(database: Database, world: World) -> tuple[UUID, UUID, UUID]:
    """A session of the city, with one who came and one who stayed, too."""
    with database.transaction() as session:
        row = hold_session(session, world, date(2026, 11, 28))
        came = attend(
            session, row, world.unions.shipyard, "p1", name="赵工", person_id=world.people.worker.id,
            is_counted=False, confirmed_by=None, confirmed_at=None,
        )  # fmt: skip
        stayed = attend(session, row, world.unions.bakery, "p2", name="欧阳小工")
        return row.id, came.id, stayed.id


def post(desk: Desk, path: str, **fields: str) -> Answer:
    return desk.post(f"/console/training-certificates/{path}", fields, form="/console/")


def test_from_marks_on_paper_to_a_certificate_that_anybody_verifies(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, held: tuple[UUID, UUID, UUID]
) -> None:
    session_id, came, stayed = held
    desk, visitor = desk_of(world.people.city_reviewer), desk_of(world.people.town_reviewer)
    marks = {f"mark-{came}": "85.5", f"mark-{stayed}": "59"}
    assert post(desk, f"{session_id}/marks", pass_mark="60", **marks).status == 303
    assert post(desk, f"{session_id}/marks", pass_mark="60", **marks).status == 303  # saved once more
    with database.reading() as session:
        row = session.get_one(Attendance, came)
        assert (row.confirmed_by, row.is_counted) == (ConfirmedBy.TEST, True)
    assert post(desk, f"{session_id}/issue").status == 303
    assert post(desk, f"{session_id}/issue").status == 303  # nobody gets a second one
    with database.reading() as session:
        [kept] = session.scalars(select(TrainingCertificate)).all()
    assert kept.name == "赵工"
    rows = [*sheet_of(desk.get(f"/console/training-certificates/{session_id}/marks.xlsx").ok().body).values]
    assert [line[4:] for line in rows[3:]] == [(85.5, "合格", kept.code), (59, "不合格", None)]

    public = visitor.get(f"/training-certificates/{kept.code.lower().replace('-', '')}").ok().text
    assert ("有效" in public, "赵*" in public, "赵工" in public) == (True, True, False)
    assert visitor.get("/training-certificates/AAAA-AAAA-AAAA").status == 404
    paper = desk.get(f"/console/training-certificates/certificates/{kept.id}").ok().text
    assert (kept.code in paper, "2026年11月29日" in paper, "今天" in paper) == (True, True, False)  # to be printed
    assert "发证书（" not in desk.get(f"/console/training-certificates/{session_id}").text  # nobody is left
    path = f"certificates/{kept.id}/withdraw"
    assert post(desk, path).status == 422
    assert post(visitor, path, reason="重名").status == 404
    assert post(desk, path, reason="发错了人").status == 303
    assert "会另发一张" in desk.get(f"/console/training-certificates/{session_id}").text
    assert "已经无效" in visitor.get(f"/training-certificates/{kept.code}").ok().text
    assert post(desk, path, reason="再撤一次").status == 409
    assert post(desk, f"{session_id}/issue").status == 303
    with database.reading() as session:
        codes = set(session.scalars(select(TrainingCertificate.code)))
    [again] = codes - {kept.code}  # another number; the paper with the first one stays worthless
    assert "有效" in visitor.get(f"/training-certificates/{again}").ok().text
    assert "已经无效" in visitor.get(f"/training-certificates/{kept.code}").ok().text


def test_an_attendance_that_counts_no_more_takes_its_certificate_along(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, held: tuple[UUID, UUID, UUID]
) -> None:
    session_id, _, stayed = held
    desk = desk_of(world.people.city_reviewer)
    assert post(desk, f"{session_id}/issue").status == 303
    with database.transaction() as session:
        [kept] = session.scalars(select(TrainingCertificate)).all()
        assert kept.attendance_id == stayed
        session.get_one(Attendance, stayed).is_counted = False
        code = kept.code
    assert "已经无效" in desk.get(f"/training-certificates/{code}").ok().text


def test_a_mark_that_was_put_right_confirms_no_more(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, held: tuple[UUID, UUID, UUID]
) -> None:
    session_id, came, stayed = held
    desk = desk_of(world.people.city_reviewer)
    for mark, counts in (("90", True), ("9", False)):
        assert post(desk, f"{session_id}/marks", pass_mark="60", **{f"mark-{came}": mark}).status == 303
        with database.reading() as session:
            assert session.get_one(Attendance, came).is_counted is counts
            assert session.get_one(Attendance, stayed).is_counted  # by the trainer's word, whatever they got
    refused = post(desk, f"{session_id}/marks", pass_mark="60", **{f"mark-{came}": "很好"})
    assert (refused.status, "很好" in refused.text) == (422, True)
    assert post(desk_of(world.people.district_reviewer), f"{session_id}/issue").status == 404
    with database.transaction() as session:
        session.get_one(TrainingSession, session_id).organiser_id = world.unions.shipyard
    page = desk.get(f"/console/training-certificates/{session_id}").ok().text  # looks at another's, and only looks
    assert ("赵工" in page, "保存成绩" in page, "发证书（" in page) == (True, False, False)
    assert post(desk, f"{session_id}/issue").status == 403
    assert is_passed(None, None)
    assert mask_name("欧阳小工") == "欧***"
