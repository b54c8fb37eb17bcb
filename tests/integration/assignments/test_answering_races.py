"""Two people answer for one union, and the sender ends it while they send: on PostgreSQL, where it truly happens at
once."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from server.assignments.dispatch.models import RecipientStatus
from server.core import ids
from server.core.db import Database
from tests.integration.assignments.answering import Cast
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Answer
from tests.support.examples import examples
from tests.support.tasks import FULL, Officer, load_assignment, load_draft, load_row, load_versions

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
ROUNDS = examples(3, full=4)


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


def saver(officer: Officer, words: str, what: str = "save") -> Callable[[], Answer]:
    """A form filled in and ready: only the sending is left."""
    sent = {**officer.hidden(), "f1": words, "c1.result": "passed"}
    return lambda: officer.desk.post(f"{officer.path}/{what}", sent)


def test_of_two_who_save_at_once_one_is_kept_and_the_other_sees_both(cast: Cast, database: Database) -> None:
    for _ in range(ROUNDS):
        task = cast.ask()
        both = [saver(cast.unit(task), "周工"), saver(cast.colleague(task), "吴工")]
        answers = at_once(*both)
        assert sorted(each.status for each in answers) == [303, 409]
        draft = load_draft(database, task)
        assert draft is not None
        refused = next(each for each in answers if each.status == 409).text
        assert "周工" in refused
        assert "吴工" in refused
        assert draft.answers["f1"] in ("周工", "吴工")


def test_of_two_who_send_at_once_one_answer_is_frozen(cast: Cast, database: Database) -> None:
    for _ in range(ROUNDS):
        task = cast.ask()
        both = [saver(cast.unit(task), "周工", "submit"), saver(cast.colleague(task), "吴工", "submit")]
        answers = at_once(*both)
        assert sorted(each.status for each in answers) == [303, 409]
        assert len(load_versions(database, task)) == 1


def test_the_same_sending_twice_at_once_is_one(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    body = {"key": str(ids.new_id()), "version": 0, **FULL}
    answers = at_once(*[lambda: phone.post(f"/api/v1/tasks/{task}/submissions", body)] * 3)
    assert sorted(each.status for each in answers) == [200, 200, 201]
    assert len(load_versions(database, task)) == 1


def test_withdrawn_while_it_is_sent_it_is_one_or_the_other_and_what_came_stays(cast: Cast, database: Database) -> None:
    for _ in range(ROUNDS):
        task = cast.ask()
        unit, town = cast.unit(task), cast.town(task)
        assignment = load_assignment(database, load_row(database, task).assignment_id)
        sent = {"version": str(assignment.version), "reason": "发错了"}
        address = f"/console/assignments/{assignment.id}/withdraw"
        answers = at_once(saver(unit, "周工", "submit"), partial(town.desk.post, address, sent))
        assert answers[1].status == 303
        assert answers[0].status in (303, 409)
        cast.run_jobs()
        assert load_row(database, task).status is RecipientStatus.WITHDRAWN
        assert len(load_versions(database, task)) == (answers[0].status == 303)
