"""Messages beyond review: how it was put right, what followers hear, points and awards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.core import clock, ids
from server.core.db import Database
from server.core.events import publish
from server.notifications.inbox.actions import deliver
from server.oversight.awards.messages import paid
from server.oversight.awards.models import AwardBatch, AwardEntry
from server.review.rectification.events import RectificationClosed
from server.review.rectification.models import Rectification
from server.review.submissions.texts import due_text
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World

Phones = Callable[[Someone], Phone]
Desks = Callable[[Someone], Desk]


def inbox(phone: Phone) -> list[Any]:
    return list(phone.get("/api/v1/inbox?limit=50").ok().json["items"])


def titles(phone: Phone) -> list[str]:
    return [item["title"] for item in inbox(phone)]


def accepted(phone: Phone, desk_of: Desks, world: World) -> UUID:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    desk_of(world.people.town_reviewer).post(
        f"/console/submissions/{hazard_id}/accept", {"version": "2", "grade": "3"}
    ).ok()
    return hazard_id


def close(database: Database, hazard_id: UUID) -> None:
    """What rectification publishes, twice: jobs repeat."""
    with database.transaction() as session:
        row = session.scalars(select(Rectification).where(Rectification.submission_id == hazard_id)).one()
        event = RectificationClosed(
            at=clock.now(), rectification_id=row.id, submission_id=hazard_id, step_id=ids.new_id(), union_id=None,
            text="张师傅的护栏装好了",
        )  # fmt: skip
        publish(session, event)
        publish(session, event)


def test_reporter_and_followers_hear_once_that_it_is_closed(
    phone: Phone, phone_of: Phones, desk_of: Desks, database: Database, world: World
) -> None:
    hazard_id = accepted(phone, desk_of, world)
    follower = phone_of(world.people.colleague)
    follower.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": False}).ok()
    close(database, hazard_id)
    assert titles(phone).count("复查通过，已销号") == 1
    message, *_ = inbox(follower)
    assert message["title"] == "你关注的隐患已销号"
    assert message["submission_id"] == str(hazard_id)
    assert "张师傅" not in message["body"]  # said to the reporter


def test_an_acceptance_is_one_message_to_the_reporter_to_each_joint_reporter_and_to_each_follower(
    phone: Phone, phone_of: Phones, desk_of: Desks, database: Database, world: World
) -> None:
    """Grade, who puts it right by when, points: all in one. What was said to the reporter is for nobody else."""
    town, joint, follower = desk_of(world.people.town_reviewer), world.people.colleague, world.people.stranger
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    merged_id = phone_of(joint).report(enterprise_id=world.unions.shipyard)
    phone_of(follower).put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": False}).ok()
    merge = {"version": "2", "target_id": str(hazard_id)}
    town.post(f"/console/submissions/{merged_id}/mark_duplicate", merge).ok()
    people = {"reporter": phone, "joint": phone_of(joint), "follower": phone_of(follower)}
    before = {name: len(inbox(each)) for name, each in people.items()}
    fields = {"version": "2", "grade": "3", "reply": "张师傅，谢谢你。", "rectify_days": "3"}
    town.post(f"/console/submissions/{hazard_id}/accept", fields).ok()
    told = {name: inbox(each)[: len(inbox(each)) - before[name]] for name, each in people.items()}
    assert {name: len(each) for name, each in told.items()} == dict.fromkeys(people, 1)
    words = told["reporter"][0]["body"]
    with database.reading() as session:
        due_at = session.scalars(select(Rectification.due_at)).one()
    for part in ("定为一般隐患", "张师傅，谢谢你。", f"整改，最晚 {due_text(due_at)} 整改好", "积分 +5"):
        assert part in words
    assert {told[name][0]["title"] for name in ("joint", "follower")} == {"你关注的这一条已受理"}
    assert "张师傅" not in told["joint"][0]["body"] + told["follower"][0]["body"]


def test_followers_hear_of_a_refusal_without_the_words_for_the_reporter(
    phone: Phone, phone_of: Phones, desk_of: Desks, world: World
) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    follower = phone_of(world.people.colleague)
    follower.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": True}).ok()
    fields = {"version": "2", "reply": "你上次说过的那件事"}
    desk_of(world.people.town_reviewer).post(f"/console/submissions/{hazard_id}/decline", fields).ok()
    assert "这次没有受理" in titles(phone)
    (message,) = inbox(follower)
    assert message["title"] == "你关注的这一条没有受理"
    assert "那件事" not in message["body"]


def test_the_reporter_hears_once_that_others_saw_it_too(phone: Phone, phone_of: Phones, world: World) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    follower = phone_of(world.people.colleague)
    for is_joint in (False, True, False):
        follower.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": is_joint}).ok()
    assert titles(phone).count("有工友也看到了") == 1


def test_points_lead_to_the_points_page(phone: Phone, desk_of: Desks, database: Database, world: World) -> None:
    hazard_id = accepted(phone, desk_of, world)
    close(database, hazard_id)
    (message,) = [item for item in inbox(phone) if item["title"].startswith("积分 +")]
    assert (message["target"], message["submission_id"]) == ("points", str(hazard_id))


def test_awards_of_units_are_told_to_nobody_and_those_of_people_once(
    phone: Phone, database: Database, world: World
) -> None:
    entry_id, me = ids.new_id(), UUID(phone.get("/api/v1/me").ok().json["id"])
    with database.transaction() as session:
        for person_id in (None, me, me):
            entry = AwardEntry(id=entry_id, person_id=person_id, amount_cents=5000)
            deliver(session, paid(AwardBatch(name="第三季度"), entry), now=clock.now())
    (message,) = inbox(phone)
    assert (message["title"], message["target"]) == ("奖励已发放", f"award:{entry_id}")
