"""Any sequence of moves by anybody over batches and the ledger: nothing is paid twice, no budget is overdrawn, a hazard
has one award, every account balances, every change stands in the log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import wiring
from server.activities.hazards.actions import prepare_hazard, submit_hazard
from server.activities.hazards.schemas import HazardIn
from server.core import ids
from server.core.db import Database
from server.core.errors import AppError
from server.core.events import publish
from server.kit.workflow import perform
from server.oversight.awards import actions
from server.oversight.awards.batches.entries import OnEntry, batch_of
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardClaim,
    AwardEntry,
    AwardObjection,
    AwardPayment,
    AwardStep,
    BatchMove,
    BatchStatus,
    EntryStatus,
)
from server.oversight.awards.payments.budgets import sum_committed, sum_paid
from server.oversight.awards.publication.objections import OnObjection
from server.oversight.awards.schemas import AnswerIn, BudgetIn, ObjectionIn, PaymentIn, ReasonIn, SchemeIn
from server.oversight.awards.workflow import BATCHES
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import AcceptIn
from server.review.rectification.events import RectificationReopened
from server.review.rectification.models import RecheckWay, Rectification, RectifyStatus
from server.review.submissions.actions import complete_photos
from server.review.submissions.models import Move, Submission
from server.rewards.points.actions import credit_points, take_back
from server.rewards.points.models import PointsTransfer
from server.rewards.points.queries import check_ledger, get_balance
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.support.backends import Embedded
from tests.support.callers import hazard
from tests.support.examples import examples
from tests.support.images import jpeg
from tests.support.world import World

SAMPLE = jpeg()
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PICK = st.integers(0, 20)


class Life(RuleBasedStateMachine):
    """Four closed hazards of two workers, three batches that want them, one budget that does not suffice for all."""

    database: Database
    world: World

    @initialize()
    def begin(self) -> None:
        people, unions = self.world.people, self.world.unions
        self.now = START
        self.city = self._reviewer(people.city_reviewer.id, Role.CITY_REVIEWER, unions.city, Level.CITY)
        self.town = self._reviewer(people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside, Level.TOWN)
        self.workers = [
            Actor(each.id, each.name, ids.new_id(), unions.shipyard, (), is_worker=True)
            for each in (people.worker, people.colleague)
        ]
        self.hazards = [self._closed(self.workers[index % 2], index % 2 + 1) for index in range(4)]
        with self.database.transaction() as session:
            form = BudgetIn.model_validate({"union_id": unions.city, "name": "奖励", "amount_cents": 25_000})
            self.budget = actions.create_budget(session, form, actor=self.city, now=self.now).id
        self.batches = [*self._scheme(2, 2), *self._scheme(1, 1)]

    @staticmethod
    def _reviewer(person_id: UUID, role: Role, union_id: UUID, level: Level) -> Actor:
        return Actor(person_id, "某人", ids.new_id(), None, (RoleAt(role, union_id, level, "某工会"),))

    def _scheme(self, quota: int, batches: int) -> list[UUID]:
        with self.database.transaction() as session:
            form = SchemeIn.model_validate(
                {
                    "budget_id": self.budget, "name": "优秀职工", "kind": "worker", "grades": "1,2", "quota": quota,
                    "batches": batches, "amount_cents": 10_000, "starts_on": "2026-01-01", "ends_on": "2030-12-31",
                    "objection_days": 3,
                }
            )  # fmt: skip
            scheme = actions.create_scheme(session, form, actor=self.city, now=self.now)
            found = select(AwardBatch.id).where(AwardBatch.scheme_id == scheme.id).order_by(AwardBatch.number)
            return list(session.scalars(found))

    def _closed(self, reporter: Actor, grade: int) -> UUID:
        submission_id = ids.new_id_of_day(self.now)
        body = HazardIn.model_validate(hazard([SAMPLE], enterprise_id=self.world.unions.shipyard))
        with self.database.reading() as session:
            prepared = prepare_hazard(session, submission_id, body, reporter_id=reporter.person_id, now=self.now)
        submit_hazard(self.database, prepared, now=self.now)
        with self.database.transaction() as session:
            complete_photos(session, submission_id, self.now)
        with self.database.transaction() as session:
            version = session.get_one(Submission, submission_id).version
            form = AcceptIn(version=version, grade=grade)
            make_move(session, submission_id, Move.ACCEPT, form, actor=self.town, now=self.now)
        with self.database.transaction() as session:
            row = session.scalars(select(Rectification).where(Rectification.submission_id == submission_id)).one()
            row.rectified_by_id = self.world.people.enterprise_reviewer.id
            row.closed_by_id, row.closed_at = self.world.people.town_reviewer.id, self.now
            row.recheck_way, row.reopen_until = RecheckWay.ON_SITE, self.now + timedelta(days=30)
            row.status = RectifyStatus.CLOSED
        return submission_id

    def _try(self, move: BatchMove, batch_id: UUID, form: Any = None, *, actor: Actor) -> None:
        """Make the move; a refusal leaves no trace."""
        steps = self._count_steps()
        try:
            with self.database.transaction() as session:
                perform(BATCHES, session, batch_id, move, form=form, actor=actor, now=self.now)
        except AppError:
            assert self._count_steps() == steps

    def _try_on(self, move: BatchMove, entry_id: UUID, form: Any = None, *, actor: Actor) -> None:
        with self.database.reading() as session:
            batch_id = batch_of(session, entry_id)
        self._try(move, batch_id, OnEntry(entry_id, form), actor=actor)

    def _count_steps(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(AwardStep)) or 0

    def _entry(self, pick: int) -> UUID | None:
        with self.database.reading() as session:
            wanted = AwardEntry.status.in_((EntryStatus.LISTED, EntryStatus.REMOVED))
            found = session.scalars(select(AwardEntry.id).where(wanted).order_by(AwardEntry.id)).all()
        return found[pick % len(found)] if found else None

    @rule(pick=PICK, is_city=st.sampled_from([True, True, True, False]))
    def compute(self, pick: int, is_city: bool) -> None:
        self._try(BatchMove.COMPUTE, self.batches[pick % 3], actor=self.city if is_city else self.town)

    @rule(pick=PICK, is_city=st.sampled_from([True, True, True, False]), is_fresh=st.booleans())
    def publish(self, pick: int, is_city: bool, is_fresh: bool) -> None:
        if is_fresh:
            self.compute(pick, is_city)
        self._try(BatchMove.PUBLISH, self.batches[pick % 3], actor=self.city if is_city else self.town)

    @rule(pick=PICK, who=st.sampled_from([0, 1]))
    def object(self, pick: int, who: int) -> None:
        entry_id = self._entry(pick)
        if entry_id is not None:
            with self.database.reading() as session:
                batch_id = session.get_one(AwardEntry, entry_id).batch_id
            form = OnObjection(ids.new_id(), ObjectionIn(text="不对", entry_id=entry_id))
            self._try(BatchMove.OBJECT, batch_id, form, actor=self.workers[who])

    @rule(uphold=st.booleans())
    def answer(self, uphold: bool) -> None:
        with self.database.reading() as session:
            found = session.scalars(select(AwardObjection).order_by(AwardObjection.id.desc()).limit(1)).first()
        if found is not None:
            form = OnObjection(found.id, AnswerIn(uphold=uphold, text="看过了"))
            self._try(BatchMove.ANSWER, found.batch_id, form, actor=self.city)

    @rule(pick=PICK)
    def remove(self, pick: int) -> None:
        entry_id = self._entry(pick)
        if entry_id is not None:
            self._try_on(BatchMove.REMOVE, entry_id, ReasonIn(reason="不符合"), actor=self.city)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(pick=PICK, waits=st.booleans())
    def finalise(self, pick: int, waits: bool) -> None:
        if waits:
            self.now += timedelta(days=20)
            self.answer(uphold=False)
        self._try(BatchMove.FINALISE, self.batches[pick % 3], actor=self.city)

    @rule(pick=PICK, voucher=st.sampled_from(["A", "B", "C"]), is_city=st.sampled_from([True, True, False]))
    def pay(self, pick: int, voucher: str, is_city: bool) -> None:
        entry_id = self._entry(pick)
        if entry_id is not None:
            form = PaymentIn(method="现金", voucher=voucher)
            self._try_on(BatchMove.PAY, entry_id, form, actor=self.city if is_city else self.town)

    @rule(pick=PICK, who=st.sampled_from([0, 1]))
    def receive(self, pick: int, who: int) -> None:
        entry_id = self._entry(pick)
        if entry_id is not None:
            self._try_on(BatchMove.RECEIVE, entry_id, actor=self.workers[who])

    @rule(pick=PICK)
    def credit(self, pick: int) -> None:
        with self.database.transaction() as session:
            submission = session.get_one(Submission, self.hazards[pick % 4])
            source = f"hazard.closed:{submission.id}"
            credit_points(session, "closed", source, submission, actor_id=None, now=self.now)

    @rule(pick=PICK)
    def debit(self, pick: int) -> None:
        with self.database.transaction() as session:
            take_back(session, self.hazards[pick % 4], "hazard.closed:", "撤销", actor_id=None, now=self.now)

    @rule(pick=st.integers(0, 40))
    def reopen(self, pick: int) -> None:
        if pick >= len(self.hazards):
            return
        with self.database.transaction() as session:
            where = Rectification.submission_id == self.hazards[pick]
            row = session.scalars(select(Rectification).where(where)).one()
            row.status, row.closed_at, row.closed_by_id = RectifyStatus.ACCEPTED, None, None
            row.recheck_way = row.reopen_until = None
            session.flush()
            reopened = RectificationReopened(
                at=self.now, rectification_id=row.id, submission_id=row.submission_id, step_id=ids.new_id(),
                union_id=None, text=None,
            )  # fmt: skip
            publish(session, reopened)

    @invariant()
    def money_adds_up(self) -> None:
        if not hasattr(self, "batches"):
            return
        with self.database.reading() as session:
            budget = session.get_one(AwardBudget, self.budget)
            assert sum_paid(session, budget.id) <= sum_committed(session, budget.id) <= budget.amount_cents
            paid = session.scalars(select(AwardPayment.entry_id)).all()
            assert len(paid) == len(set(paid))
            for entry_id in paid:
                entry = session.get_one(AwardEntry, entry_id)
                assert entry.status is EntryStatus.LISTED
                assert session.get_one(AwardBatch, entry.batch_id).status in (BatchStatus.FINAL, BatchStatus.PAID)

    @invariant()
    def one_award_per_hazard_and_per_person_of_a_scheme(self) -> None:
        if not hasattr(self, "batches"):
            return
        with self.database.reading() as session:
            held = (
                select(AwardEntry, AwardBatch.scheme_id)
                .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
                .where(
                    AwardEntry.status == EntryStatus.LISTED,
                    AwardBatch.status.in_((BatchStatus.PUBLISHED, BatchStatus.FINAL, BatchStatus.PAID)),
                )
            )
            rows = session.execute(held).all()
            hazards = [entry.submission_id for entry, _ in rows]
            assert len(hazards) == len(set(hazards))
            assert set(hazards) == set(session.scalars(select(AwardClaim.submission_id)))
            people = [(scheme_id, entry.person_id) for entry, scheme_id in rows]
            assert len(people) == len(set(people))

    @invariant()
    def the_ledger_balances(self) -> None:
        if not hasattr(self, "batches"):
            return
        with self.database.reading() as session:
            ledger = check_ledger(session)
            assert ledger.difference == 0
            assert ledger.held == sum(get_balance(session, each.person_id) for each in self.workers)
            assert ledger.held >= 0
            self._standing_once(session)

    def _standing_once(self, session: Session) -> None:
        transfers = session.scalars(select(PointsTransfer)).all()
        countered = {each.reverses_id for each in transfers}
        standing = [each.source for each in transfers if each.reverses_id is None and each.id not in countered]
        assert len(standing) == len(set(standing))

    @invariant()
    def the_log_tells_how_each_batch_came_to_its_state(self) -> None:
        if not hasattr(self, "batches"):
            return
        with self.database.reading() as session:
            for batch_id in self.batches:
                steps = session.scalars(select(AwardStep).where(AwardStep.batch_id == batch_id).order_by(AwardStep.id))
                status = None
                for step in steps:
                    assert step.from_status is status
                    move = BATCHES.find(step.move)
                    assert status in (move.before or (None,))
                    assert step.to_status in (move.after or status, move.last)
                    status = step.to_status
                assert status is session.get_one(AwardBatch, batch_id).status


@pytest.mark.slow("hundreds of moves, each of which the rules are asked about before and after")
def test_no_sequence_of_moves_pays_twice_or_loses_a_cent(embedded: Embedded, tmp_path: Path) -> None:
    wiring.wire()
    runs = 0

    class Here(Life):
        world = embedded.world()

        def __init__(self) -> None:
            nonlocal runs
            runs += 1
            folder = tmp_path / str(runs)
            folder.mkdir()
            self.database = Database(embedded.settings(folder))
            super().__init__()

        def teardown(self) -> None:
            self.database.close()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples(4, full=15), stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
