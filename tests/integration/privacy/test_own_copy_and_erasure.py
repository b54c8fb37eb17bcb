"""What is kept about me is shown, handed out, and forgotten at my word, while the record of safety stays."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import requests
from sqlalchemy import JSON, String, Text, cast, func, select, update

from server.activities.hazards.models import Hazard
from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Base, Database
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.photos.models import Photo
from server.photos.pictures.keys import original_key
from server.privacy.jobs import remove_expired
from server.privacy.models import DataExport, Erasure
from server.rewards.certificates.models import Certificate
from server.unions.people.models import Person, PhoneSource, RoleAssignment, WechatIdentity, WechatUnion
from server.unions.roles import Role
from tests.support import backends, images
from tests.support.callers import Desk, Phone
from tests.support.tasks import Sender, actor_at, load_row
from tests.support.world import Someone, World

NAME, PHONE, OPENID, UNIONID = "欧阳试验", "13800001234", "o-erase-me-9f27", "u-erase-me-9f27"
TRACES = (NAME, PHONE, OPENID, UNIONID)
PhoneOf = Callable[[Someone | None], Phone]
RunJobs = Callable[..., int]


@pytest.fixture
def me(phone: Phone, database: Database, world: World) -> UUID:
    """The worker, under a name that nothing else here bears."""
    phone.patch("/api/v1/me", {"name": NAME, "phone": PHONE}).ok()
    person_id = world.people.worker.id
    with database.transaction() as session:
        identity = update(WechatIdentity).where(WechatIdentity.person_id == person_id)
        session.execute(identity.values(openid=OPENID, unionid=UNIONID))
        session.execute(update(Person).where(Person.id == person_id).values(phone_source=PhoneSource.PROVED))
        session.add(WechatUnion(unionid=UNIONID, person_id=person_id, created_at=clock.now()))
    return person_id


def found_in(database: Database, needles: tuple[str, ...]) -> dict[str, set[str]]:
    """The columns of all tables in which each of them stands. A table is read once, not once for each column."""
    found: dict[str, set[str]] = {needle: set() for needle in needles}
    sought = {needle: {needle.lower(), json.dumps(needle)[1:-1].lower()} for needle in needles}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [
                cast(column, Text).label(column.name)
                for column in table.c
                if isinstance(column.type, String | Text | JSON) or column.name in ("tokens", "args", "detail", "data")
            ]
            for row in session.execute(select(*columns)).mappings() if columns else ():
                for name, value in row.items():
                    said = (value or "").lower()
                    for needle in (each for each in needles if any(form in said for form in sought[each])):
                        found[needle].add(f"{table.name}.{name}")
    return found


def archive_of(phone: Phone, run_jobs: RunJobs) -> zipfile.ZipFile:
    assert phone.post("/api/v1/me/exports").status == 201
    run_jobs()
    export = phone.get("/api/v1/me/data").ok().json["export"]
    assert export["state"] == "ready"
    answer = phone.transport.send("GET", export["url"])
    if answer.status == 302:  # to the S3 store
        return zipfile.ZipFile(io.BytesIO(requests.get(answer.headers["Location"], timeout=10).content))
    return zipfile.ZipFile(io.BytesIO(answer.ok().body))


def forget(phone: Phone, run_jobs: RunJobs, time_machine: Any) -> None:
    assert phone.post("/api/v1/me/erasure", {"confirm": True}).status == 201
    run_jobs()
    time_machine.move_to(clock.now() + timedelta(days=7, minutes=1))


def test_the_page_tells_what_is_kept(phone: Phone, me: UUID, world: World) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    answer = phone.get("/api/v1/me/data").ok()
    told = {item["name"]: item["value"] for item in answer.json["items"]}
    assert (told["姓名"], told["手机号"]) == (NAME, "138****1234")
    assert told["提交的隐患和建议"] == told["照片"] == "1 条"
    assert answer.json["export"] is answer.json["erasure"] is answer.json["refusal"] is None


def test_a_copy_holds_what_i_sent_and_nothing_of_others(
    phone: Phone, me: UUID, world: World, run_jobs: RunJobs, phone_of: PhoneOf
) -> None:
    hazard_id = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard, description="我写的隐患")
    phone_of(world.people.colleague).report(enterprise_id=world.unions.shipyard, description="别人写的隐患")
    run_jobs()
    archive = archive_of(phone, run_jobs)
    kept = json.loads(archive.read("我的信息.json"))
    assert kept["个人资料"][0]["phone"] == PHONE
    assert [row["description"] for row in kept["隐患内容"]] == ["我写的隐患"]
    assert "已收到你的隐患" in json.dumps(kept["消息"], ensure_ascii=False)
    (photo,) = kept["照片"]
    assert archive.read(photo["file"])[:2] == b"\xff\xd8"
    assert photo["file"] == f"照片/{hazard_id}/1.jpg"
    everything = archive.read("我的信息.json").decode()
    for secret in ("别人写的", "token_hash", "password_hash", "claimed_by_id"):
        assert secret not in everything


def test_a_copy_is_made_once_and_its_link_runs_out(
    phone: Phone, me: UUID, run_jobs: RunJobs, database: Database, settings: Settings, object_store: ObjectStore,
    time_machine: Any,
) -> None:  # fmt: skip
    archive_of(phone, run_jobs)
    again = phone.post("/api/v1/me/exports")
    assert (again.status, again.json["state"]) == (200, "ready")
    url = again.json["url"]
    assert phone.transport.send("GET", url[:-2] + "xx").status == 403
    assert phone.transport.send("GET", url.replace("?e=", "?e=9")).status == 403
    remove_expired(backends.job_context(settings, database))  # holds still
    assert phone.get("/api/v1/me/data").json["export"] is not None
    if settings.object_store == "s3":
        return  # an S3 store refuses clocks that are wrong
    time_machine.move_to(clock.now() + timedelta(hours=25))
    assert phone.transport.send("GET", url).status == 403
    assert phone.get("/api/v1/me/data").json["export"] is None
    remove_expired(backends.job_context(settings, database))
    run_jobs()
    assert list(object_store.objects("exports/")) == []


def test_a_link_to_somebody_elses_copy_cannot_be_made(phone: Phone, me: UUID, run_jobs: RunJobs) -> None:
    archive_of(phone, run_jobs)
    url = phone.get("/api/v1/me/data").json["export"]["url"]
    query = url.partition("?")[2]
    assert phone.transport.send("GET", f"/exports/{ids.new_id()}?{query}").status == 403


def test_whoever_changes_their_mind_within_a_week_stays(
    phone: Phone, me: UUID, run_jobs: RunJobs, time_machine: Any, database: Database
) -> None:
    asked = phone.post("/api/v1/me/erasure", {"confirm": True})
    assert asked.status == 201
    assert phone.post("/api/v1/me/erasure", {"confirm": True}).status == 200
    assert phone.get("/api/v1/me/data").json["erasure"]["due_at"] == asked.json["due_at"]
    assert phone.delete("/api/v1/me/erasure").status == 204
    assert phone.delete("/api/v1/me/erasure").status == 204
    time_machine.move_to(clock.now() + timedelta(days=8))
    run_jobs()
    assert phone.get("/api/v1/me").ok().json["name"] == NAME


@pytest.mark.parametrize("body", [{}, {"confirm": False}, {"confirm": "yes"}, [], {"confirm": True, "other": 1}])
def test_nobody_is_forgotten_by_mistake(phone: Phone, me: UUID, body: object, database: Database) -> None:
    assert phone.post("/api/v1/me/erasure", body).status in (400, 422)
    with database.reading() as session:
        assert session.scalars(select(Erasure)).all() == []


def test_before_the_week_is_over_nothing_is_erased(
    phone: Phone, me: UUID, run_jobs: RunJobs, time_machine: Any
) -> None:
    phone.post("/api/v1/me/erasure", {"confirm": True}).ok()
    time_machine.move_to(clock.now() + timedelta(days=6, hours=23))
    run_jobs()
    assert phone.get("/api/v1/me").ok().json["name"] == NAME


def _live(phone: Phone, phone_of: PhoneOf, desk_of: Callable[[Someone], Desk], world: World, run_jobs: RunJobs) -> UUID:
    """Do a bit of everything in which a name can stick."""
    hazard_id = phone.report(
        images.jpeg(1), enterprise_id=world.unions.shipyard, place=f"{NAME}的工位旁",
        description=f"我是{NAME}，电话{PHONE}。配电箱门敞开",
    )  # fmt: skip
    town = desk_of(world.people.town_reviewer)
    path = f"/console/submissions/{hazard_id}"
    run_jobs()
    town.post(f"{path}/return", {"version": "2", "reply": f"{NAME}师傅，在哪一层？"}).ok()
    answer = {"text": f"二层，找{NAME}", "photos": []}
    phone.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id()}", answer).ok()
    town.post(f"{path}/accept", {"version": "4", "grade": "3", "reply": f"谢谢{NAME}", "note": f"{PHONE}已回访"}).ok()
    colleague = phone_of(world.people.colleague)
    colleague.put(
        f"/api/v1/suggestions/{ids.new_id()}",
        {"category": "s_process", "title": "换一种吊装的办法", "proposal": "用专用吊具，两人配合。",
         "co_authors": [{"name": NAME, "phone": PHONE}]},
    ).ok()  # fmt: skip
    run_jobs()
    return hazard_id


def _be_named_in_an_answer(
    desk_of: Callable[[Someone], Desk], world: World, run_jobs: RunJobs, database: Database
) -> None:
    """By one's enterprise, in what it was asked by its town, and by whoever checks it."""
    people, unions = world.people, world.unions
    actor = actor_at(database, people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside)
    task = Sender(database, actor, run_jobs).ask(unions.shipyard)
    answer = {"version": "0", "key": str(ids.new_id()), "f1": NAME, "c1.result": "passed", "text": f"找{NAME}，{PHONE}"}
    assert desk_of(people.enterprise_reviewer).post(f"/console/tasks/{task}/submit", answer).status == 303
    remark = {"version": str(load_row(database, task).version), "remark.f1": f"不是{NAME}"}
    assert desk_of(people.town_reviewer).post(f"/console/tasks/{task}/return", remark).status == 303


