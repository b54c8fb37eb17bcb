"""People who do things to a rectification at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask

from server.core import ids
from server.core.db import Database
from server.review.rectification.models import RectifyStatus
from tests.integration.rectification.conftest import AFTER, Case, Hand
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.examples import examples
from tests.support.images import jpeg
from tests.support.world import Someone, World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
Accepted = Callable[..., Case]
ROUNDS = examples(3, full=5)


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def hand_of(app: Flask) -> Callable[[Someone], Hand]:
    """Each call another browser."""
    return lambda who: Hand(Desk(InProcess(app)).sign_in(who))


def poster(hand: Hand, case: Case, move: str, **fields: str) -> Callable[[], Answer]:
    """A form filled in and ready: only the sending is left."""
    row = case.row
    sent = {"version": str(row.version), "csrf_token": hand.desk.form_token, **fields}
    return lambda: hand.desk.transport.send("POST", f"/console/rectifications/{row.id}/{move}", fields=sent)


def test_of_two_who_close_one_does_and_the_other_is_told(
    accepted: Accepted, rectifier: Hand, town: Hand, hand_of: Callable[[Someone], Hand], world: World
) -> None:
    district = hand_of(world.people.district_reviewer)
    for _ in range(ROUNDS):
        case = accepted()
        rectifier.submit(case.row)
        answers = at_once(poster(town, case, "close", way="on_site"), poster(district, case, "close", way="by_photos"))
        assert sorted(answer.status for answer in answers) == [303, 409]
        assert case.moves == ["open", "submit", "close"]


def test_closing_and_sending_back_at_once_leave_one_of_them(
    accepted: Accepted, rectifier: Hand, town: Hand, hand_of: Callable[[Someone], Hand], world: World
) -> None:
    district = hand_of(world.people.district_reviewer)
    for _ in range(ROUNDS):
        case = accepted()
        rectifier.submit(case.row)
        close, back = at_once(
            poster(town, case, "close", way="on_site"), poster(district, case, "send_back", text="没有固定")
        )
        assert sorted((close.status, back.status)) == [303, 409]
        expected = RectifyStatus.CLOSED if close.status == 303 else RectifyStatus.ACCEPTED
        assert case.row.status is expected
        assert len(case.moves) == 3


def test_the_reporters_word_and_the_unions_at_once_close_it_once(
    accepted: Accepted, phone: Phone, rectifier: Hand, town: Hand
) -> None:
    for _ in range(ROUNDS):
        case = accepted()
        rectifier.submit(case.row)
        path = f"/api/v1/submissions/{case.submission_id}/rectification/confirm"
        said, closed = at_once(partial(phone.post, path, {}), poster(town, case, "close", way="on_site"))
        assert (said.status, closed.status) in ((200, 409), (409, 303))
        assert case.moves == ["open", "submit", "close"]


def test_the_last_two_photos_at_once_say_once_that_it_is_done(
    accepted: Accepted, rectifier: Hand, app: Flask, world: World, database: Database
) -> None:
    other = Hand(Desk(InProcess(app)).sign_in(world.people.enterprise_reviewer))
    other._headers()
    for seed in range(ROUNDS):
        case, evidence_id = accepted(), ids.new_id()
        row, samples = case.row, (jpeg(200 + 2 * seed), jpeg(201 + 2 * seed))
        one, two = rectifier.declare(row, evidence_id, *samples).ok().json["positions"]
        answers = at_once(
            partial(rectifier.upload, row, evidence_id, samples[0], one),
            partial(other.upload, row, evidence_id, samples[1], two),
        )
        assert [answer.status for answer in answers] == [200, 200]
        assert case.moves == ["open", "submit"]


def test_the_decision_taken_back_and_the_work_reported_at_once_agree_on_who_was_first(
    accepted: Accepted, rectifier: Hand, town: Hand
) -> None:
    for _ in range(ROUNDS):
        case, evidence_id = accepted(), ids.new_id()
        row = case.row
        (position,) = rectifier.declare(row, evidence_id, AFTER).ok().json["positions"]
        sent = {"version": "3", "csrf_token": town.desk.form_token}
        back, photo = at_once(
            partial(town.desk.transport.send, "POST", f"/console/submissions/{case.submission_id}/reopen", fields=sent),
            partial(rectifier.upload, row, evidence_id, AFTER, position),
        )
        assert (back.status, photo.status) in ((303, 409), (409, 200))
        expected = RectifyStatus.VOIDED if back.status == 303 else RectifyStatus.SUBMITTED
        assert case.row.status is expected


def test_an_answer_and_a_reopening_declared_while_photos_come_do_not_wait_for_each_other_forever(
    accepted: Accepted, phone: Phone, rectifier: Hand
) -> None:
    for seed in range(ROUNDS):
        case, evidence_id, still = accepted(), ids.new_id(), jpeg(300 + seed)
        rectifier.submit(case.row)
        body = {"text": "没有", "photos": [still.manifest]}
        path = f"/api/v1/submissions/{case.submission_id}/rectification/reopenings/{evidence_id}"
        phone.put(path, body).ok()
        again, photo = at_once(partial(phone.put, path, body), partial(phone.upload, case.submission_id, still, 0))
        assert (again.status, photo.status) == (200, 200)
        assert case.row.status is RectifyStatus.ACCEPTED
