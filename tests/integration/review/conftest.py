"""A reviewer's hands: pages opened, moves made, rows looked at."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from server.core.db import Database
from server.review.submissions.models import Submission
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import jpeg
from tests.support.versions import version_of
from tests.support.world import Someone, World

VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class Reviewer:
    """Somebody at a desk who opens submissions and makes moves on them."""

    desk: Desk

    def open(self, submission_id: UUID) -> Answer:
        return self.desk.get(f"/console/submissions/{submission_id}")

    def version_of(self, submission_id: UUID) -> str:
        """The version on the page; 1 when it shows no form."""
        found = VERSION.search(self.open(submission_id).text)
        return found[1] if found else "1"

    def move(self, submission_id: UUID, move: str, **fields: str) -> Answer:
        """Make a move, as the form on the page does."""
        sent = {"version": version_of(self.desk, submission_id), **fields}
        return self.desk.post(f"/console/submissions/{submission_id}/{move}", sent)


@pytest.fixture
def reviewer_of(desk_of: Callable[[Someone], Desk]) -> Callable[[Someone], Reviewer]:
    """`reviewer_of(world.people.town_reviewer)`."""
    return lambda who: Reviewer(desk_of(who))


@pytest.fixture
def town(reviewer_of: Callable[[Someone], Reviewer], world: World) -> Reviewer:
    """The reviewer of the town that the shipyard and the bakery belong to."""
    return reviewer_of(world.people.town_reviewer)


@pytest.fixture
def hazard_id(phone: Phone, world: World) -> UUID:
    """A hazard at the shipyard, waiting."""
    return phone.report(jpeg(), enterprise_id=world.unions.shipyard)


@pytest.fixture
def row_of(database: Database) -> Callable[[UUID], Submission]:
    """The submission's row as it is now."""

    def load(submission_id: UUID) -> Submission:
        with database.reading() as session:
            return session.get_one(Submission, submission_id)

    return load
