"""The database keeps the town of people and points itself, whoever moves what: a town's lists are read off an index."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from server.console.people.listing import PEOPLE, PersonFilter
from server.core import clock, ids
from server.core.db import Database
from server.kit.listing import Request, conditions_of, rows_statement, scopes_for
from server.review.submissions.models import Submission
from server.rewards.points.listing import POINTS, PointsFilter
from server.rewards.points.models import AccountKind, PointsAccount, PointsTransfer
from server.unions.people.models import Person
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from tests.integration.review.rows import insert_submissions
from tests.integration.review.test_review_plans import actor, plan, sorts
from tests.support.examples import examples
from tests.support.servers import wait_until
from tests.support.world import World


class Hands:
    """Moves people, unions, submissions and points about, each by the barest statement there is."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world, self.now = session, world, clock.now()
        self.units = (world.unions.shipyard, world.unions.bakery, world.unions.brewery)

    def do(self, what: str, pick: int) -> None:
        getattr(self, what)(pick)

    def join(self, pick: int) -> None:
        at = [*self.units, None][pick % 4]
        self.session.execute(
            insert(Person),
            [{"id": ids.new_id(), "enterprise_id": at, "is_active": True, "version": 1, "created_at": self.now,
              "updated_at": self.now}],
        )  # fmt: skip

    def bind(self, pick: int) -> None:
        at = [*self.units, None][pick // 7 % 4]
        self.session.execute(update(Person).where(Person.id == self._one(Person, pick)).values(enterprise_id=at))

    def move_unit(self, pick: int) -> None:
        unions = self.world.unions
        place = [(unions.south, unions.seaside), (unions.north, unions.hillside), (unions.south, None)][pick // 3 % 3]
        values = dict(zip(("district_id", "town_id"), place, strict=True))
        self.session.execute(update(Union).where(Union.id == self.units[pick % 3]).values(values))

    def send(self, pick: int) -> None:
        [sent] = insert_submissions(self.session, self.world, 1, self.now, union_id=self.units[pick % 3])
        self.credit(sent.int)

    def credit(self, pick: int) -> None:
        sent = self._one(Submission, pick)
        if sent is None:
            return
        issue, theirs = (
            self._account(campaign_id=self.world.campaign_id),
            self._account(person_id=self.world.people.worker.id),
        )
        self.session.execute(
            insert(PointsTransfer),
            [{"id": ids.new_id(), "source": str(ids.new_id()), "round": 1, "from_account_id": issue,
              "to_account_id": theirs, "amount": 5, "reason": "", "campaign_id": self.world.campaign_id,
              "person_id": self.world.people.worker.id, "submission_id": sent, "at": self.now}],
        )  # fmt: skip

    def move_sent(self, pick: int) -> None:
        unions = self.world.unions
        town = [unions.seaside, unions.hillside, None][pick // 5 % 3]
        self.session.execute(
            update(Submission).where(Submission.id == self._one(Submission, pick)).values(town_id=town)
        )

    def _one(self, model: Any, pick: int) -> UUID | None:
        found = self.session.scalars(select(model.id).order_by(model.id.desc()).limit(5)).all()
        return found[pick % len(found)] if found else None

    def _account(self, **owner: UUID) -> UUID:
        known = self.session.scalar(select(PointsAccount.id).filter_by(**owner))
        if known is None:
            known, kind = ids.new_id(), AccountKind.PERSON if "person_id" in owner else AccountKind.ISSUE
            self.session.execute(insert(PointsAccount), [{"id": known, "kind": kind, **owner}])
        return known


OF_PEOPLE = select(Union.town_id).where(Union.id == Person.enterprise_id).scalar_subquery()
OF_POINTS = select(Submission.town_id).where(Submission.id == PointsTransfer.submission_id).scalar_subquery()
WRONG = [
    select(func.count()).where(Person.town_id.is_distinct_from(OF_PEOPLE)),
    select(func.count()).where(PointsTransfer.town_id.is_distinct_from(OF_POINTS)),
]


def wrong(session: Session) -> int:
    """Rows beside which stands another town than that of what they refer to."""
    return sum(session.scalars(each).one() for each in WRONG)


ACTS = st.sampled_from(["join", "bind", "bind", "move_unit", "send", "credit", "move_sent"])


@settings(max_examples=examples(5, full=100), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 99)), min_size=5, max_size=25))
def test_whatever_moves_the_town_beside_people_and_points_is_the_true_one(
    database: Database, world: World, acts: list[tuple[str, int]]
) -> None:
    with database.transaction() as session:
        hands = Hands(session, world)
        for what, pick in (("send", 0), ("join", 0), *acts):
            hands.do(what, pick)
            assert wrong(session) == 0, what
        assert session.scalar(select(func.count()).where(Person.town_id.is_not(None)))


@pytest.mark.parametrize("backend", ["scaled"], indirect=True)
def test_whoever_joins_an_enterprise_that_is_being_moved_belongs_to_its_new_town(
    database: Database, world: World
) -> None:
    """SQLite has one writer at a time."""

    def join() -> None:
        with database.transaction() as session:
            Hands(session, world).join(0)

    def is_waiting() -> bool:
        with database.reading() as session:
            return bool(session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")))

    with ThreadPoolExecutor(1) as pool, database.transaction() as session:
        Hands(session, world).move_unit(3)
        joining = pool.submit(join)
        wait_until(is_waiting, "the one who joins")
        session.commit()
        joining.result()
    with database.reading() as session:
        assert wrong(session) == 0
        assert (
            session.scalars(select(Person.town_id).order_by(Person.id.desc()).limit(1)).one() == world.unions.hillside
        )


@pytest.mark.parametrize(
    ("listing", "filters", "index"),
    [
        (PEOPLE, PersonFilter(), "ix_people_town"),
        (PEOPLE, PersonFilter(role=Role.TOWN_REVIEWER), "ix_people_town"),
        (POINTS, PointsFilter(), "ix_points_transfers_town"),
        (POINTS, PointsFilter(since="2025-02-01", until="2025-02-28"), "ix_points_transfers_town"),
    ],
)
def test_people_and_points_of_a_town_are_read_off_an_index_of_it(
    database: Database, world: World, listing: Any, filters: Any, index: str
) -> None:
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":  # as it would with a million rows
            for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        asked = Request(session, actor(Role.TOWN_REVIEWER, Level.TOWN, world.unions.seaside), filters, clock.now())
        statement = rows_statement(listing, asked, scopes_for(listing, asked), conditions_of(listing, asked), limit=51)
        found = plan(session, statement)
    assert index in found, found
    assert listing is PEOPLE or not sorts(found), found  # people come from two parts, put in order again
