"""People who do things at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import ids
from server.core.db import Database
from server.review.submissions.models import Status, Submission, SubmissionStep
from tests.integration.review.conftest import Reviewer
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk, InProcess, Phone, hazard
from tests.support.examples import examples
from tests.support.images import Sample, jpeg
from tests.support.world import Someone, World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
ROUNDS = examples(3, full=6)


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Start all of them at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def sit(app: Flask, who: Someone) -> Reviewer:
    return Reviewer(Desk(InProcess(app)).sign_in(who))


def poster(reviewer: Reviewer, hazard_id: UUID, move: str, **fields: str) -> Callable[[], Answer]:
    """A form filled in and ready: only the sending is left."""
    sent = {"version": reviewer.version_of(hazard_id), "csrf_token": reviewer.desk.form_token, **fields}
    path = f"/console/submissions/{hazard_id}/{move}"
    return lambda: reviewer.desk.transport.send("POST", path, fields=sent)


def load(database: Database, hazard_id: UUID) -> Submission:
    with database.reading() as session:
        return session.get_one(Submission, hazard_id)


def moves(database: Database, hazard_id: UUID) -> list[str]:
    with database.reading() as session:
        found = session.scalars(
            select(SubmissionStep.move).where(SubmissionStep.submission_id == hazard_id).order_by(SubmissionStep.id)
        )
        return [str(move) for move in found]


def test_of_two_who_decide_one_wins_and_the_other_is_told(
    app: Flask, phone: Phone, world: World, database: Database
) -> None:
    one, other = sit(app, world.people.town_reviewer), sit(app, world.people.district_reviewer)
    for _ in range(ROUNDS):
        hazard_id = phone.report(enterprise_id=world.unions.shipyard)
        answers = at_once(
            poster(one, hazard_id, "accept", grade="2"), poster(other, hazard_id, "decline", reply="不是隐患")
        )
        assert sorted(answer.status for answer in answers) == [303, 409]
        loser = next(answer for answer in answers if answer.status == 409)
        assert "请重新查看后再处理" in loser.text
        assert len(moves(database, hazard_id)) == 3


def test_of_two_who_claim_one_gets_it(app: Flask, phone: Phone, world: World, database: Database) -> None:
    one, other = sit(app, world.people.town_reviewer), sit(app, world.people.district_reviewer)
    for _ in range(ROUNDS):
        hazard_id = phone.report(enterprise_id=world.unions.shipyard)
        answers = at_once(poster(one, hazard_id, "claim"), poster(other, hazard_id, "claim"))
        assert sorted(answer.status for answer in answers) == [303, 409]
        winner = (world.people.town_reviewer, world.people.district_reviewer)[[a.status for a in answers].index(303)]
        assert load(database, hazard_id).claimed_by_id == winner.id


def test_the_last_photo_and_a_withdrawal_agree_on_who_was_first(
    app: Flask, phone: Phone, world: World, database: Database
) -> None:
    hand = Phone(InProcess(app), phone.token)
    for seed in range(ROUNDS):
        sample = jpeg(seed)
        hazard_id = _declare(phone, sample)
        upload, withdrawal = at_once(
            partial(phone.upload, hazard_id, sample, 0),
            partial(hand.post, f"/api/v1/submissions/{hazard_id}/withdraw"),
        )
        assert withdrawal.status == 200
        assert load(database, hazard_id).status is Status.WITHDRAWN
        expected = ["create", "submit", "withdraw"] if upload.status == 200 else ["create", "withdraw"]
        assert moves(database, hazard_id) == expected


def test_the_last_two_photos_at_once_complete_it_exactly_once(
    app: Flask, phone: Phone, world: World, database: Database
) -> None:
    hand = Phone(InProcess(app), phone.token)
    for seed in range(ROUNDS):
        samples = [jpeg(2 * seed), jpeg(2 * seed + 1)]
        hazard_id = _declare(phone, *samples)
        answers = at_once(
            partial(phone.upload, hazard_id, samples[0], 0),
            partial(hand.upload, hazard_id, samples[1], 1),
        )
        assert [answer.status for answer in answers] == [200, 200]
        row = load(database, hazard_id)
        assert (row.status, row.photos_received) == (Status.QUEUED, 2)
        assert moves(database, hazard_id) == ["create", "submit"]


def test_two_marked_as_duplicates_of_each_other_make_no_circle(
    app: Flask, phone: Phone, world: World, database: Database
) -> None:
    one, other = sit(app, world.people.town_reviewer), sit(app, world.people.district_reviewer)
    for _ in range(ROUNDS):
        left, right = (phone.report(enterprise_id=world.unions.shipyard) for _ in range(2))
        answers = at_once(
            poster(one, left, "mark_duplicate", target_id=str(right)),
            poster(other, right, "mark_duplicate", target_id=str(left)),
        )
        assert min(answer.status for answer in answers) == 303
        targets = [load(database, each).duplicate_of_id for each in (left, right)]
        assert targets.count(None) == 1


def _declare(phone: Phone, *samples: Sample) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard(samples)).ok()
    return hazard_id
