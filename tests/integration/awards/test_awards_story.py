"""Awards through the public doors: from closed hazards to the receipt."""

import re
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from server.core import ids
from server.core.db import Database
from server.core.settings import Settings
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.deadlines.jobs import adopt_new_calendars
from server.oversight.awards.models import BatchStatus, EntryStatus
from server.unions.tree.models import Union
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case
from tests.support.backends import job_context
from tests.support.calendars import announce_2027, forget_2027
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

Closed = Callable[..., Case]


def published(awards: Awards, **changes: str) -> UUID:
    """A published batch."""
    (batch_id,) = awards.scheme(**changes)
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/publish") == 303
    return batch_id


def test_a_list_is_objected_to_while_it_is_open_and_complained_about_afterwards(
    awards: Awards, closed: Closed, phone: Phone, phone_of: Callable[[Someone], Phone],
    desk_of: Callable[[Someone], Desk], world: World, time_machine: time_machine.TimeMachineFixture,
) -> None:  # fmt: skip
    closed(grade=1)
    batch_id = published(awards)
    notice, door = f"/api/v1/awards/notices/{batch_id}", f"/api/v1/complaints/award_batch/{batch_id}"
    said = {"reason": "wrong", "words": "他没有报过"}
    seen = phone.get(notice).ok().json
    assert (seen["is_open"], seen["may_complain"], phone.put(door, said).code) == (True, False, "notice_open")
    name = seen["entries"][0]["label"]
    time_machine.move_to(awards.batch(batch_id).objections_until)
    time_machine.shift(1)
    colleague = phone_of(world.people.colleague)
    seen = colleague.get(notice).ok().json
    assert (seen["is_open"], seen["may_complain"]) == (False, True)
    assert [each.put(door, said).ok().json["label"] for each in (colleague, phone)] == ["获奖名单"] * 2
    desk = desk_of(world.people.city_reviewer)
    (case,) = set(re.findall(r"/console/complaints/[0-9a-f-]{36}", desk.get("/console/complaints?own=1").ok().text))
    page = desk.get(case).ok().text
    assert (page.count("他没有报过"), f"/console/awards/{batch_id}" in page) == (2, True)
    assert desk_of(world.people.town_reviewer).get(case).status == 404
    assert desk.post(f"{case}/take_down", {"version": "1", "answer": "认得出人"}).status == 303
    public = desk.get(f"/awards/{batch_id}").ok().text
    for shown in (phone.get(notice).ok().text, public):
        assert ("名字已撤下" in shown, name in shown) == (True, False)
    assert (phone.get(notice).json["may_complain"], phone.put(door, said).status) == (False, 404)
    assert phone.get("/api/v1/awards").ok().json["items"] != []  # the award stays theirs
    assert "撤下公示名单上的名字" in desk.get("/console/audit").ok().text


def test_a_closed_hazard_goes_from_computed_to_paid_and_received_once(
    awards: Awards, closed: Closed, phone: Phone, time_machine: time_machine.TimeMachineFixture
) -> None:
    closed(grade=1)
    batch_id = published(awards)
    (entry,) = awards.entries(batch_id)
    assert awards.post(f"/{batch_id}/finalise") == 409
    time_machine.move_to(awards.batch(batch_id).objections_until)
    time_machine.shift(1)
    awards.desk.sign_in(awards.who)
    assert awards.post(f"/{batch_id}/finalise") == 303
    pay = {"method": "银行转账", "voucher": "2026-0001"}
    assert awards.post(f"/entries/{entry.id}/payment", **pay) == 303
    assert awards.post(f"/entries/{entry.id}/payment", **pay) == 303
    assert awards.post(f"/entries/{entry.id}/payment", **{**pay, "voucher": "2026-0002"}) == 409
    (mine,) = phone.get("/api/v1/awards").ok().json["items"]
    assert (mine["status"], mine["amount_cents"], mine["can_confirm_receipt"]) == ("paid", 10000, True)
    for _ in range(2):
        assert phone.post(f"/api/v1/awards/{entry.id}/receipt").ok().json["status"] == "received"
    assert awards.batch(batch_id).status is BatchStatus.PAID
    assert awards.moves(batch_id) == ["create", "compute", "publish", "finalise", "pay", "receive"]
    book = load_workbook(BytesIO(awards.desk.get(f"/console/awards/{batch_id}.xlsx").ok().body))
    assert [cell.value for cell in book.worksheets[0][2]][1:3] == ["赵工", "蓝海船舶修造有限公司"]


