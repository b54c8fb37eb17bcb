"""People who award at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from server.core import clock, ids
from server.core.db import Database
from server.oversight.awards.models import AwardBatch, AwardScheme
from server.oversight.awards.payments.budgets import sum_committed
from server.review.submissions.events import SubmissionAccepted
from server.rewards.points.actions import take_back
from server.rewards.points.queries import check_ledger
from server.rewards.points.subscriptions import on_accepted
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.world import World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
Closed = Callable[..., Case]


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def poster(app: Flask, awards: Awards) -> Callable[..., Callable[[], Answer]]:
    """A form at a browser of its own, ready: only the sending is left."""

    def ready(path: str, **fields: str) -> Callable[[], Answer]:
        desk = Desk(InProcess(app)).sign_in(awards.who)
        sent = {"csrf_token": desk.form_token, **fields}
        return lambda: desk.transport.send("POST", f"/console/awards{path}", fields=sent)

    return ready


def statuses(answers: list[Answer]) -> list[int]:
    """How it went, in order of size."""
    return sorted(answer.status for answer in answers)


def test_of_two_batches_that_want_one_hazard_one_gets_it(
    awards: Awards, closed: Closed, poster: Callable[..., Callable[[], Answer]]
) -> None:
    closed(grade=1)
    batches = [awards.scheme()[0], awards.scheme()[0]]
    for batch_id in batches:
        assert awards.post(f"/{batch_id}/compute") == 303
    assert statuses(at_once(*(poster(f"/{batch_id}/publish") for batch_id in batches))) == [303, 409]


def test_two_batches_of_one_budget_never_promise_more_than_it_holds(
    awards: Awards, poster: Callable[..., Callable[[], Answer]], database: Database
) -> None:
    batches = awards.scheme(kind="unit", quota="2", batches="2", budget="150", amount_cents="100")
    for batch_id in batches:
        form = {"who": "蓝海船舶修造有限公司", "merit": "全员参与"}
        assert awards.post(f"/{batch_id}/nominations", **form) == 303
        assert awards.post(f"/{batch_id}/compute") == 303
    assert statuses(at_once(*(poster(f"/{batch_id}/publish") for batch_id in batches))) == [303, 409]
    with database.reading() as session:
        scheme = session.get_one(AwardScheme, awards.batch(batches[0]).scheme_id)
        assert sum_committed(session, scheme.budget_id) == 10000


def test_of_two_who_pay_one_pays(
    awards: Awards, closed: Closed, poster: Callable[..., Callable[[], Answer]], database: Database
) -> None:
    closed(grade=1)
    (batch_id,) = awards.scheme()
    for move in ("compute", "publish"):
        assert awards.post(f"/{batch_id}/{move}") == 303
    _end_notice(database, batch_id)
    both = at_once(poster(f"/{batch_id}/finalise"), poster(f"/{batch_id}/finalise"))
    assert statuses(both) == [303, 409]
    (entry,) = awards.entries(batch_id)
    path = f"/entries/{entry.id}/payment"
    payers = (poster(path, method="现金", voucher=f"V{number}") for number in (1, 2))
    assert statuses(at_once(*payers)) == [303, 409]
    assert awards.moves(batch_id).count("pay") == 1


def _end_notice(database: Database, batch_id: UUID) -> None:
    with database.transaction() as session:
        batch = session.get_one(AwardBatch, batch_id)
        batch.objections_until = batch.published_at


def test_the_same_event_heard_twice_at_once_credits_once(
    accepted: Closed, database: Database, phone: Phone, world: World
) -> None:
    case = accepted(grade=3)
    now = clock.now()
    with database.transaction() as session:
        take_back(session, case.submission_id, "", "试", actor_id=None, now=now)

    def hear() -> Answer:
        try:
            with database.transaction() as session:
                on_accepted(session, SubmissionAccepted(at=now, submission_id=case.submission_id, step_id=ids.new_id()))
        except IntegrityError:
            return Answer(409, b"", {})
        return Answer(200, b"", {})

    assert 200 in statuses(at_once(hear, hear))
    assert phone.get("/api/v1/points").ok().json["balance"] == 5
    with database.reading() as session:
        assert check_ledger(session).difference == 0
