"""Deciding many at once, through the console's door."""

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine as clock_machine
from sqlalchemy import func, select, update

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.settings import Settings
from server.notifications.inbox.models import InboxMessage
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import NoteIn
from server.review.queue.jobs import forget_batches
from server.review.queue.models import TriageBatch
from server.review.queue.triage.actions import run_batch, undo_batch
from server.review.submissions.models import Move, Status, Submission, SubmissionStep
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.backends import job_context
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import jpeg
from tests.support.pages import squeeze
from tests.support.world import Someone, World

Load = Callable[[UUID], Submission]
NOW = datetime.now(UTC)


@pytest.fixture
def made(database: Database, world: World) -> list[UUID]:
    """Five hazards at the shipyard, waiting, at version 2."""
    with database.transaction() as session:
        return insert_submissions(session, world, 5, NOW)


def decide(
    town: Reviewer, move: str, chosen: Mapping[UUID, int], batch_id: UUID | None = None, **fields: str
) -> tuple[UUID, Answer]:
    """Send a batch as the page does."""
    batch = batch_id or ids.new_id()
    sent = {"move": move, "item": [f"{each}:{version}" for each, version in chosen.items()], **fields}
    return batch, town.desk.post(f"/console/queue/batches/{batch}", sent)


def all_at(made: list[UUID], version: int = 2) -> dict[UUID, int]:
    return dict.fromkeys(made, version)


def steps_of(database: Database, submission_id: UUID) -> list[SubmissionStep]:
    with database.reading() as session:
        statement = select(SubmissionStep).where(SubmissionStep.submission_id == submission_id)
        return list(session.scalars(statement.order_by(SubmissionStep.id)))


def test_each_of_a_batch_has_its_own_step_audit_row_and_message(
    town: Reviewer, made: list[UUID], database: Database, world: World
) -> None:
    batch, answer = decide(town, "accept", all_at(made), grade="3", reply="马上整改")
    assert answer.headers["Location"] == f"/console/queue?batch={batch}"
    with database.reading() as session:
        rows = session.scalars(select(Submission).where(Submission.id.in_(made))).all()
        assert {(row.status, row.grade, row.version) for row in rows} == {(Status.ACCEPTED, 3, 3)}
        audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.accept")).all()
        assert {entry.subject_id for entry in audited} == {str(each) for each in made}
        told = session.scalars(
            select(InboxMessage.submission_id).where(InboxMessage.person_id == world.people.worker.id)
        ).all()
        assert set(told) >= set(made)
    for each in made:
        (step,) = [step for step in steps_of(database, each) if step.move is Move.ACCEPT]
        assert step.public_text == "马上整改"
        assert (step.data or {})["batch_id"] == str(batch)


def test_those_refused_are_listed_with_the_reason_and_the_others_go_through(
    town: Reviewer, made: list[UUID], database: Database, world: World, row_of: Load
) -> None:
    stale, claimed, own, elsewhere, good = made
    with database.transaction() as session:
        (elsewhere,) = insert_submissions(session, world, 1, NOW, union_id=world.unions.brewery)
        until = datetime.now(UTC) + timedelta(minutes=9)
        claim = {"claimed_by_id": world.people.district_reviewer.id, "claimed_until": until}
        session.execute(update(Submission).where(Submission.id == claimed).values(**claim))
        session.execute(
            update(Submission).where(Submission.id == own).values(reporter_id=world.people.town_reviewer.id)
        )
    batch, _ = decide(town, "decline", {**all_at([claimed, own, elsewhere, good]), stale: 1}, reply="不是隐患")
    assert [row_of(each).status for each in (good, stale, claimed, own, elsewhere)] == [
        Status.DECLINED, *[Status.QUEUED] * 4,
    ]  # fmt: skip
    page = town.desk.get(f"/console/queue?batch={batch}").text
    assert "已不予受理 1 条" in page
    assert "请重新查看后再处理" in page
    assert "冯审正在处理" in page
    assert "您自己提交的" in page
    assert all(len(steps_of(database, each)) == 0 for each in (stale, claimed, own, elsewhere))


def test_a_form_that_is_wrong_does_nothing_at_all(town: Reviewer, made: list[UUID], row_of: Load) -> None:
    for move, fields in (("accept", {}), ("decline", {}), ("return", {"reply": " "}), ("pass_down", {}),
                         ("mark_duplicate", {"target_id": "x"}), ("claim", {}), ("nothing", {})):  # fmt: skip
        assert decide(town, move, all_at(made), None, **fields)[1].status == 422, move
    assert {row_of(each).version for each in made} == {2}


