"""The worker's inbox."""

from collections.abc import Callable

from sqlalchemy import func, select

from server.core.db import Database
from server.core.events import publish
from server.notifications.inbox.models import InboxMessage
from server.review.submissions.events import SubmissionArrived, SubmissionDeclined
from server.review.submissions.models import SubmissionStep
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.world import Someone, World


def titles(phone: Phone) -> list[str]:
    return [item["title"] for item in phone.get("/api/v1/inbox").ok().json["items"]]


def test_arrival_is_confirmed_with_whom_and_by_when(phone: Phone, world: World) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    (message,) = phone.get("/api/v1/inbox").json["items"]
    assert message["submission_id"] == str(hazard_id)
    assert message["read_at"] is None
    assert "蓝海船舶修造有限公司工会" in message["body"]
    assert "最晚" in message["body"]
    assert message["number"] == phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["number"]


def test_each_step_is_told_once_even_if_it_is_published_twice(phone: Phone, database: Database) -> None:
    hazard_id = phone.report()
    with database.transaction() as session:
        step = session.scalars(select(SubmissionStep).where(SubmissionStep.move == "submit")).one()
        event = SubmissionArrived(at=step.at, submission_id=hazard_id, step_id=step.id)
        publish(session, event)
        publish(session, event)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 1


def test_what_is_undone_with_its_transaction_is_not_told(phone: Phone, database: Database) -> None:
    hazard_id = phone.report()
    with database.write_session() as session:
        step = session.scalars(select(SubmissionStep)).first()
        assert step is not None
        publish(session, SubmissionDeclined(at=step.at, submission_id=hazard_id, step_id=hazard_id))
        session.rollback()
    assert titles(phone) == ["已收到你的隐患"]


def test_the_story_is_told_newest_first(phone: Phone, desk_of: Callable[[Someone], Desk], world: World) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    desk = desk_of(world.people.town_reviewer)
    desk.post(f"/console/submissions/{hazard_id}/return", {"version": "2", "reply": "在几楼？"}).ok()
    desk.post(f"/console/submissions/{hazard_id}/reopen", {"version": "3"}).ok()
    desk.post(f"/console/submissions/{hazard_id}/accept", {"version": "4", "grade": "1"}).ok()
    assert titles(phone) == ["你的隐患已受理", "正在重新审核", "请你补充一下", "已收到你的隐患"]


def test_messages_are_read_one_by_one_or_all_at_once(phone: Phone, world: World) -> None:
    for _ in range(3):
        phone.report(enterprise_id=world.unions.shipyard)
    items = phone.get("/api/v1/inbox").json["items"]
    assert phone.get("/api/v1/me").json["unread"] == 3
    assert phone.post("/api/v1/inbox/read", {"ids": [items[0]["id"]]}).json == {"unread": 2}
    assert phone.post("/api/v1/inbox/read", {"all": True}).json == {"unread": 0}
    assert all(item["read_at"] for item in phone.get("/api/v1/inbox").json["items"])


def test_nobody_reads_or_marks_anothers_messages(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    phone.report()
    (mine,) = phone.get("/api/v1/inbox").json["items"]
    colleague = phone_of(world.people.colleague)
    assert colleague.get("/api/v1/inbox").json == {"items": [], "next": None, "unread": 0}
    colleague.post("/api/v1/inbox/read", {"ids": [mine["id"]]}).ok()
    assert phone.get("/api/v1/inbox").json["unread"] == 1


def test_the_inbox_is_paged_without_gap_or_repeat(phone: Phone) -> None:
    for _ in range(5):
        phone.report()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = phone.get(f"/api/v1/inbox?limit=2{'&after=' + cursor if cursor else ''}").ok().json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_page_of_the_inbox_takes_four_statements_at_most(phone: Phone, database: Database) -> None:
    for _ in range(3):
        phone.report()
    phone.get("/api/v1/inbox").ok()
    with count_statements(database.engine) as statements:
        phone.get("/api/v1/inbox").ok()
    assert len(statements) <= 4, statements  # who asks, messages, pictures of the page, how many are unread


def test_saying_neither_which_nor_all_is_refused(phone: Phone) -> None:
    assert phone.post("/api/v1/inbox/read", {}).status == 422
    assert phone.post("/api/v1/inbox/read", {"all": True, "ids": []}).status == 422


def test_messages_are_named_by_what_one_sent_and_narrowed_to_those_unread(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World, run_jobs: Callable[..., int]
) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    run_jobs(expect_failures=True)
    (message,) = phone.get("/api/v1/inbox?unread=true").ok().json["items"]
    assert message["about"]["place"] == "三号车间东门"
    assert message["about"]["category_name"]
    assert message["about"]["thumbnail_url"]
    phone.post("/api/v1/inbox/read", {"ids": [message["id"]]}).ok()
    assert phone.get("/api/v1/inbox?unread=true").ok().json["items"] == []
    follower = phone_of(world.people.colleague)
    follower.put(f"/api/v1/submissions/{hazard_id}/follow", {}).ok()
    phone.post(f"/api/v1/submissions/{hazard_id}/withdraw").ok()
    run_jobs(expect_failures=True)
    followed = follower.get("/api/v1/inbox").ok().json["items"]
    assert {each["about"] for each in followed} == {None}, (
        "pictures and places are told where one follows, and there alone"
    )
