"""Hands for sending down: drafts, sending with the job, rows as they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.assignments.dispatch import actions
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.schemas import DraftIn, PassOnIn, RecipientRule
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.support.inbox import titles_told
from tests.support.world import Someone, World

POSTS = {
    "city_reviewer": (Role.CITY_REVIEWER, "city", Level.CITY),
    "district_reviewer": (Role.DISTRICT_REVIEWER, "south", Level.DISTRICT),
    "other_district_reviewer": (Role.DISTRICT_REVIEWER, "north", Level.DISTRICT),
    "town_reviewer": (Role.TOWN_REVIEWER, "seaside", Level.TOWN),
    "other_town_reviewer": (Role.TOWN_REVIEWER, "hillside", Level.TOWN),
    "enterprise_reviewer": (Role.ENTERPRISE_REVIEWER, "shipyard", Level.ENTERPRISE),
    "other_enterprise_reviewer": (Role.ENTERPRISE_REVIEWER, "brewery", Level.ENTERPRISE),
}


@dataclass
class Hands:
    """Whoever sends, by the actions themselves."""

    database: Database
    world: World
    run_jobs: Callable[..., int]

    def actor(self, name: str) -> Actor:
        """A reviewer of the world, by the name of their post."""
        role, union, level = POSTS[name]
        who: Someone = getattr(self.world.people, name)
        at = RoleAt(role, getattr(self.world.unions, union), level, "")
        return Actor(who.id, who.name, ids.new_id(), None, (at,))

    def draft(
        self, by: str = "city_reviewer", *, title: str = "冬季检查", now: datetime | None = None, **said: Any
    ) -> UUID:
        """A draft; what is not said of the rule goes into the draft itself."""
        rule = {name: said.pop(name) for name in list(said) if name in RecipientRule.model_fields}
        rule.setdefault("levels", (Level.ENTERPRISE,))
        said.setdefault("due_on", in_days(10, now))
        body = DraftIn(title=title, rule=RecipientRule(**rule), **said)
        with self.database.transaction() as session:
            moment = now or clock.now()
            return actions.draft_assignment(session, "task", body, actor=self.actor(by), now=moment).id

    def send(
        self, draft_id: UUID, by: str = "city_reviewer", *, now: datetime | None = None, is_done: bool = True
    ) -> None:
        """Send it, and let the job write the rows."""
        with self.database.transaction() as session:
            version = session.get_one(Assignment, draft_id).version
            actions.send_assignment(session, draft_id, version, actor=self.actor(by), now=now or clock.now())
        if is_done:
            self.run_jobs()

    def sent(self, by: str = "city_reviewer", **said: Any) -> UUID:
        """One that was sent."""
        draft_id = self.draft(by, **said)
        self.send(draft_id, by, now=said.get("now"))
        return draft_id

    def load(self, assignment_id: UUID) -> Assignment:
        with self.database.reading() as session:
            return session.get_one(Assignment, assignment_id)

    def rows(self, assignment_id: UUID) -> dict[UUID, Recipient]:
        """Its rows by union."""
        with self.database.reading() as session:
            found = session.scalars(select(Recipient).where(Recipient.assignment_id == assignment_id)).all()
        assert len({row.union_id for row in found}) == len(found)
        return {row.union_id: row for row in found}

    def pass_on(self, row: Recipient, by: str, **rule: Any) -> UUID:
        """A draft of what the union passes on."""
        rule.setdefault("levels", (Level.ENTERPRISE,))
        body = PassOnIn(rule=RecipientRule(**rule), text="请各企业落实")
        with self.database.transaction() as session:
            return actions.pass_on(session, row.id, body, actor=self.actor(by), now=clock.now()).id

    def titles(self, who: Someone) -> list[str]:
        """What stands in somebody's inbox, the oldest first."""
        return titles_told(self.database, who.id)


def in_days(days: int, now: datetime | None = None) -> date:
    return day_of(now or clock.now()) + timedelta(days=days)