def test_nothing_chosen_and_too_many_are_refused(town: Reviewer, made: list[UUID]) -> None:
    assert decide(town, "accept", {}, grade="1")[1].status == 422
    many = {ids.new_id(): 1 for _ in range(201)}
    assert decide(town, "accept", many, grade="1")[1].status == 422


def test_a_piece_sent_twice_is_decided_once_and_pieces_add_up(
    town: Reviewer, made: list[UUID], database: Database
) -> None:
    batch, _ = decide(town, "return", all_at(made[:3]), reply="哪一层？")
    decide(town, "return", all_at(made[:3]), batch, reply="哪一层？")
    decide(town, "return", all_at(made[2:]), batch, reply="哪一层？")
    assert [len(steps_of(database, each)) for each in made] == [1] * 5
    assert "已退回补充 5 条" in town.desk.get(f"/console/queue?batch={batch}").text


def test_many_are_merged_into_one(town: Reviewer, made: list[UUID], row_of: Load) -> None:
    target, *others = made
    decide(town, "mark_duplicate", all_at(made), target_id=f" {target} ")
    assert [row_of(each).duplicate_of_id for each in others] == [target] * 4
    assert row_of(target).status is Status.QUEUED


@pytest.mark.parametrize(
    ("move", "fields"),
    [("accept", {"grade": "1"}), ("decline", {"reply": "否"}), ("return", {"reply": "哪里？"}),
     ("pass_up", {"note": "请区里定"}), ("mark_duplicate", {})],
)  # fmt: skip
def test_a_batch_is_taken_back_whole_and_each_says_so(
    town: Reviewer, made: list[UUID], database: Database, row_of: Load, move: str, fields: dict[str, str]
) -> None:
    given = {**fields, "target_id": str(made[0])} if move == "mark_duplicate" else fields
    before = [(row_of(each).due_at, row_of(each).routed_union_id) for each in made]
    batch, _ = decide(town, move, all_at(made[1:]), None, **given)
    assert town.desk.post(f"/console/queue/batches/{batch}/undo").status == 303
    assert {row_of(each).status for each in made} == {Status.QUEUED}
    if move != "return":
        assert [(row_of(each).due_at, row_of(each).routed_union_id) for each in made] == before
    assert [[step.move.value for step in steps_of(database, each)] for each in made[1:]] == [[move, "reopen"]] * 4
    assert "已撤销 4 条" in town.desk.get(f"/console/queue?batch={batch}").text
    again = town.desk.post(f"/console/queue/batches/{batch}/undo")
    assert again.status == 303
    assert [len(steps_of(database, each)) for each in made[1:]] == [2] * 4


def test_what_somebody_touched_meanwhile_is_left_and_said_so(
    town: Reviewer, reviewer_of: Callable[[Someone], Reviewer], made: list[UUID], world: World, row_of: Load
) -> None:
    batch, _ = decide(town, "decline", all_at(made), reply="否")
    reviewer_of(world.people.city_reviewer).move(made[0], "reopen", note="再看看")
    town.desk.post(f"/console/queue/batches/{batch}/undo")
    page = town.desk.get(f"/console/queue?batch={batch}").text
    assert "已撤销 4 条" in page
    assert "褚审" in page


def test_after_a_minute_a_batch_stands(town: Reviewer, made: list[UUID], row_of: Load, database: Database) -> None:
    batch, _ = decide(town, "decline", all_at(made), reply="否")
    assert "撤销这 5 条" in town.desk.get(f"/console/queue?batch={batch}").text
    with clock_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert "撤销这 5 条" not in town.desk.get(f"/console/queue?batch={batch}").text
        town.desk.post(f"/console/queue/batches/{batch}/undo")
    assert {row_of(each).status for each in made} == {Status.DECLINED}


def test_a_batch_is_nobody_elses(
    town: Reviewer, reviewer_of: Callable[[Someone], Reviewer], made: list[UUID], world: World, row_of: Load
) -> None:
    batch, _ = decide(town, "decline", all_at(made[:2]), reply="不是隐患")
    other = reviewer_of(world.people.district_reviewer)
    assert "已不予受理" not in re.sub(r"<nav.*?</nav>", "", other.desk.get(f"/console/queue?batch={batch}").text)
    assert other.desk.post(f"/console/queue/batches/{batch}/undo").status == 404
    assert decide(other, "decline", all_at(made[2:]), batch, reply="否")[1].status == 404
    assert row_of(made[0]).status is Status.DECLINED