@pytest.mark.slow("reads every table before and after")
def test_afterwards_name_phone_and_wechat_ids_stand_nowhere(
    phone: Phone, me: UUID, world: World, run_jobs: RunJobs, phone_of: PhoneOf, desk_of: Callable[[Someone], Desk],
    database: Database, time_machine: Any, settings: Settings, object_store: ObjectStore,
) -> None:  # fmt: skip
    hazard_id = _live(phone, phone_of, desk_of, world, run_jobs)
    _be_named_in_an_answer(desk_of, world, run_jobs, database)
    with database.transaction() as session:
        session.add(
            Certificate(
                id=ids.new_id(),
                code="ABCD1234",
                contest_id=ids.new_id(),
                contest_name="安全知识闯关",
                person_id=me,
                name=NAME,
                enterprise_name="蓝海船舶修造有限公司",
                issuer_name="市总工会",
                issued_at=clock.now(),
            )
        )
    archive_of(phone, run_jobs)
    before = found_in(database, TRACES)
    assert {"people.name", "hazards.description", "certificates.name", "submission_steps.public_text"} <= before[NAME]
    assert {"responses.answers", "response_versions.answers", "response_versions.remarks"} <= before[NAME]
    phone.post("/api/v1/me/erasure", {"confirm": True}).ok()
    with database.transaction() as session:  # the week is over; an S3 store refuses clocks that are wrong
        session.execute(update(Erasure).values(due_at=clock.now() - timedelta(hours=2)))
    remove_expired(backends.job_context(settings, database))
    run_jobs()
    assert found_in(database, TRACES) == {needle: set() for needle in TRACES}
    with database.reading() as session:
        hazard = session.get_one(Hazard, hazard_id)
        assert hazard.description == "我是××，电话××。配电箱门敞开"
        photo = session.scalars(select(Photo).where(Photo.submission_id == hazard_id)).one()
        assert (photo.device, photo.latitude, photo.longitude) == (None, None, None)
        person = session.get_one(Person, me)
        assert (person.name, person.phone, person.enterprise_id, person.is_active) == (None, None, None, False)
        assert session.scalars(select(DataExport)).all() == []
        assert photo.object_id is not None
        with object_store.open(original_key(photo.id, photo.object_id)) as stream:
            stripped = stream.read()
    assert b"Exif" not in stripped
    assert stripped[:2] == b"\xff\xd8"
    assert list(object_store.objects("exports/")) == []
    assert phone.get("/api/v1/me").status == 401
    town = desk_of(world.people.town_reviewer)
    page = town.get(f"/console/submissions/{hazard_id}").ok().text
    assert "没有留姓名" in page
    assert str(hazard_id) in town.get("/console/queue?status=all&q=配电箱").text
    assert str(hazard_id) not in town.get(f"/console/queue?status=all&q={NAME}").text


