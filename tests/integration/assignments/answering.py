"""Who answers and who checks in the tests of answers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from server.core import clock
from server.core.db import Database
from server.unions.roles import Role
from server.unions.scans.models import LinkedPhone
from tests.support.callers import Desk, Phone
from tests.support.tasks import Officer, Sender, actor_at
from tests.support.world import Someone, World, make_person


@dataclass
class Cast:
    """A town that asks, the shipyard that answers by two reviewers at desks or a linked phone, and those around."""

    database: Database
    world: World
    desk_of: Callable[[Someone | None], Desk]
    phone_of: Callable[[Someone | None], Phone]
    run_jobs: Callable[..., int]

    @property
    def sender(self) -> Sender:
        people, unions = self.world.people, self.world.unions
        actor = actor_at(self.database, people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside)
        return Sender(self.database, actor, self.run_jobs)

    def ask(self, **changes: object) -> UUID:
        """The shipyard's row of a new assignment of the town."""
        return self.sender.ask(self.world.unions.shipyard, **changes)

    def unit(self, task: UUID) -> Officer:
        return Officer(self.desk_of(self.world.people.enterprise_reviewer), task)

    def town(self, task: UUID) -> Officer:
        return Officer(self.desk_of(self.world.people.town_reviewer), task)

    def reviewer(self, union_id: UUID, role: Role = Role.ENTERPRISE_REVIEWER, name: str = "吴工") -> Someone:
        """One more reviewer of a union."""
        with self.database.transaction() as session:
            person = make_person(session, name, roles=((role, union_id),))
            return Someone(person.id, name)

    def colleague(self, task: UUID) -> Officer:
        return Officer(self.desk_of(self.reviewer(self.world.unions.shipyard)), task)

    def linked_phone(self, worker: Someone | None = None, account: Someone | None = None) -> Phone:
        """The phone that may sign in to the account of the shipyard's reviewer."""
        worker, account = worker or self.world.people.worker, account or self.world.people.enterprise_reviewer
        with self.database.transaction() as session:
            session.add(LinkedPhone(person_id=worker.id, account_id=account.id, linked_at=clock.now()))
        return self.phone_of(worker)