def test_two_batches_over_the_same_rows_do_not_wait_for_each_other_for_ever(
    made: list[UUID], database: Database, world: World
) -> None:
    """In opposite order, with a target in the midst: every row is decided once."""

    def actor(who: Someone, role: Role, union: UUID, level: Level) -> Actor:
        return Actor(who.id, who.name, ids.new_id(), None, (RoleAt(role, union, level, "某工会"),))

    people, unions = world.people, world.unions
    actors = [
        actor(people.town_reviewer, Role.TOWN_REVIEWER, unions.seaside, Level.TOWN),
        actor(people.district_reviewer, Role.DISTRICT_REVIEWER, unions.south, Level.DISTRICT),
    ]
    target = made[2]

    def run(number: int) -> int:
        order = made if number else made[::-1]
        with database.transaction() as session:
            return run_batch(
                session, ids.new_id(), Move.MARK_DUPLICATE, {each: 2 for each in order if each != target},
                {"target_id": str(target)}, actor=actors[number], now=datetime.now(UTC),
            )  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, range(2)))
    assert sorted(done) == [0, 4]
    assert [len(steps_of(database, each)) for each in made] == [1, 1, 0, 1, 1]


def test_a_note_does_not_stand_in_the_way_of_taking_back(made: list[UUID], database: Database, world: World) -> None:
    people, unions = world.people, world.unions
    town = Actor(
        people.town_reviewer.id, "郑审", ids.new_id(), None,
        (RoleAt(Role.TOWN_REVIEWER, unions.seaside, Level.TOWN, "某工会"),),
    )  # fmt: skip
    batch = ids.new_id()
    with database.transaction() as session:
        run_batch(session, batch, Move.DECLINE, {made[0]: 2}, {"reply": "否"}, actor=town, now=NOW)
        make_move(session, made[0], Move.NOTE, NoteIn(note="备注"), actor=town, now=NOW)
        assert undo_batch(session, batch, actor=town, now=NOW + timedelta(seconds=60)) == 1


def test_a_single_passing_on_can_be_taken_back_too(
    reviewer_of: Callable[[Someone], Reviewer], phone: Phone, world: World, row_of: Load
) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    city = reviewer_of(world.people.city_reviewer)
    before = row_of(hazard_id)
    city.move(hazard_id, "pass_down", union_id=str(world.unions.hillside))
    assert row_of(hazard_id).town_id == world.unions.hillside
    assert city.move(hazard_id, "reopen").status == 303
    after = row_of(hazard_id)
    kept = ("routed_union_id", "district_id", "town_id", "enterprise_id", "due_at")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


@pytest.mark.slow("decides on two hundred, as it says")
def test_a_batch_of_two_hundred_is_done_in_time(town: Reviewer, database: Database, world: World) -> None:
    with database.transaction() as session:
        many = insert_submissions(session, world, 200, NOW)
    started = time.process_time()  # whatever else the machine does meanwhile
    decide(town, "accept", all_at(many), grade="4")
    assert time.process_time() - started < 15
    with database.reading() as session:
        accepted = select(func.count()).where(Submission.status == Status.ACCEPTED)
        assert session.scalar(accepted) == 200


def test_batches_are_forgotten_after_a_week_and_the_log_is_not(
    town: Reviewer, made: list[UUID], database: Database, settings: Settings
) -> None:
    old, _ = decide(town, "decline", all_at(made[:2]), reply="否")
    with database.transaction() as session:
        session.execute(update(TriageBatch).values(made_at=NOW - timedelta(days=8)))
    young, _ = decide(town, "decline", all_at(made[2:]), reply="否")
    forget_batches(job_context(settings, database))
    with database.reading() as session:
        assert [session.get(TriageBatch, each) is None for each in (old, young)] == [True, False]
    assert [len(steps_of(database, each)) for each in made] == [1] * 5


def test_all_that_the_list_holds_is_chosen_beyond_the_page_within_its_filters_and_ones_own_subtree(
    town: Reviewer, database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as session:
        fires = insert_submissions(session, world, 60, NOW, category="fire")
        insert_submissions(session, world, 3, NOW)
        insert_submissions(session, world, 2, NOW, category="fire", status=Status.ACCEPTED)
        insert_submissions(session, world, 2, NOW, category="fire", union_id=world.unions.brewery)
    where = "/console/queue/selection?category=fire"
    assert "选中全部 60 条" in squeeze(town.desk.get("/console/queue?category=fire").ok().text)
    for tab in ("", "&status=all"):
        assert sorted(town.desk.get(where + tab).ok().json["items"]) == sorted(f"{each}:2" for each in fires)
    assert town.desk.get(f"{where}&union={world.unions.brewery}").status == 404
    assert desk_of(world.people.admin).get(where).status == 403
    with database.transaction() as session:
        insert_submissions(session, world, 150, NOW, category="fire")
    chosen = town.desk.get(where).ok().json
    assert (len(chosen["items"]), chosen["more"]) == (200, True)
