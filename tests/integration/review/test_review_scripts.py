"""What the console's scripts ask for, they are told in JSON, whether it was done or not."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask

from server.core import ids
from server.core.db import Database
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Answer, Desk, InProcess
from tests.support.world import Someone, World

SCRIPT = {"Accept": "application/json"}
NOW = datetime.now(UTC)


@pytest.fixture
def waiting(database: Database, world: World) -> UUID:
    with database.transaction() as session:
        return insert_submissions(session, world, 1, NOW)[0]


def send_batch(desk: Desk, submission_id: UUID, **fields: str) -> Answer:
    sent = {"item": f"{submission_id}:2", "move": "decline", **fields}
    return desk.post(f"/console/queue/batches/{ids.new_id()}", sent, headers=SCRIPT)


def test_a_piece_of_a_batch_is_taken_without_a_page_to_follow(town: Reviewer, waiting: UUID) -> None:
    answer = send_batch(town.desk, waiting, reply="不在受理范围。")
    assert (answer.status, answer.body) == (204, b"")


def test_a_refused_piece_says_why_in_words_and_by_field(town: Reviewer, waiting: UUID) -> None:
    answer = send_batch(town.desk, waiting)
    assert answer.status == 422
    assert answer.json["error"]["fields"].keys() == {"reply"}


def test_whoever_comes_second_to_an_item_reads_who_holds_it(
    town: Reviewer, reviewer_of: Callable[[Someone], Reviewer], world: World, waiting: UUID
) -> None:
    address = f"/console/submissions/{waiting}/claim"
    assert town.desk.post(address, {"quietly": "1"}, headers=SCRIPT).status == 204
    second = reviewer_of(world.people.district_reviewer).desk.post(address, {"quietly": "1"}, headers=SCRIPT)
    assert second.status == 409
    assert world.people.town_reviewer.name in second.json["error"]["message"]


def test_a_script_whose_session_has_ended_is_told_so_and_not_shown_the_sign_in(app: Flask, waiting: UUID) -> None:
    answer = send_batch(Desk(InProcess(app)), waiting)
    assert (answer.status, answer.code) == (401, "unauthorized")


def test_a_script_of_a_page_left_open_too_long_is_told_to_reload(town: Reviewer, waiting: UUID) -> None:
    answer = send_batch(town.desk, waiting, csrf_token="old")
    assert (answer.status, answer.code) == (400, "form_expired")
