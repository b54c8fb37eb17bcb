"""What workers send is checked by WeChat: held back where it should be, never lost, whatever WeChat does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import requests
from sqlalchemy import delete, func, select

from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.settings import Settings
from server.review.safety import jobs
from server.review.safety.actions import note_asked
from server.review.safety.models import PushedVerdict, SafetyCheck
from server.unions.people.models import WechatIdentity
from server.wechat.gateway import WechatGateway
from tests.integration.safety.conftest import MEDIA, TEXT
from tests.integration.suggestions.conftest import Author, Reviewer
from tests.simulators.wechat.state import Fault, State
from tests.support.callers import Desk, InProcess, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

Work = Callable[[], int]
Checks = Callable[[UUID], list[tuple[str, str, str | None]]]
DeskOf = Callable[[Someone], Desk]
BAD = "车间里有人赌博，配电箱门敞开"


def hints(phone: Phone, world: World) -> list[dict[str, Any]]:
    body = {"category": "electric", "enterprise_id": str(world.unions.shipyard), "place": "三号车间东门",
            "description": "车间里配电箱门敞开，电线裸露", "coordinates": None}  # fmt: skip
    return list(phone.post("/api/v1/hazards/hints", body).ok().json["items"])


def hold(worker: Phone, world: World, work: Work) -> UUID:
    """A hazard whose words WeChat finds risky."""
    hazard_id = worker.report(enterprise_id=world.unions.shipyard, description=BAD)
    work()
    return hazard_id


def test_words_that_pass_and_photos_that_pass_change_nothing(
    worker: Phone, colleague: Phone, world: World, work: Work, checks: Checks, trace_of: Callable[[UUID], str],
    push: Callable[..., None],
) -> None:  # fmt: skip
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert checks(hazard_id) == [("report", "passed", None), ("photo", "asked", None)]
    push(trace_of(hazard_id))
    work()
    assert checks(hazard_id) == [("report", "passed", None), ("photo", "passed", None)]
    assert [item["id"] for item in hints(colleague, world)] == [str(hazard_id)]


def test_risky_words_reach_review_and_nobody_else(
    worker: Phone, colleague: Phone, world: World, work: Work, desk_of: DeskOf
) -> None:
    hazard_id = hold(worker, world, work)
    assert hints(colleague, world) == []
    town = desk_of(world.people.town_reviewer)
    page = town.get(f"/console/submissions/{hazard_id}").text
    assert "暂不公开：</strong>文字（违法犯罪）" in page
    assert str(hazard_id) in town.get("/console/queue").text
    assert "暂不公开" in town.get("/console/queue").text
    assert str(hazard_id) in town.get("/console/queue?held=1").text
    assert worker.get(f"/api/v1/submissions/{hazard_id}").ok().json["description"] == BAD


def test_the_filter_shows_only_what_is_held(worker: Phone, world: World, work: Work, desk_of: DeskOf) -> None:
    fine = worker.report(enterprise_id=world.unions.shipyard)
    held = hold(worker, world, work)
    listed = desk_of(world.people.town_reviewer).get("/console/queue?held=1").text
    assert str(held) in listed
    assert str(fine) not in listed


@pytest.mark.parametrize(("suggest", "said"), [("risky", "照片（色情）"), ("review", "照片（疑似色情）")])
def test_a_risky_photo_is_held_when_its_verdict_comes(
    worker: Phone, colleague: Phone, world: World, work: Work, trace_of: Callable[[UUID], str],
    push: Callable[..., None], desk_of: DeskOf, suggest: str, said: str,
) -> None:  # fmt: skip
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    push(trace_of(hazard_id), suggest, 20002)
    work()
    assert said in desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard_id}").text
    assert hints(colleague, world) == []


def test_a_follower_reads_nothing_of_what_is_held_later(
    worker: Phone, colleague: Phone, world: World, work: Work, trace_of: Callable[[UUID], str],
    push: Callable[..., None], desk_of: DeskOf,
) -> None:  # fmt: skip
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    colleague.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": False}).ok()
    push(trace_of(hazard_id), "risky", 20001)
    work()
    (followed,) = colleague.get("/api/v1/follows").ok().json["items"]
    assert (followed["excerpt"], followed["place"]) == ("", "")
    desk = desk_of(world.people.town_reviewer)
    desk.post(f"/console/submissions/{hazard_id}/decline", {"version": "2", "reply": "不属于隐患"}).ok()
    assert "配电箱" not in colleague.get("/api/v1/inbox").text
    assert "你关注的隐患" in colleague.get("/api/v1/inbox").text


def test_a_held_suggestion_cannot_be_published_and_a_published_one_disappears(
    worker: Phone, colleague: Phone, world: World, work: Work, push: Callable[..., None],
    trace_of: Callable[[UUID], str], desk_of: DeskOf,
) -> None:  # fmt: skip
    author, town = Author(worker), Reviewer(desk_of(world.people.town_reviewer))
    worker.put("/api/v1/me/binding", {"enterprise_id": str(world.unions.shipyard)}).ok()
    photo = jpeg()
    suggestion_id = author.suggest(photos=[photo.manifest], may_publish=True)
    worker.upload(suggestion_id, photo).ok()
    work()
    assert town.decide(suggestion_id, "accept", reply="好建议").status == 303
    assert town.post(suggestion_id, "publish").status == 303
    assert len(colleague.get("/api/v1/suggestions").json["items"]) == 1
    push(trace_of(suggestion_id), "risky", 20012)
    work()
    assert colleague.get("/api/v1/suggestions").json["items"] == []
    assert colleague.get(f"/api/v1/suggestions/{suggestion_id}").status == 404
    assert colleague.put(f"/api/v1/suggestions/{suggestion_id}/support").status == 404
    assert worker.get(f"/api/v1/suggestions/{suggestion_id}").status == 200
    town.post(suggestion_id, "unpublish")
    refused = town.post(suggestion_id, "publish")
    assert (refused.status, "不宜公开" in refused.text) == (409, True)


def test_a_reviewer_lets_go_with_a_reason_on_record(
    worker: Phone, colleague: Phone, world: World, work: Work, desk_of: DeskOf, database: Database
) -> None:
    hazard_id = hold(worker, world, work)
    town = desk_of(world.people.town_reviewer)
    path = f"/console/submissions/{hazard_id}/safety/release"
    assert town.post(path, {"reason": " "}).status == 422
    assert desk_of(world.people.enterprise_reviewer).post(path, {"reason": "没有问题"}).status == 403
    assert desk_of(world.people.other_town_reviewer).post(path, {"reason": "没有问题"}).status == 404
    assert hints(colleague, world) == []
    assert town.post(path, {"reason": "说的是制止赌博，没有问题"}).status == 303
    assert [item["id"] for item in hints(colleague, world)] == [str(hazard_id)]
    assert town.post(path, {"reason": "再来一次"}).status == 409
    assert "说的是制止赌博" in town.get(f"/console/submissions/{hazard_id}").text
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "safety.released")).one()
    assert entry.detail == {"labels": [20006], "reason": "说的是制止赌博，没有问题"}


def test_answers_are_checked_too(worker: Phone, world: World, work: Work, checks: Checks, desk_of: DeskOf) -> None:
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    desk = desk_of(world.people.town_reviewer)
    desk.post(f"/console/submissions/{hazard_id}/return", {"version": "2", "reply": "在哪一层？"}).ok()
    photo = jpeg(7)
    answer = {"text": "你这傻瓜自己看", "photos": [photo.manifest]}
    worker.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id()}", answer).ok()
    worker.upload(hazard_id, photo, 1).ok()
    work()
    assert checks(hazard_id)[2:] == [("answer", "held", None), ("photo", "asked", None)]
    assert "补充的文字（辱骂）" in desk.get(f"/console/submissions/{hazard_id}").text


def test_text_longer_than_wechat_takes_is_asked_in_pieces(
    worker: Phone, world: World, work: Work, checks: Checks, state: State
) -> None:
    worker.put("/api/v1/me/binding", {"enterprise_id": str(world.unions.shipyard)}).ok()
    long = {"present_state": "现" * 1000, "proposal": "改" * 1498 + "赌博" + "好" * 400}
    suggestion_id = Author(worker).suggest(**long)
    work()
    assert checks(suggestion_id) == [("report", "held", None)]
    assert state.calls[TEXT] >= 2


def test_a_picture_is_asked_about_by_a_link_that_wechat_can_follow_for_an_hour(
    worker: Phone, world: World, work: Work, monkeypatch: pytest.MonkeyPatch, app: Any, settings: Settings
) -> None:
    asked: list[str] = []

    def remember(_gateway: WechatGateway, _openid: str, url: str, *, scene: int) -> str:
        asked.append(url)
        return "trace-1"

    monkeypatch.setattr(WechatGateway, "check_media", remember)
    worker.report(enterprise_id=world.unions.shipyard)
    work()
    (url,) = asked
    if settings.object_store == "s3":  # leads to the bucket
        assert requests.get(url, timeout=10).content[:2] == b"\xff\xd8"
    else:
        parts = urlsplit(url)
        assert url.startswith("https://ssp.example.org/photos/")
        nobody = InProcess(app)
        assert nobody.send("GET", f"{parts.path}?{parts.query}").ok().body[:2] == b"\xff\xd8"
        ends = int(parts.query.partition("&")[0].partition("=")[2])
        assert ends - clock.now().timestamp() > 3600


def test_verdicts_come_twice_or_before_we_have_noted_what_they_are_about(
    worker: Phone, world: World, work: Work, checks: Checks, push: Callable[..., None], database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def faster(session: Any, check_id: UUID, trace_id: str, *, now: Any) -> None:
        push(trace_id, "risky", 20002)  # in a transaction of its own, before ours is committed
        push(trace_id, "risky", 20002)
        note_asked(session, check_id, trace_id, now=now)

    if database.engine.dialect.name == "postgresql":  # SQLite has one writer at a time: there it cannot happen
        monkeypatch.setattr(jobs, "note_asked", faster)
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    if database.engine.dialect.name == "sqlite":
        with database.reading() as session:
            trace = session.scalars(select(SafetyCheck.trace_id).where(SafetyCheck.trace_id.is_not(None))).one()
        for _ in range(3):
            push(trace, "risky", 20002)
    work()
    assert checks(hazard_id)[1] == ("photo", "held", None)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PushedVerdict)) == 1
        held = select(func.count()).where(AuditEntry.action == "safety.held")
        assert session.scalar(held) == 1


def test_a_verdict_that_was_there_first_is_applied(
    worker: Phone, world: World, work: Work, checks: Checks, push: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def answer(_gateway: WechatGateway, _openid: str, _url: str, *, scene: int) -> str:
        push("trace-early", "risky", 20006)
        return "trace-early"

    monkeypatch.setattr(WechatGateway, "check_media", answer)
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert checks(hazard_id)[1] == ("photo", "held", None)


def test_a_verdict_about_nothing_here_changes_nothing(
    push: Callable[..., None], work: Work, database: Database
) -> None:
    push("somebody-elses", "risky", 20002)
    work()
    with database.reading() as session:
        assert session.scalars(select(SafetyCheck)).all() == []


DOWN = [
    Fault("close", times=99),
    Fault("html", times=99),
    Fault("errcode", number=-1, times=99),
    Fault("errcode", number=40164, times=99),
]


@pytest.mark.parametrize("fault", DOWN, ids=lambda fault: f"{fault.kind}{fault.number}")
def test_with_wechat_down_the_report_is_in_review_and_the_check_is_made_later(
    worker: Phone, world: World, work: Work, checks: Checks, state: State, desk_of: DeskOf, fault: Fault,
    time_machine: Any,
) -> None:  # fmt: skip
    state.faults.append(fault)
    hazard_id = worker.report(enterprise_id=world.unions.shipyard, description=BAD)
    work()
    assert checks(hazard_id)[0][1] == "waiting"
    town = desk_of(world.people.town_reviewer)
    assert "在等微信的结果" in town.get(f"/console/submissions/{hazard_id}").text
    state.faults.clear()
    for minutes in (2, 4, 10):
        time_machine.move_to(clock.now() + timedelta(minutes=minutes))
        work()
    assert checks(hazard_id)[0][:2] == ("report", "held")


def test_a_wechat_that_stays_down_leaves_it_unchecked_and_says_so(
    worker: Phone, world: World, work: Work, checks: Checks, state: State, desk_of: DeskOf, time_machine: Any
) -> None:
    state.faults.append(Fault("errcode", TEXT, number=-1, times=999))
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    for _ in range(8):
        time_machine.move_to(clock.now() + timedelta(hours=13))
        work()
    assert checks(hazard_id)[0] == ("report", "unchecked", "errcode -1")
    desk = desk_of(world.people.town_reviewer)
    assert "没有检查：文字：微信拒绝检查" in desk.get(f"/console/submissions/{hazard_id}").text


def test_who_was_not_active_for_two_hours_is_left_unchecked(
    worker: Phone, world: World, work: Work, checks: Checks, state: State
) -> None:
    state.forward = 3 * 3600
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert checks(hazard_id) == [("report", "unchecked", "inactive"), ("photo", "unchecked", "inactive")]


def test_a_used_up_quota_waits_for_tomorrow(
    worker: Phone, world: World, work: Work, checks: Checks, state: State, database: Database
) -> None:
    state.faults.append(Fault("errcode", MEDIA, number=45009))
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert checks(hazard_id)[1] == ("photo", "waiting", "errcode 45009")
    with database.reading() as session:
        due = session.scalars(select(SafetyCheck.next_at).where(SafetyCheck.reason == "errcode 45009")).one()
    assert clock.in_shanghai(due).hour == 0
    assert due > clock.now()


def test_a_verdict_that_never_comes_is_asked_for_thrice(
    worker: Phone, world: World, work: Work, checks: Checks, state: State, time_machine: Any, push: Callable[..., None],
    trace_of: Callable[[UUID], str],
) -> None:  # fmt: skip
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    for _ in range(5):
        time_machine.move_to(clock.now() + timedelta(minutes=41))
        work()
    assert checks(hazard_id)[1] == ("photo", "unchecked", "no_verdict")
    assert state.calls[MEDIA] == 3
    push(trace_of(hazard_id), "risky", 20002)  # late is better than never
    work()
    assert checks(hazard_id)[1] == ("photo", "held", None)


def test_what_wechat_could_not_fetch_is_asked_again(
    worker: Phone, world: World, work: Work, checks: Checks, state: State, time_machine: Any, push: Callable[..., None],
    trace_of: Callable[[UUID], str],
) -> None:  # fmt: skip
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    push(trace_of(hazard_id), "", 0, errcode=-1008)
    work()
    assert checks(hazard_id)[1] == ("photo", "waiting", "download_failed")
    time_machine.move_to(clock.now() + timedelta(minutes=6))
    work()
    assert checks(hazard_id)[1] == ("photo", "asked", None)


def test_somebody_without_wechat_is_left_unchecked(
    worker: Phone, world: World, work: Work, checks: Checks, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(delete(WechatIdentity))
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert {reason for *_, reason in checks(hazard_id)} == {"no_wechat"}


@pytest.mark.settings(public_url="")
@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_without_a_public_address_photos_are_left_unchecked(
    worker: Phone, world: World, work: Work, checks: Checks
) -> None:
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work()
    assert checks(hazard_id) == [("report", "passed", None), ("photo", "unchecked", "no_public_url")]


@pytest.mark.settings(wechat_app_id="", wechat_app_secret="")
def test_without_a_mini_program_nothing_is_asked_and_nothing_held(
    phone_of: Callable[[Someone], Phone], world: World, work: Work, checks: Checks, state: State
) -> None:
    hazard_id = phone_of(world.people.worker).report(enterprise_id=world.unions.shipyard, description=BAD)
    work()
    assert (checks(hazard_id), sum(state.calls.values())) == ([], 0)
    assert len(hints(phone_of(world.people.colleague), world)) == 1
