"""Two who send, pass on or withdraw at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from server.assignments.dispatch import actions
from server.assignments.dispatch.models import Assignment, AssignmentStatus, RecipientStatus
from server.assignments.dispatch.schemas import SignIn
from server.assignments.dispatch.sending.writing import write_some
from server.core import clock
from server.core.db import Database
from server.core.errors import AppError
from server.unions.roles import Level
from tests.integration.assignments.sending import Hands
from tests.support.backends import Scaled
from tests.support.examples import examples
from tests.support.world import World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, several times over")]
ROUNDS = examples(3, full=4)


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def hands(database: Database, world: World, run_jobs: Callable[..., int]) -> Hands:
    return Hands(database, world, run_jobs)


def at_once(database: Database, *acts: Callable[[Any], Any]) -> list[Any]:
    """Each in a transaction of its own, at the same moment; a refusal is the answer."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Any], Any]) -> Any:
        barrier.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except AppError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_send_one_draft_exactly_one_does(hands: Hands) -> None:
    city = hands.actor("city_reviewer")
    for _ in range(ROUNDS):
        draft = hands.draft()

        def send(session: Any, draft: UUID = draft) -> Assignment:
            return actions.send_assignment(session, draft, 1, actor=city, now=clock.now())

        answers = at_once(hands.database, send, send)
        assert sorted(isinstance(each, AppError) for each in answers) == [False, True]
        hands.run_jobs()
        assert len(hands.rows(draft)) == 3


def test_two_workers_at_one_sending_write_every_row_once(hands: Hands) -> None:
    for _ in range(ROUNDS):
        draft = hands.draft()
        hands.send(draft, is_done=False)

        def write(session: Any, draft: UUID = draft) -> bool:
            return write_some(session, draft, now=clock.now())

        assert not any(isinstance(each, AppError) for each in at_once(hands.database, write, write))
        assert len(hands.rows(draft)) == hands.load(draft).recipient_count == 3


def test_two_who_pass_on_overlapping_subtrees_at_once_ask_nobody_twice(hands: Hands, world: World) -> None:
    for _ in range(ROUNDS):
        root = hands.sent(levels=(Level.DISTRICT, Level.TOWN), may_pass_on=True)
        rows = hands.rows(root)
        children = [
            hands.pass_on(rows[world.unions.south], "district_reviewer"),
            hands.pass_on(rows[world.unions.seaside], "town_reviewer"),
        ]
        for child, who in zip(children, ("district_reviewer", "town_reviewer"), strict=True):
            hands.send(child, who, is_done=False)
        at_once(
            hands.database,
            *(lambda session, child=child: write_some(session, child, now=clock.now()) for child in children),
        )
        asked = [union_id for child in children for union_id in hands.rows(child)]
        assert sorted(asked) == sorted({world.unions.shipyard, world.unions.bakery})
        hands.run_jobs()


def test_withdrawn_while_the_unit_signs_it_ends_withdrawn_and_nothing_is_torn(hands: Hands, world: World) -> None:
    city, unit = hands.actor("city_reviewer"), hands.actor("enterprise_reviewer")
    for _ in range(ROUNDS):
        sent = hands.sent()
        row = hands.rows(sent)[world.unions.shipyard]

        def withdraw(session: Any, sent: UUID = sent) -> Assignment:
            version = session.get_one(Assignment, sent).version
            return actions.withdraw_assignment(session, sent, version, "停", actor=city, now=clock.now())

        def sign(session: Any, row_id: UUID = row.id) -> Any:
            return actions.sign_receipt(session, row_id, SignIn(), actor=unit, now=clock.now())

        withdrawn, signed = at_once(hands.database, withdraw, sign)
        assert not isinstance(withdrawn, AppError)
        hands.run_jobs()
        now = hands.rows(sent)[world.unions.shipyard]
        assert (now.status, hands.load(sent).status) == (RecipientStatus.WITHDRAWN, AssignmentStatus.WITHDRAWN)
        assert (now.received_at is None) == isinstance(signed, AppError)
