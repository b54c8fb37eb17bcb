"""People who merge, join in and decide at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask

from server.core.db import Database
from server.review.followers.queries import list_followers, list_joint_reporters
from server.review.submissions.models import Status, Submission
from tests.integration.review.conftest import Reviewer
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.examples import examples
from tests.support.images import jpeg
from tests.support.world import Someone, World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
ROUNDS = examples(3, full=6)


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def colleague(app: Flask, world: World) -> Phone:
    return Phone(InProcess(app)).sign_in(world.people.colleague.code or "")


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Start all of them at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def follower(phone: Phone, hazard_id: UUID) -> Callable[[], Answer]:
    """“我也看到了”, only to be sent."""
    return lambda: phone.put(f"/api/v1/submissions/{hazard_id}/follow", {})


def sit(app: Flask, who: Someone) -> Reviewer:
    return Reviewer(Desk(InProcess(app)).sign_in(who))


def poster(reviewer: Reviewer, hazard_id: UUID, move: str, **fields: str) -> Callable[[], Answer]:
    """A form filled in and ready: only the sending is left."""
    sent = {
        "version": reviewer.version_of(hazard_id),
        "csrf_token": reviewer.desk.csrf_token(f"/console/submissions/{hazard_id}"),
        **fields,
    }
    path = f"/console/submissions/{hazard_id}/{move}"
    return lambda: reviewer.desk.transport.send("POST", path, fields=sent)


def test_of_two_merging_each_into_the_other_one_wins(
    app: Flask, phone: Phone, colleague: Phone, world: World, database: Database
) -> None:
    one, other = sit(app, world.people.town_reviewer), sit(app, world.people.district_reviewer)
    for _ in range(ROUNDS):
        mine = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
        theirs = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)
        answers = at_once(
            poster(one, mine, "mark_duplicate", target_id=str(theirs)),
            poster(other, theirs, "mark_duplicate", target_id=str(mine)),
        )
        assert sorted(answer.status for answer in answers) in ([303, 409], [303, 422])
        with database.reading() as session:
            rows = {row_id: session.get_one(Submission, row_id) for row_id in (mine, theirs)}
            joint = list_joint_reporters(session, rows)
        merged = next(row for row in rows.values() if row.status is Status.DUPLICATE)
        kept = next(row for row in rows.values() if row.status is Status.QUEUED)
        assert merged.duplicate_of_id == kept.id
        assert joint == {kept.id: [merged.reporter_id], merged.id: []}


def test_following_at_the_moment_of_a_refusal_is_either_in_time_or_refused(
    app: Flask, phone: Phone, colleague: Phone, world: World, database: Database
) -> None:
    town = sit(app, world.people.town_reviewer)
    for _ in range(ROUNDS):
        hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
        followed, declined = at_once(
            follower(colleague, hazard_id), poster(town, hazard_id, "decline", reply="不是隐患")
        )
        assert declined.status == 303
        with database.reading() as session:
            people = list_followers(session, [hazard_id])[hazard_id]
        assert (followed.status, len(people)) in ((200, 1), (409, 0))


def test_following_twice_at_once_is_following_once(
    app: Flask, phone: Phone, colleague: Phone, world: World, database: Database
) -> None:
    again = Phone(InProcess(app), colleague.token)
    for _ in range(ROUNDS):
        hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
        answers = at_once(follower(colleague, hazard_id), follower(again, hazard_id))
        assert [answer.json["followers"] for answer in answers] == [1, 1]
        with database.reading() as session:
            assert len(list_followers(session, [hazard_id])[hazard_id]) == 1