def test_signing_in_again_afterwards_makes_somebody_new(
    phone: Phone, me: UUID, world: World, run_jobs: RunJobs, time_machine: Any, phone_of: PhoneOf, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(
            update(WechatIdentity).where(WechatIdentity.person_id == me).values(openid=world.people.worker.code)
        )
    forget(phone, run_jobs, time_machine)
    run_jobs()
    again = phone_of(None).sign_in(str(world.people.worker.code))
    fresh = again.get("/api/v1/me").ok().json
    assert (fresh["id"] != str(me), fresh["name"]) == (True, None)
    assert again.get("/api/v1/submissions").json["items"] == []


def test_erasing_twice_or_at_once_is_erasing_once(
    phone: Phone, me: UUID, run_jobs: RunJobs, time_machine: Any, database: Database, settings: Settings
) -> None:
    forget(phone, run_jobs, time_machine)
    time_machine.move_to(clock.now() + timedelta(hours=2))
    context = backends.job_context(settings, database)
    remove_expired(context)
    remove_expired(context)
    run_jobs()
    with database.reading() as session:
        erased = select(func.count()).where(AuditEntry.action == "person.erased")
        assert session.scalar(erased) == 1
        assert session.scalar(select(Erasure.done_at)) is not None


def test_a_reviewer_is_told_whom_to_ask(
    phone: Phone, me: UUID, database: Database, world: World, run_jobs: RunJobs, time_machine: Any
) -> None:
    phone.post("/api/v1/me/erasure", {"confirm": True}).ok()
    with database.transaction() as session:
        session.add(
            RoleAssignment(
                id=ids.new_id(),
                person_id=me,
                role=Role.TOWN_REVIEWER,
                union_id=world.unions.seaside,
                granted_at=clock.now(),
            )
        )
    time_machine.move_to(clock.now() + timedelta(days=8))
    run_jobs()
    assert phone.get("/api/v1/me").ok().json["name"] == NAME
    refused = phone.post("/api/v1/me/erasure", {"confirm": True})
    assert (refused.status, refused.code) == (409, "cannot_erase")
    assert "管理员" in phone.get("/api/v1/me/data").json["refusal"]


@pytest.mark.settings(organisation_name="某市总工会", privacy_contact="0532-12345678")
def test_the_policy_names_who_answers_for_it_to_everybody(phone_of: PhoneOf) -> None:
    nobody = phone_of(None)
    shown = nobody.get("/api/v1/privacy").ok().json
    assert (shown["organisation"], shown["contact"]) == ("某市总工会", "0532-12345678")
    for method, path in (
        ("GET", "/me/data"),
        ("POST", "/me/exports"),
        ("POST", "/me/erasure"),
        ("DELETE", "/me/erasure"),
    ):
        assert nobody.call(method, f"/api/v1{path}").status == 401
