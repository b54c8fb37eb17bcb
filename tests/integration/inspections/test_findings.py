"""What fails becomes a hazard, once; what nobody there can judge waits for somebody competent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from server.assignments.dispatch.models import Recipient
from server.assignments.findings.actions import JUDGED, REPORT
from server.assignments.findings.queries import beside
from server.core import clock
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.storage.base import ObjectStore
from server.oversight.inspections.queries import ask_first
from server.photos.models import Photo, PhotoState
from server.photos.pictures.keys import original_key
from server.privacy.copies.gathering import gather
from server.review.submissions.models import Status
from server.rewards.points.models import PointsTransfer
from server.unions.scans.models import LinkedPhone
from tests.integration.inspections.inspecting import Inspector, failed
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def sections(inspector: Inspector, row: Recipient) -> list[str]:
    return [section.key for section in inspector.form(row).sections]


def test_an_enterprise_gets_the_parts_that_concern_it_and_all_that_may_until_it_was_asked(inspector: Inspector) -> None:
    row = inspector.row(inspector.send())
    assert sections(inspector, row) == ["boiler", "piped_gas", "bottled_gas", "ventilation", "stoves"]
    with inspector.database.reading() as session:
        asked = ask_first(session, session.get_one(Recipient, row.id))
    assert asked is not None
    assert asked.href == f"/console/unions/{row.union_id}#traits"
    inspector.says("shipyard", "piped_gas")
    assert sections(inspector, row) == ["piped_gas", "ventilation"]
    with inspector.database.reading() as session:
        assert ask_first(session, session.get_one(Recipient, row.id)) is None


def test_what_was_handed_in_is_read_by_what_the_enterprise_had_then(inspector: Inspector) -> None:
    inspector.says("shipyard", "bottled_gas")
    row = inspector.row(inspector.send())
    inspector.answer(row)
    inspector.says("shipyard", "coal_boiler")
    assert sections(inspector, inspector.row(row.assignment_id)) == ["bottled_gas", "ventilation"]
    inspector.send_back(row)
    assert sections(inspector, inspector.row(row.assignment_id)) == ["boiler", "ventilation"]


def test_a_rule_by_traits_asks_those_who_have_them(inspector: Inspector, world: World) -> None:
    inspector.says("shipyard", "piped_gas")
    inspector.says("bakery", "dormitory")
    asked = set(inspector.hands.rows(inspector.send(traits=("piped_gas",))))
    assert asked == {world.unions.shipyard}


def test_a_failed_item_is_a_hazard_in_the_queue_of_the_union_above_with_its_pictures(
    inspector: Inspector, desk_of: Opens, world: World, database: Database, object_store: ObjectStore
) -> None:
    inspector.says("shipyard", "piped_gas")
    row = inspector.row(inspector.send())
    sample = jpeg(seed=7)
    inspector.answer(row, {"b10": failed("软管老化开裂", inspector.photo(row, "b10", sample))})
    [hazard] = inspector.hazards()
    assert (hazard.status, hazard.routed_union_id) == (Status.QUEUED, world.unions.seaside)
    assert (hazard.enterprise_id, hazard.photos_received) == (world.unions.shipyard, 1)
    assert hazard.place.endswith("灶前")
    with database.reading() as session:
        photo = session.scalars(select(Photo)).one()
    assert photo.state in (PhotoState.RECEIVED, PhotoState.READY, PhotoState.DAMAGED)
    assert photo.object_id is not None
    with object_store.open(original_key(photo.id, photo.object_id)) as kept:
        assert kept.read() == sample.content
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard.id}").ok().text
    for words in ("软管老化开裂", "专用连接软管", "GB 55009-2021 第6.1.7条", "建议等级：较大"):
        assert words in page


def test_a_clause_of_a_major_hazard_is_named_for_somebody_competent_and_nothing_is_decided(
    inspector: Inspector, desk_of: Opens, world: World
) -> None:
    inspector.says("shipyard", "coal_boiler")
    row = inspector.row(inspector.send())
    photo = inspector.photo(row, "a6", jpeg())
    inspector.answer(row, {"a6": failed("安全阀没有铅封", photo)})
    [hazard] = inspector.hazards()
    assert hazard.grade is None
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard.id}").ok().text
    assert "GB 45067-2024 第5.2.2条" in page
    assert "系统不判定" in page


def test_an_item_is_a_hazard_once_also_after_return_and_correction(inspector: Inspector, database: Database) -> None:
    inspector.says("shipyard", "piped_gas")
    row = inspector.row(inspector.send())
    photo = inspector.photo(row, "b10", jpeg())
    inspector.answer(row, {"b10": failed("老化", photo)})
    with database.transaction() as session:
        enqueue(session, REPORT, recipient_id=row.id, number=1)
    inspector.run_jobs()
    assert len(inspector.hazards()) == 1
    inspector.send_back(row)
    other = inspector.photo(row, "b11", jpeg(seed=2))
    inspector.answer(row, {"b10": failed("老化，还漏气", photo), "b11": failed("接了三通", other)})
    assert [hazard.id for hazard in inspector.hazards()][:1] == [inspector.findings(row)["b10"].submission_id]
    assert len(inspector.hazards()) == 2
    inspector.send_back(row)
    inspector.answer(row)
    assert len(inspector.hazards()) == 2  # put right meanwhile: its rectification tells


def test_how_the_hazard_stands_shows_beside_the_item(inspector: Inspector, desk_of: Opens, world: World) -> None:
    inspector.says("shipyard", "piped_gas")
    row = inspector.row(inspector.send())
    inspector.answer(row, {"b10": failed("老化", inspector.photo(row, "b10", jpeg()))})
    [hazard] = inspector.hazards()

    def note() -> str:
        with inspector.database.reading() as session:
            return beside(session, session.get_one(Recipient, row.id))["b10"].text

    assert note() == f"隐患 {hazard.number} · 待受理"
    desk = desk_of(world.people.town_reviewer)
    accepted = desk.post(f"/console/submissions/{hazard.id}/accept", {"version": str(hazard.version), "grade": "2"})
    assert accepted.status == 303
    assert "已受理" in note() or "整改" in note()


def test_what_an_enterprise_found_itself_is_not_decided_by_it_and_earns_nothing(
    inspector: Inspector, desk_of: Opens, world: World, database: Database
) -> None:
    inspector.says("shipyard", "piped_gas")
    row = inspector.row(inspector.send())
    inspector.answer(row, {"b10": failed("老化", inspector.photo(row, "b10", jpeg()))})
    [hazard] = inspector.hazards()
    said = {"version": str(hazard.version), "grade": "2"}
    own = desk_of(world.people.enterprise_reviewer).post(f"/console/submissions/{hazard.id}/accept", said)
    assert own.status in (403, 409)
    assert desk_of(world.people.town_reviewer).post(f"/console/submissions/{hazard.id}/accept", said).status == 303
    inspector.run_jobs()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PointsTransfer)) == 0


def test_what_nobody_could_judge_waits_for_somebody_competent_and_is_noted_once(
    inspector: Inspector, desk_of: Opens, world: World
) -> None:
    inspector.says("shipyard", "coal_boiler")
    row = inspector.row(inspector.send())
    inspector.answer(row, {"a10": {"result": "cannot_judge", "words": "看不懂", "photos": []}})
    assert inspector.hazards() == []
    desk = desk_of(world.people.town_reviewer)
    listed = desk.get("/console/findings").ok().text
    assert "联锁保护" in listed
    assert "GB 45067-2024 第5.2.6条" in listed
    path = f"/console/findings/{inspector.findings(row)['a10'].id}/judge"
    said = {"verdict": "failed", "judge": "王某，锅炉检验员", "words": "短接了"}
    stranger = desk_of(world.people.other_town_reviewer)
    assert "联锁保护" not in stranger.get("/console/findings").ok().text
    assert stranger.post(path, said, form="/console/").status == 404
    assert desk_of(world.people.enterprise_reviewer).post(path, said, form="/console/").status == 403
    assert desk.post(path, {**said, "judge": ""}, form="/console/").status == 422
    assert desk.post(path, said, form="/console/").status == 303
    assert desk.post(path, said, form="/console/").status == 409
    assert "联锁保护" not in desk.get("/console/findings").ok().text
    assert "王某，锅炉检验员" in desk.get("/console/findings?status=judged").ok().text
    assert desk.get("/console/findings/ledger.xlsx?status=judged").ok().body[:2] == b"PK"


def test_what_somebody_competent_says_has_failed_is_a_hazard_as_a_failed_item_is_once(
    inspector: Inspector, desk_of: Opens, world: World, database: Database
) -> None:
    inspector.says("shipyard", "coal_boiler")
    row = inspector.row(inspector.send())
    photo = inspector.photo(row, "a10", jpeg())
    inspector.answer(row, {"a10": {"result": "cannot_judge", "words": "看不懂", "photos": [photo]}})
    finding = inspector.findings(row)["a10"]
    said = {"verdict": "failed", "judge": "王某，锅炉检验员", "words": "短接了"}
    desk = desk_of(world.people.town_reviewer)
    assert desk.post(f"/console/findings/{finding.id}/judge", said, form="/console/").status == 303
    inspector.run_jobs()
    [hazard] = inspector.hazards()
    with database.transaction() as session:
        enqueue(session, JUDGED, finding_id=finding.id)  # a job may run twice
    inspector.run_jobs()
    assert len(inspector.hazards()) == 1
    assert inspector.findings(row)["a10"].submission_id == hazard.id
    # the union that had it judged does not decide on it: the enterprise answers
    assert (hazard.reporter_id, hazard.routed_union_id) == (world.people.town_reviewer.id, world.unions.shipyard)
    assert (hazard.photos_received, hazard.grade) == (1, None)
    page = desk_of(world.people.district_reviewer).get(f"/console/submissions/{hazard.id}").ok().text
    for words in ("短接了", "由王某，锅炉检验员判断为不合格", "GB 45067-2024 第5.2.6条", "建议等级："):
        assert words in page
    inspector.send_back(row)
    inspector.answer(row, {"a10": failed("短接了", photo)})  # they say so themselves now
    assert [each.id for each in inspector.hazards()] == [hazard.id]
    assert f"隐患 {hazard.number}" in desk.get("/console/findings?status=judged").ok().text


def test_who_judged_is_handed_what_they_judged_and_forgotten_there_by_name(
    inspector: Inspector, desk_of: Opens, world: World, database: Database, phone_of: Callable[[Someone], Phone],
    time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    inspector.says("shipyard", "coal_boiler")
    row = inspector.row(inspector.send())
    inspector.answer(row, {"a10": {"result": "cannot_judge", "words": "看不懂", "photos": []}})
    finding, judge = inspector.findings(row)["a10"], world.people.colleague
    said = {"verdict": "passed", "judge": f"{judge.name}，锅炉检验员", "words": f"{judge.name}看过"}
    town = desk_of(world.people.town_reviewer)
    assert town.post(f"/console/findings/{finding.id}/judge", said, form="/console/").status == 303
    with database.reading() as session:
        [handed_out] = gather(session, judge.id)["判断过的检查项"]
        assert (handed_out["label"], handed_out["verdict"]) == (finding.label, "passed")
        assert "判断过的检查项" not in gather(session, world.people.worker.id)
    assert phone_of(judge).post("/api/v1/me/erasure", {"confirm": True}).status == 201
    time_machine.move_to(clock.now() + timedelta(days=7, minutes=1))
    inspector.run_jobs()
    forgotten = inspector.findings(row)["a10"]
    assert (forgotten.judge, forgotten.judged_words) == ("××，锅炉检验员", "××看过")


def test_what_somebody_could_judge_the_next_time_waits_no_more(inspector: Inspector) -> None:
    inspector.says("shipyard", "coal_boiler")
    row = inspector.row(inspector.send())
    inspector.answer(row, {"a10": {"result": "cannot_judge", "words": "", "photos": []}})
    inspector.send_back(row)
    inspector.answer(row)
    assert inspector.findings(row) == {}


def test_on_the_phone_of_an_officer_the_enterprise_is_asked_what_it_has_first(
    inspector: Inspector, phone_of: Callable[[Someone], Phone], world: World, database: Database
) -> None:
    row = inspector.row(inspector.send())
    with database.transaction() as session:
        officer = world.people.enterprise_reviewer.id
        session.add(LinkedPhone(person_id=world.people.worker.id, account_id=officer, linked_at=clock.now()))
    phone, path = phone_of(world.people.worker), f"/api/v1/tasks/{row.id}/traits"
    assert "企业情况" in phone.get(f"/api/v1/tasks/{row.id}").ok().json["ask_first"]
    asked = phone.get(path).ok().json
    assert (asked["complete"], {each["holds"] for each in asked["items"]}) == (False, {None})
    said = {each["code"]: each["code"] == "dormitory" for each in asked["items"]}
    assert phone.put(path, {"answers": said}).ok().json["complete"] is True
    task = phone.get(f"/api/v1/tasks/{row.id}").ok().json
    assert (task["ask_first"], [section["key"] for section in task["form"]["sections"]]) == ("", ["stoves"])
    assert phone.put(path, {"answers": {"nonsense": True}}).status == 422
    assert phone_of(world.people.colleague).get(path).status == 404
    assert phone_of(world.people.stranger).put(path, {"answers": said}).status in (403, 404)
