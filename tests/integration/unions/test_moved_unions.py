"""When a union moves in the tree, what lies below it follows."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core.db import Base, Database
from server.kit.following import actions
from server.kit.scope import AncestorColumns
from server.oversight.letters.models import Letter
from server.review.submissions.models import Submission
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World


@pytest.fixture
def move(desk_of: Callable[[Someone], Desk], world: World) -> Callable[[UUID, UUID], None]:
    def moved(union_id: UUID, parent_id: UUID) -> None:
        fields = {"version": "1", "parent_id": str(parent_id)}
        assert desk_of(world.people.admin).post(f"/console/unions/{union_id}/move", fields).status == 303

    return moved


def load(database: Database, submission_id: UUID) -> Submission:
    with database.reading() as session:
        return session.scalars(select(Submission).where(Submission.id == submission_id)).one()


def test_submissions_follow_a_moved_town(
    phone: Phone, world: World, database: Database, move: Callable[[UUID, UUID], None], run_jobs: Callable[[], int]
) -> None:
    below, beside = phone.report(enterprise_id=world.unions.shipyard), phone.report(enterprise_id=world.unions.brewery)
    move(world.unions.seaside, world.unions.north)
    run_jobs()
    found = load(database, below)
    assert (found.district_id, found.town_id, found.enterprise_id) == (
        world.unions.north, world.unions.seaside, world.unions.shipyard,
    )  # fmt: skip
    assert found.routed_union_id == world.unions.shipyard
    assert load(database, beside).town_id == world.unions.hillside


def test_submissions_follow_a_moved_enterprise_and_whoever_stood_above_hands_over(
    phone: Phone, world: World, database: Database, move: Callable[[UUID, UUID], None], run_jobs: Callable[[], int]
) -> None:
    submission_id = phone.report(enterprise_id=world.unions.shipyard)
    with database.transaction() as session:  # as if it had been passed up
        session.execute(update(Submission).values(routed_union_id=world.unions.seaside))
    move(world.unions.shipyard, world.unions.hillside)
    run_jobs()
    found = load(database, submission_id)
    assert (found.district_id, found.town_id) == (world.unions.north, world.unions.hillside)
    assert found.routed_union_id == world.unions.hillside


def test_an_enterprise_moved_right_below_the_district_leaves_its_town(
    phone: Phone, world: World, database: Database, move: Callable[[UUID, UUID], None], run_jobs: Callable[[], int]
) -> None:
    submission_id = phone.report(enterprise_id=world.unions.shipyard)
    with database.transaction() as session:
        session.execute(update(Submission).values(routed_union_id=world.unions.seaside))
    move(world.unions.shipyard, world.unions.south)
    run_jobs()
    found = load(database, submission_id)
    assert (found.district_id, found.town_id, found.routed_union_id) == (world.unions.south, None, world.unions.south)


def test_many_submissions_follow_batch_by_batch(
    phone: Phone,
    world: World,
    database: Database,
    move: Callable[[UUID, UUID], None],
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = [phone.report(enterprise_id=world.unions.shipyard) for _ in range(5)]
    move(world.unions.shipyard, world.unions.hillside)
    run_jobs()
    assert {load(database, one).town_id for one in ids} == {world.unions.hillside}


def test_the_reviewers_of_the_new_town_see_what_moved_and_those_of_the_old_no_longer_do(
    phone: Phone,
    desk_of: Callable[[Someone], Desk],
    world: World,
    move: Callable[[UUID, UUID], None],
    run_jobs: Callable[[], int],
) -> None:
    submission_id = phone.report(enterprise_id=world.unions.shipyard)
    old, new = desk_of(world.people.town_reviewer), desk_of(world.people.other_town_reviewer)
    page, worker = f"/console/submissions/{submission_id}", str(world.people.worker.id)
    assert (old.get(page).status, new.get(page).status) == (200, 404)
    assert (worker in old.get("/console/people").text, worker in new.get("/console/people").text) == (True, False)
    move(world.unions.shipyard, world.unions.hillside)
    assert (worker in old.get("/console/people").text, worker in new.get("/console/people").text) == (False, True)
    run_jobs()
    assert (old.get(page).status, new.get(page).status) == (404, 200)


def test_letters_follow_their_addressee_and_show_the_new_town_what_was_written_before(
    desk_of: Callable[[Someone], Desk], world: World, move: Callable[[UUID, UUID], None], run_jobs: Callable[[], int]
) -> None:
    writer, new = desk_of(world.people.town_reviewer), desk_of(world.people.other_town_reviewer)
    sent = writer.post(
        "/console/letters",
        {
            "kind": "notice", "issuer_id": str(world.unions.seaside), "addressee_id": str(world.unions.shipyard),
            "addressee_name": "船厂", "mark": "海工", "subject": "关于消除隐患的提示函", "body": "一、配电箱敞开。",
            "reply_days": "10", "rectification": "",
        },
    )  # fmt: skip
    letter = sent.headers["Location"]
    assert writer.post(f"{letter}/issue", {"version": "1"}).status == 303
    assert new.get(letter).status == 404
    move(world.unions.shipyard, world.unions.hillside)
    run_jobs()
    assert (writer.get(letter).status, new.get(letter).status) == (200, 200)


def test_whatever_carries_its_ancestors_follows_or_says_why_not() -> None:
    carrying = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, AncestorColumns)}
    assert {Submission, Letter} <= {*actions.following_models()} < carrying
    assert all(model.stays_put for model in carrying - {*actions.following_models()})