def test_every_candidate_is_shown_with_the_reason(awards: Awards, closed: Closed) -> None:
    closed(grade=1)
    closed(grade=1)
    closed(grade=4)
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    page = awards.desk.get(f"/console/awards/{batch_id}?recompute=1").ok().text
    assert "最先上报；已定级、已销号" in page
    assert "一人只奖一次" in page
    assert "隐患等级不在本方案的范围内" in page
    assert "结果都和名单一致" in page


def test_facts_that_changed_since_show_as_differences(awards: Awards, closed: Closed) -> None:
    closed(grade=2)
    (batch_id,) = awards.scheme(grades="1,2")
    assert awards.post(f"/{batch_id}/compute") == 303
    closed(grade=1)
    page = awards.desk.get(f"/console/awards/{batch_id}?recompute=1").ok().text
    assert "现在“已凭更严重或更早的隐患入选" in page


def test_one_hazard_gets_one_award_over_all_batches(awards: Awards, closed: Closed) -> None:
    closed(grade=1)
    (first,) = awards.scheme()
    (second,) = awards.scheme()
    for batch_id in (first, second):
        assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{first}/publish") == 303
    assert awards.post(f"/{second}/publish") == 409
    assert awards.post(f"/{second}/compute") == 303
    (entry,) = awards.entries(second)
    assert entry.status is EntryStatus.EXCLUDED
    assert "一条隐患只奖一次" in entry.reason


def test_a_list_that_costs_more_than_the_budget_is_not_published(awards: Awards, closed: Closed) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme(budget="99.99")
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/publish") == 409
    assert awards.batch(batch_id).status is BatchStatus.COMPUTED


def test_the_public_page_shortens_names_and_hides_the_anonymous(
    awards: Awards, closed: Closed, phone: Phone, app: object
) -> None:
    closed(grade=1)
    batch_id = published(awards)
    nobody = Phone(phone.transport)
    page = nobody.get(f"/awards/{batch_id}").ok().text
    assert "赵*" in page
    assert "赵工" not in page
    assert nobody.get(f"/awards/{ids.new_id()}").status == 404


def test_a_batch_that_is_not_published_has_no_public_page(awards: Awards, closed: Closed, phone: Phone) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    assert Phone(phone.transport).get(f"/awards/{batch_id}").status == 404


def test_an_upheld_objection_takes_the_entry_off_and_moves_the_next_up(
    awards: Awards, closed: Closed, phone_of: Callable[[Someone], Phone], world: World, phone: Phone
) -> None:
    closed(grade=1)
    other = phone_of(world.people.colleague)
    batch_id = published(awards, quota="1")
    (entry,) = awards.entries(batch_id)
    objection_id = ids.new_id()
    path = f"/api/v1/awards/notices/{batch_id}/objections/{objection_id}"
    body = {"text": "这是班长发现的", "entry_id": str(entry.id)}
    assert other.put(path, body).status == 201
    assert other.put(path, body).status == 200
    assert other.put(path, {**body, "text": "别的"}).status == 409
    assert "1 批评奖有异议要答复" in awards.desk.get("/console/").ok().text
    answer = {"uphold": "true", "text": "情况属实"}
    assert awards.post(f"/objections/{objection_id}/answer", **answer) == 303
    assert awards.post(f"/objections/{objection_id}/answer", **answer) == 409
    (entry,) = awards.entries(batch_id)
    assert entry.status is EntryStatus.REMOVED
    seen = other.get(f"/api/v1/awards/notices/{batch_id}").ok().json
    assert seen["entries"] == []
    assert seen["my_objections"][0]["answer"] == "情况属实"
    assert phone.get("/api/v1/awards").ok().json["items"][0]["status"] == "removed"


