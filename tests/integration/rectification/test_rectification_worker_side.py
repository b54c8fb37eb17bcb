"""The reporter's side: how it goes on, the word that it is right, the photo that it is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.db import Database
from server.kit.indicators import Asked, all_indicators
from server.photos.models import Photo, PhotoPurpose
from server.review.rectification import indicators
from server.review.rectification.models import Rectification, RectificationStep, RectifyStatus
from server.unions.campaigns.queries import forget_campaigns
from server.unions.tree.models import Union
from tests.integration.rectification.conftest import AFTER, Case, Hand
from tests.support.callers import Answer, Phone, hazard
from tests.support.images import Sample, jpeg
from tests.support.world import Someone, World

Accepted = Callable[..., Case]
STILL = jpeg(95)


def path(case: Case, *rest: object) -> str:
    return "/".join(["/api/v1/submissions", str(case.submission_id), "rectification", *map(str, rest)])


def declare(phone: Phone, case: Case, reopening_id: UUID, *samples: Sample, text: str = "护栏又松了") -> Answer:
    return phone.put(
        path(case, "reopenings", reopening_id), {"text": text, "photos": [each.manifest for each in samples]}
    )


def object_to(phone: Phone, case: Case, *samples: Sample) -> None:
    declare(phone, case, ids.new_id(), *(samples or (STILL,))).ok()
    for position, sample in enumerate(samples or (STILL,)):
        phone.upload(case.submission_id, sample, position).ok()


def seen(phone: Phone, case: Case) -> Any:
    return phone.get(path(case)).ok().json


def test_until_it_is_accepted_there_is_none(phone: Phone, world: World) -> None:
    submission_id = phone.report(enterprise_id=world.unions.shipyard)
    assert phone.get(f"/api/v1/submissions/{submission_id}/rectification").status == 404


def test_others_do_not_learn_of_it(accepted: Accepted, phone_of: Callable[[Someone], Phone], world: World) -> None:
    case, other = accepted(), phone_of(world.people.colleague)
    assert other.get(path(case)).status == 404
    assert other.post(path(case, "confirm"), {}).status == 404
    assert declare(other, case, ids.new_id(), STILL).status == 404


def test_the_reporter_sees_what_was_advised_and_who_is_to_do_it(accepted: Accepted, phone: Phone) -> None:
    case = accepted(fields={"measures": "加装护栏", "responsible": "王工"})
    body = seen(phone, case)
    assert (body["status"], body["status_text"], body["is_overdue"]) == ("open", "待整改", False)
    assert (body["measures"], body["responsible"], body["addressee_name"]) == (
        "加装护栏",
        "王工",
        "蓝海船舶修造有限公司",
    )
    assert (len(body["before"]), body["after"], body["answer"]) == (1, [], None)
    assert (body["can_confirm"], body["can_reopen"]) == (False, False)
    assert [entry["title"] for entry in body["timeline"]] == ["发出整改建议"]


def test_the_hazards_own_page_goes_on(accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand) -> None:
    case = accepted()

    def told() -> tuple[str, list[tuple[str, str]]]:
        body = phone.get(f"/api/v1/submissions/{case.submission_id}").ok().json
        assert phone.get("/api/v1/submissions").json["items"][0]["status_text"] == body["status_text"]
        return body["status_text"], [(step["title"], step["state"]) for step in body["steps"][-3:]]

    assert told() == ("待整改", [("整改中", "current"), ("复查", "ahead"), ("已销号", "ahead")])
    rectifier.move(case.row, "accept").ok()
    assert told()[0] == "整改中"
    rectifier.submit(case.row)
    assert told() == ("待复查", [("整改中", "done"), ("复查", "current"), ("已销号", "ahead")])
    town.move(case.row, "close", way="on_site", text="现场已看").ok()
    assert told() == ("已销号", [("整改中", "done"), ("复查", "done"), ("已销号", "done")])
    timeline = phone.get(f"/api/v1/submissions/{case.submission_id}").json["timeline"]
    assert [entry["kind"] for entry in timeline][-4:] == [
        f"rectification.{move}" for move in ("open", "accept", "submit", "close")
    ]
    assert timeline[-1]["text"] == "现场已看"


def test_before_and_after_are_there_to_compare(accepted: Accepted, phone: Phone, rectifier: Hand) -> None:
    case = accepted()
    rectifier.submit(case.row, AFTER, text="已加护栏")
    body = seen(phone, case)
    assert body["answer"] == "已加护栏"
    assert [photo["sha256"] for photo in body["after"]] == [AFTER.sha256]
    assert (body["can_confirm"], body["can_reopen"]) == (True, True)


@pytest.mark.parametrize("grade", [3, 4])
def test_the_reporters_word_closes_what_is_not_grave(
    accepted: Accepted, phone: Phone, rectifier: Hand, grade: int
) -> None:
    case = accepted(grade=grade)
    rectifier.submit(case.row)
    body = phone.post(path(case, "confirm"), {"text": "看过了，好了"}).ok().json
    assert (body["status"], body["can_confirm"]) == ("closed", False)
    assert phone.post(path(case, "confirm"), {}).ok().json["status"] == "closed"
    assert case.moves == ["open", "submit", "close"]
    assert case.row.closed_by_id == case.steps[-1].actor_id
    assert case.steps[-1].union_id is None


@pytest.mark.parametrize("grade", [1, 2])
def test_the_reporters_word_on_grave_hazards_is_noted_for_the_union(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand, grade: int
) -> None:
    case = accepted(grade=grade)
    rectifier.submit(case.row)
    for _ in range(2):
        body = phone.post(path(case, "confirm"), {"text": "好了"}).ok().json
        assert (body["status"], body["can_confirm"]) == ("submitted", False)
    assert case.moves == ["open", "submit", "note"]
    assert "报告人确认已整改好" in town.open(case.row.id).text
    town.move(case.row, "close", way="on_site").ok()
    assert case.row.status is RectifyStatus.CLOSED


def test_there_is_nothing_to_confirm_before_it_is_done(accepted: Accepted, phone: Phone) -> None:
    answer = phone.post(path(accepted(), "confirm"), {})
    assert (answer.status, answer.code) == (409, "not_now")


def test_not_right_while_waiting_goes_back(accepted: Accepted, phone: Phone, rectifier: Hand) -> None:
    case, reopening_id = accepted(), ids.new_id()
    rectifier.submit(case.row)
    assert declare(phone, case, reopening_id, STILL).status == 201
    assert declare(phone, case, reopening_id, STILL).status == 200
    assert case.row.status is RectifyStatus.SUBMITTED  # not before its photo is here
    phone.upload(case.submission_id, STILL, 0).ok()
    assert (case.row.status, case.moves[-1], case.steps[-1].text) == (RectifyStatus.ACCEPTED, "send_back", "护栏又松了")
    assert declare(phone, case, reopening_id, STILL).status == 200
    assert declare(phone, case, reopening_id, STILL, text="别的").code == "content_differs"


def test_not_right_with_a_photo_opens_it_again_when_nothing_is_remembered_of_the_campaign(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    town.move(case.row, "close", way="by_photos").ok()
    declare(phone, case, ids.new_id(), STILL).ok()
    forget_campaigns()  # half a minute later, or in another process
    assert phone.upload(case.submission_id, STILL, 0).status == 200
    assert case.row.status is RectifyStatus.ACCEPTED


def test_not_right_after_closing_opens_it_again(accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand) -> None:
    case = accepted()
    rectifier.submit(case.row)
    town.move(case.row, "close", way="by_photos").ok()
    object_to(phone, case)
    row = case.row
    assert (row.status, row.reopenings, row.closed_at) == (RectifyStatus.ACCEPTED, 1, None)
    rectifier.submit(row, jpeg(73), text="换了新的")
    town.move(case.row, "close", way="on_site").ok()
    assert case.moves == ["open", "submit", "close", "reopen", "submit", "close"]
    body = phone.get(f"/api/v1/submissions/{case.submission_id}").json
    assert body["photos_received"] == 1
    assert len(body["photos"]) == 1


def test_a_photo_is_needed_to_say_it_is_not_right(accepted: Accepted, phone: Phone, rectifier: Hand) -> None:
    case = accepted()
    rectifier.submit(case.row)
    assert declare(phone, case, ids.new_id()).status == 422
    assert declare(phone, case, ids.new_id(), STILL, text="").status == 422
    assert declare(phone, case, ids.new_id(), jpeg()).code == "photo_reused"
    assert declare(phone, case, UUID(int=7), STILL).status == 422


def test_the_window_closes(accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand, database: Database) -> None:
    case = accepted()
    rectifier.submit(case.row)
    town.move(case.row, "close", way="on_site").ok()
    move_window(database, case, -1)
    answer = declare(phone, case, ids.new_id(), STILL)
    assert (answer.status, answer.code) == (409, "reopen_window_over")
    assert seen(phone, case)["can_reopen"] is False


def test_said_in_time_counts_though_the_photos_come_late(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand, database: Database
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    town.move(case.row, "close", way="on_site").ok()
    move_window(database, case, 0)
    declare(phone, case, ids.new_id(), STILL).ok()
    with database.transaction() as session:
        session.get_one(Rectification, case.row.id).reopen_until = clock.now()
    phone.upload(case.submission_id, STILL, 0).ok()
    assert case.row.status is RectifyStatus.ACCEPTED


def move_window(database: Database, case: Case, days: int) -> None:
    """Let the window end `days` days and a minute from now."""
    with database.transaction() as session:
        row = session.get_one(Rectification, case.row.id)
        row.reopen_until = clock.now() + timedelta(days=days, minutes=1)


def test_closed_while_the_photos_were_on_their_way_it_is_opened_again(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    declare(phone, case, ids.new_id(), STILL).ok()
    town.move(case.row, "close", way="by_photos").ok()
    phone.upload(case.submission_id, STILL, 0).ok()
    assert case.moves == ["open", "submit", "close", "reopen"]


def test_sent_back_meanwhile_the_photos_are_not_needed_any_more(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    declare(phone, case, ids.new_id(), STILL).ok()
    town.move(case.row, "send_back", text="没有固定").ok()
    answer = phone.upload(case.submission_id, STILL, 0)
    assert (answer.status, answer.code) == (409, "evidence_closed")
    rectifier.submit(case.row, jpeg(74))
    assert phone.upload(case.submission_id, STILL, 0).code == "evidence_closed"  # it was said of the work before
    assert case.moves == ["open", "submit", "send_back", "submit"]


def test_who_put_it_right_does_not_confirm_it(
    accepted: Accepted, phone: Phone, rectifier: Hand, database: Database, world: World
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    with database.transaction() as session:  # the reporter it was, who reviews for the enterprise too
        session.execute(update(Rectification).values(rectified_by_id=world.people.worker.id))
        session.execute(update(RectificationStep).values(actor_id=world.people.worker.id))
    assert seen(phone, case)["can_confirm"] is False
    answer = phone.post(path(case, "confirm"), {})
    assert (answer.status, answer.code) == (403, "own_rectification")


def test_an_anonymous_reporters_word_tells_the_enterprise_no_name_and_no_hour(
    phone: Phone, rectifier: Hand, town: Hand, world: World, database: Database
) -> None:
    case = anonymous(phone, town, world, database)
    rectifier.submit(case.row)
    object_to(phone, case)
    page = rectifier.open(case.row.id).text
    assert "匿名职工" in page
    assert "赵工" not in page
    sent_back = case.steps[-1].at
    assert sent_back.isoformat() not in page
    assert "/original" not in _without_after(page, case)
    assert "赵工" not in town.open(case.row.id).text  # hidden from unions too, until the city opens it


def _without_after(page: str, case: Case) -> str:
    """The page's links but those to the enterprise's own photos."""
    with case.database.reading() as session:
        own = session.scalars(
            select(Photo.id).where(Photo.submission_id == case.submission_id, Photo.purpose == PhotoPurpose.AFTER)
        ).all()
    return "\n".join(line for line in page.splitlines() if not any(str(each) in line for each in own))


def anonymous(phone: Phone, town: Hand, world: World, database: Database) -> Case:
    """An anonymous report, accepted."""
    submission_id = ids.new_id_of_day(clock.now())
    sample = jpeg()
    phone.declare(submission_id, hazard([sample], enterprise_id=world.unions.shipyard, is_anonymous=True)).ok()
    phone.upload(submission_id, sample).ok()
    town.desk.post(f"/console/submissions/{submission_id}/accept", {"version": "2", "grade": "3"}).ok()
    return Case(database, submission_id)


def test_what_the_reporter_thinks_of_a_closed_one_is_kept_and_counted_from_five_on(
    accepted: Accepted, phone: Phone, phone_of: Callable[[Someone], Phone], rectifier: Hand, world: World,
    database: Database, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = accepted(grade=4)
    said = {"satisfaction": "fair", "words": "还行"}
    assert phone.put(path(case, "rating"), said).code == "not_closed"
    rectifier.submit(case.row)
    phone.post(path(case, "confirm"), {}).ok()
    assert phone_of(world.people.colleague).put(path(case, "rating"), said).status == 404
    phone.put(path(case, "rating"), said).ok()
    assert (
        phone.put(path(case, "rating"), {**said, "satisfaction": "satisfied"}).ok().json["satisfaction"] == "satisfied"
    )
    assert "满意" in rectifier.open(case.row.id).text
    with database.reading() as session:
        today = clock.in_shanghai(clock.now()).date()
        asked = Asked(session.get_one(Union, world.unions.shipyard), None, today, today, clock.now())
        count = all_indicators()["reporters_satisfied"].count
        assert count(session, asked).value is None, "of fewer than five, a share tells what one said"
        monkeypatch.setattr(indicators, "ENOUGH", 1)
        assert count(session, asked).value == 100
