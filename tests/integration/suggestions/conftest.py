"""Suggestions through the public doors."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from server.core import ids
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import Sample
from tests.support.versions import version_of
from tests.support.world import Someone, World

STEP = re.compile(r"/steps/([0-9a-f-]{36})/")


def words(*photos: Sample, **changes: Any) -> dict[str, Any]:
    """A SuggestionIn."""
    return {
        "category": "s_equipment",
        "title": "给冲床加装光电保护",
        "present_state": "手伸进去时冲头还会落下",
        "proposal": "在冲床两侧加装光电保护装置，手进入就停。",
        "benefit": "不再伤手",
        "photos": [sample.manifest for sample in photos],
    } | changes


class Author:
    """A worker who suggests things."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def put(self, suggestion_id: UUID, **changes: Any) -> Answer:
        return self.phone.put(f"/api/v1/suggestions/{suggestion_id}", words(**changes))

    def suggest(self, **changes: Any) -> UUID:
        suggestion_id = ids.new_id()
        answer = self.put(suggestion_id, **changes)
        assert answer.status == 201, answer.text
        return suggestion_id

    def read(self, suggestion_id: UUID) -> Answer:
        return self.phone.get(f"/api/v1/suggestions/{suggestion_id}")


class Reviewer:
    """Somebody at a desk who decides on suggestions and carries them on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def decide(self, suggestion_id: UUID, move: str, **fields: str) -> Answer:
        path = f"/console/submissions/{suggestion_id}"
        return self.desk.post(f"{path}/{move}", {"version": version_of(self.desk, suggestion_id), **fields})

    def post(self, suggestion_id: UUID, path: str, /, **fields: str) -> Answer:
        return self.desk.post(f"/console/suggestions/{suggestion_id}/{path}", fields)

    def page(self, suggestion_id: UUID) -> Answer:
        return self.desk.get(f"/console/suggestions/{suggestion_id}")

    def plan(self, suggestion_id: UUID, what: str = "采购光电保护装置", due_on: str = "2026-12-31") -> str:
        """Plan a step; returns the id of the last one planned."""
        answer = self.post(suggestion_id, "steps", what=what, owner="设备科", due_on=due_on)
        assert answer.status == 303, answer.text[:1000]
        found: list[str] = STEP.findall(self.page(suggestion_id).text)
        return found[-1]


@pytest.fixture
def author(phone: Phone) -> Author:
    """The worker of the shipyard."""
    return Author(phone)


@pytest.fixture
def colleague(phone_of: Callable[[Someone], Phone], world: World) -> Author:
    """Another worker of the shipyard."""
    return Author(phone_of(world.people.colleague))


@pytest.fixture
def reviewer_of(desk_of: Callable[[Someone], Desk]) -> Callable[[Someone], Reviewer]:
    """Somebody's desk."""
    return lambda who: Reviewer(desk_of(who))


@pytest.fixture
def town(reviewer_of: Callable[[Someone], Reviewer], world: World) -> Reviewer:
    """The reviewer of the town."""
    return reviewer_of(world.people.town_reviewer)


@pytest.fixture
def enterprise(reviewer_of: Callable[[Someone], Reviewer], world: World) -> Reviewer:
    """The reviewer of the shipyard."""
    return reviewer_of(world.people.enterprise_reviewer)


@pytest.fixture
def adopted(author: Author, town: Reviewer) -> Callable[..., UUID]:
    """A suggestion that the town adopted."""

    def adopt(move: str = "accept", **changes: Any) -> UUID:
        suggestion_id = author.suggest(**changes)
        answer = town.decide(suggestion_id, move, reply="好建议，年内装上。")
        assert answer.status == 303, answer.text[:2000]
        return suggestion_id

    return adopt
