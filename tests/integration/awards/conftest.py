"""Closed hazards, a budget, a scheme with its batches; desks that award."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.oversight.awards.models import AwardBatch, AwardBudget, AwardEntry, AwardStep
from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.support.callers import Desk
from tests.support.world import Someone, World

__all__ = ["accepted", "hand_of", "rectifier", "town"]


@dataclass
class Awards:
    """The city's desk, and what the database says."""

    desk: Desk
    database: Database
    city_id: UUID
    who: Someone

    def post(self, path: str, **fields: str) -> int:
        """A form sent to the console; the status of the answer."""
        return self.desk.post(f"/console/awards{path}", fields).status

    def scheme(self, *, budget: str = "1000", **changes: str) -> list[UUID]:
        """A budget and a scheme; the ids of its batches."""
        assert self.post("/budgets", union_id=str(self.city_id), name="专项奖励", amount_cents=budget) == 303
        with self.database.reading() as session:
            budget_id = session.scalars(select(AwardBudget.id).order_by(AwardBudget.id.desc()).limit(1)).one()
        fields = {
            "budget_id": str(budget_id), "name": "优秀职工", "kind": "worker", "quota": "2", "batches": "1",
            "grades": "1", "amount_cents": "100", "starts_on": "2026-01-01", "ends_on": "2030-12-31",
            "objection_days": "3", "nomination_quota": "1", **changes,
        }  # fmt: skip
        sent: dict[str, str | list[str]] = {**fields, "grades": fields["grades"].split(",")}
        answer = self.desk.post("/console/awards/schemes", sent)
        assert answer.status == 303, answer.text[:2000]
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(AwardBatch.id)
                    .order_by(AwardBatch.scheme_id.desc(), AwardBatch.number)
                    .limit(int(fields["batches"]))
                )
            )

    def entries(self, batch_id: UUID) -> list[AwardEntry]:
        """What is in a batch, by place."""
        with self.database.reading() as session:
            statement = select(AwardEntry).where(AwardEntry.batch_id == batch_id)
            return list(session.scalars(statement.order_by(AwardEntry.place, AwardEntry.id)))

    def batch(self, batch_id: UUID) -> AwardBatch:
        """A batch as it is now."""
        with self.database.reading() as session:
            return session.get_one(AwardBatch, batch_id)

    def moves(self, batch_id: UUID) -> list[str]:
        """Its log."""
        with self.database.reading() as session:
            statement = select(AwardStep.move).where(AwardStep.batch_id == batch_id).order_by(AwardStep.id)
            return [str(move) for move in session.scalars(statement)]


@pytest.fixture
def awards(desk_of: Callable[[Someone], Desk], database: Database, world: World) -> Awards:
    """The city awards."""
    return Awards(desk_of(world.people.city_reviewer), database, world.unions.city, world.people.city_reviewer)


@pytest.fixture
def closed(accepted: Callable[..., Case], rectifier: Hand, town: Hand) -> Callable[..., Case]:
    """`closed(grade=3)`: a hazard of the worker, put right and rechecked."""

    def make(**changes: object) -> Case:
        case = accepted(**changes)
        rectifier.submit(case.row)
        assert town.move(case.row, "close", way="on_site").status == 303
        return case

    return make