def test_a_hazard_reopened_during_the_notice_falls_off_the_list(awards: Awards, closed: Closed, phone: Phone) -> None:
    case = closed(grade=1)
    batch_id = published(awards)
    photo = jpeg(95)
    path = f"/api/v1/submissions/{case.submission_id}/rectification/reopenings/{ids.new_id()}"
    manifest = [{"sha256": photo.sha256, "size": len(photo.content)}]
    phone.put(path, {"text": "又松了", "photos": manifest}).ok()
    phone.upload(case.submission_id, photo, 2).ok()
    (entry,) = awards.entries(batch_id)
    assert entry.status is EntryStatus.REMOVED
    assert awards.moves(batch_id)[-1] == "remove"


def test_jurors_score_and_stay_away_from_their_own(
    awards: Awards, closed: Closed, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme()
    awards.post(f"/{batch_id}/compute")
    assert awards.post(f"/{batch_id}/open-scoring") == 303
    (entry,) = awards.entries(batch_id)
    district = desk_of(world.people.district_reviewer)
    path = f"/console/awards/entries/{entry.id}/score"
    assert district.post(path, {"score": "90"}).status == 403
    assert awards.post(f"/{batch_id}/publish") == 409
    assert awards.post(f"/{batch_id}/jurors", username="south") == 303
    assert district.post(path, {"score": "101"}).status == 422
    assert district.post(path, {"score": "90"}).status == 303
    assert awards.post(f"/{batch_id}/publish") == 303


def test_units_are_nominated_within_the_quota_of_each_union(
    awards: Awards, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    (batch_id,) = awards.scheme(kind="unit", quota="2")
    district, path = desk_of(world.people.district_reviewer), f"/console/awards/{batch_id}/nominations"
    form = {"who": "蓝海船舶修造有限公司", "merit": "全员参与"}
    assert district.post(path, {**form, "who": "山泉酒业有限公司"}).status == 422
    assert district.post(path, form).status == 303
    assert district.post(path, {**form, "who": "麦香食品有限公司"}).status == 409
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/publish") == 303
    assert "蓝海船舶修造有限公司" in awards.desk.get(f"/awards/{batch_id}").ok().text


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_of_two_units_of_one_name_the_nominators_own_is_meant_and_none_is_guessed(
    awards: Awards, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    with awards.database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(name="蓝海船舶修造有限公司"))
    (batch_id,) = awards.scheme(kind="unit", quota="2")
    path, form = f"/console/awards/{batch_id}/nominations", {"who": "蓝海船舶修造有限公司", "merit": "全员参与"}
    guessed = awards.desk.post(path, form)
    assert (guessed.status, "有几个同名的" in guessed.text) == (422, True)
    for who in (world.people.district_reviewer, world.people.other_district_reviewer):
        assert desk_of(who).post(path, form).status == 303
    assert [each.union_id for each in awards.entries(batch_id)] == [world.unions.shipyard, world.unions.brewery]


@pytest.mark.parametrize("role", ["enterprise_reviewer", "town_reviewer", "district_reviewer", "admin"])
def test_nobody_but_the_unions_own_reviewers_moves_its_batch(
    role: str, awards: Awards, closed: Closed, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme()
    desk = desk_of(getattr(world.people, role))
    for move in ("compute", "publish", "finalise", "open-scoring"):
        assert desk.post(f"/console/awards/{batch_id}/{move}").status == 403
    assert awards.moves(batch_id) == ["create"]
    assert "赵工" not in desk.get(f"/console/awards/{batch_id}").text


@pytest.mark.parametrize("statement", ["UPDATE award_steps SET text = 'x'", "DELETE FROM award_steps"])
def test_the_database_itself_keeps_the_log(statement: str, awards: Awards, database: Database) -> None:
    awards.scheme()
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text(statement))


@pytest.fixture
def december(time_machine: time_machine.TimeMachineFixture) -> None:
    """Before anybody signs in it is the middle of December 2026."""
    time_machine.move_to("2026-12-16T02:00Z")


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # S3 refuses who comes with another clock
def test_objections_are_taken_for_as_many_working_days_once_the_calendar_is_announced(
    december: None, settings: Settings, awards: Awards, closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_2027(monkeypatch)
    closed(grade=1)
    batch_id = published(awards, objection_days="30")
    former = awards.batch(batch_id)
    announce_2027(monkeypatch)
    adopt_new_calendars(job_context(settings, awards.database))
    batch = awards.batch(batch_id)
    assert batch.published_at is not None
    assert former.objections_until != batch.objections_until == due_after(batch.published_at, 30)
