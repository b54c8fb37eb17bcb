"""What there has to be before every list of the console can be opened, and where lists of parts of one thing are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from server.activities.quiz.levels.models import Opening, Quiz
from server.assignments.dispatch.actions import draft_assignment, send_assignment
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.core import clock, ids
from server.core.db import Database
from server.unions.campaigns.models import Campaign
from server.unions.roles import Role
from tests.support.tasks import LATER, actor_at
from tests.support.world import World


@dataclass(frozen=True)
class Places:
    """An assignment of the city that was sent, and a draft."""

    sent: UUID
    draft: UUID

    def place(self, listing: Any) -> dict[str, UUID]:
        """The filters that say of which assignment a list is."""
        if "assignment" not in listing.place_names:
            return {}
        return {"assignment": self.draft if listing.name == "assignment_preview" else self.sent}

    def path(self, listing: Any, **filters: object) -> str:
        """The address of a list."""
        query = urlencode({**self.place(listing), **filters})
        return f"{listing.path}?{query}" if query else str(listing.path)


def open_lists(database: Database, world: World) -> Places:
    """A quiz whose absentees are listed, and two assignments."""
    now = clock.now()
    actor = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
    body = DraftIn(
        title="冬季检查", rule=RecipientRule(plus=(world.unions.shipyard,)), wants_reply=True, due_on=LATER
    )  # fmt: skip
    with database.transaction() as session:
        sent, draft = (draft_assignment(session, "task", body, actor=actor, now=now) for _ in range(2))
        send_assignment(session, sent.id, sent.version, actor=actor, now=now)
        session.get_one(Campaign, world.campaign_id).lists_absentees = True
        session.add(
            Quiz(
                id=ids.new_id(), campaign_id=world.campaign_id, rules="", name="闯关", opening=Opening.BY_PASSING,
                opens_at=now, closes_at=now + timedelta(days=1), created_at=now, published_at=now,
            )
        )  # fmt: skip
        return Places(sent.id, draft.id)
