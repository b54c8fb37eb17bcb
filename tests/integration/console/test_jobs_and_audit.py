"""The pages of background jobs and of the audit log."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.audit.actions import record
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.jobs.models import Job, JobState
from server.core.jobs.registry import JOBS, PERIODIC, GiveUp, JobContext, job, title_of
from server.kit import listing
from tests.integration.kit.test_listing import link
from tests.support.callers import Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone | None], Desk]


@pytest.fixture
def dead_job(database: Database, run_jobs: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> UUID:
    @job("test.hopeless", "测试")
    def hopeless(ctx: JobContext) -> None:
        raise GiveUp("照片坏了")

    monkeypatch.setitem(JOBS, "test.hopeless", JOBS.pop("test.hopeless"))  # forgotten after the test
    with database.transaction() as session:
        job_id = enqueue(session, "test.hopeless")
    run_jobs(expect_failures=True)
    return job_id


def state_of(database: Database, job_id: UUID) -> JobState | None:
    with database.reading() as session:
        return session.scalar(select(Job.state).where(Job.id == job_id))


def test_the_page_shows_dead_jobs_with_their_reason(desk_of: DeskOf, world: World, dead_job: UUID) -> None:
    text = desk_of(world.people.admin).get("/console/jobs").ok().text
    assert "test.hopeless" in text
    assert "照片坏了" in text


def test_each_kind_of_background_work_is_called_by_a_chinese_title_of_its_own(app: Flask) -> None:
    titles = [title_of(name) for name in (*JOBS, *PERIODIC) if not name.startswith("test.")]
    assert titles
    assert [title for title in titles if not re.match("[\u4e00-\u9fff]", title)] == []
    assert len(set(titles)) == len(titles)


def test_the_log_names_people_unions_and_submissions_and_says_times_and_statuses_in_words(
    desk_of: DeskOf, world: World, database: Database
) -> None:
    person, union = world.people.worker, world.unions.shipyard
    with database.transaction() as session:
        record(
            session, "union.updated", subject_type="union", subject_id=union, actor_id=person.id, at=clock.now(),
            detail={"union": str(world.unions.south), "from": "x", "due_at": "2026-11-29T00:04:07+00:00"},
        )  # fmt: skip
        record(
            session, "draw.commit", subject_type="draw", subject_id=ids.new_id(), actor_id=None, at=clock.now(),
            detail={"to": "committed"},
        )  # fmt: skip
        record(
            session, "quiz.edited", subject_type="quiz", subject_id=ids.new_id(), actor_id=person.id, at=clock.now(),
            detail={"changed": {"opening": ["by_day", "by_passing"], "role": ["admin", None]}, "grades": [1, 2]},
        )  # fmt: skip
    page = desk_of(world.people.admin).get("/console/audit").ok().text
    assert "市南区总工会" in page
    assert "2026年11月29日（周日）08:04:07" in page
    assert "committed" not in page
    assert "怎样开关 每关按日期开放 → 通过一关才开下一关" in page
    assert "角色 市总工会管理员 → 无" in page
    assert "等级</span> 1、2" in page
    assert not re.search(r">\s*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", page)


def test_a_dead_job_can_be_retried_from_the_page(
    desk_of: DeskOf, world: World, database: Database, dead_job: UUID
) -> None:
    desk = desk_of(world.people.admin)
    assert desk.post(f"/console/jobs/{dead_job}/retry", form="/console/jobs").status == 303
    assert state_of(database, dead_job) is JobState.READY
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "job.retried")).one()
    assert (entry.actor_id, entry.subject_id) == (world.people.admin.id, str(dead_job))


def test_dead_jobs_of_one_kind_are_retried_together_by_one_decision(
    desk_of: DeskOf, world: World, database: Database, dead_job: UUID
) -> None:
    with database.transaction() as session:
        session.execute(update(Job).values(error="…"))
        for name in ("test.hopeless", "test.other"):
            another = enqueue(session, name)
            session.execute(update(Job).where(Job.id == another).values(state=JobState.DEAD, error="…"))
    desk = desk_of(world.people.admin)
    assert "全部失败的（3）" in desk.get("/console/jobs").ok().text
    assert desk.post("/console/jobs/dead/retry", {"name": "test.hopeless"}, form="/console/jobs").status == 303
    with database.reading() as session:
        states = [(row.name, row.state) for row in session.execute(select(Job.name, Job.state).order_by(Job.name))]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "job.dead_retried")).one()
    assert states == [("test.hopeless", "ready"), ("test.hopeless", "ready"), ("test.other", "dead")]
    assert (entry.subject_id, entry.detail) == ("test.hopeless", {"count": 2})
    desk.post("/console/jobs/dead/retry", form="/console/jobs")
    with database.reading() as session:
        assert not session.scalars(select(Job.id).where(Job.state == JobState.DEAD)).all()


def test_a_dead_job_can_be_discarded_from_the_page(
    desk_of: DeskOf, world: World, database: Database, dead_job: UUID
) -> None:
    desk = desk_of(world.people.admin)
    assert desk.post(f"/console/jobs/{dead_job}/discard", form="/console/jobs").status == 303
    assert state_of(database, dead_job) is None
    assert desk.post(f"/console/jobs/{dead_job}/discard", form="/console/jobs").status == 404


@pytest.mark.parametrize("query", ["state=dead", "state=ready", "state=running"])
def test_jobs_are_shown_by_state(desk_of: DeskOf, world: World, query: str) -> None:
    assert desk_of(world.people.admin).get(f"/console/jobs?{query}").status == 200


def test_failed_jobs_are_narrowed_to_a_kind_and_paged_both_ways(
    desk_of: DeskOf, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    with database.transaction() as session:
        for number in range(5):
            enqueue(session, f"test.kind_{number % 2}")
        session.execute(update(Job).values(state=JobState.DEAD, error="坏了"))
    desk = desk_of(world.people.admin)
    first = desk.get("/console/jobs?name=test.kind_0").ok().text
    second = desk.get(link(first, "next") or "").ok().text
    again = desk.get(link(second, "prev") or "").ok().text
    assert [page.count("<code>test.kind_0</code>") for page in (first, second, again)] == [2, 1, 2]
    assert "test.kind_1</code>" not in first


@pytest.mark.parametrize("query", ["state=odd", "after=nonsense", "state=dead&after=W10"])
def test_a_bad_address_of_the_jobs_page_is_refused(desk_of: DeskOf, world: World, query: str) -> None:
    assert 400 <= desk_of(world.people.admin).get(f"/console/jobs?{query}").status < 500


def test_jobs_are_for_administrators_alone(desk_of: DeskOf, world: World) -> None:
    assert desk_of(world.people.city_reviewer).get("/console/jobs").status == 403


def write(database: Database, count: int) -> None:
    with database.transaction() as session:
        for number in range(count):
            record(
                session, "union.updated", subject_type="union", subject_id=f"subject-{number}", actor_id=None,
                at=clock.now(), detail={"n": number},
            )  # fmt: skip


def test_the_pages_of_the_log_hold_every_row_once(desk_of: DeskOf, world: World, database: Database) -> None:
    write(database, 60)
    desk = desk_of(world.people.admin)
    first = desk.get("/console/audit?action=union.updated").ok().text
    href = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    pages = first + desk.get(href).ok().text
    assert all(pages.count(f">subject-{number}<") == 1 for number in range(60))
    assert first.count(">subject-") == 50


def test_the_log_can_be_searched_by_person_and_day(desk_of: DeskOf, world: World, database: Database) -> None:
    write(database, 1)
    desk = desk_of(world.people.city_reviewer)
    today = clock.in_shanghai(clock.now()).date()
    mine = desk.get(f"/console/audit?who={world.people.city_reviewer.id}&since={today}&until={today}").ok().text
    assert world.people.city_reviewer.name in mine  # they have just signed in
    assert "subject-0" not in mine
    by_name = desk.get(f"/console/audit?who={world.people.city_reviewer.name}").ok().text
    assert by_name.count("会话开始") > 1  # one of them is a choice of the filter
    assert "subject-0" not in by_name
    assert "没有符合条件的记录" in desk.get("/console/audit?who=无此人").ok().text


def test_a_wrong_day_is_refused_in_words(desk_of: DeskOf, world: World) -> None:
    answer = desk_of(world.people.admin).get("/console/audit?since=yesterday&who=某人")
    assert (answer.status, "日期格式不对" in answer.text) == (422, True)


@pytest.mark.parametrize("query", ["after=nonsense", "after=WyJ4Il0"])
def test_a_bad_cursor_of_the_log_is_refused(desk_of: DeskOf, world: World, query: str) -> None:
    assert 400 <= desk_of(world.people.admin).get(f"/console/audit?{query}").status < 500


def test_the_log_is_for_the_city_alone(desk_of: DeskOf, world: World) -> None:
    assert desk_of(world.people.district_reviewer).get("/console/audit").status == 403
