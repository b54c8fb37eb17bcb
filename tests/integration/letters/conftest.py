"""Hands for letters: desks that draft, issue and answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from server.core.db import Database
from server.oversight.letters.models import Letter
from tests.support.callers import Answer, Desk
from tests.support.world import Someone, World


@dataclass
class Writer:
    """Somebody at a desk who writes letters in the name of one union."""

    desk: Desk
    issuer_id: UUID
    addressee_id: UUID
    database: Database

    def draft(self, **changes: str) -> UUID:
        answer = self.try_draft(**changes)
        assert answer.status == 303, answer.text[:3000]
        return UUID(answer.headers["Location"].rsplit("/", 1)[1])

    def try_draft(self, **changes: str) -> Answer:
        fields = {
            "kind": "notice", "issuer_id": str(self.issuer_id), "addressee_id": str(self.addressee_id),
            "addressee_name": "船厂", "mark": "海工", "subject": "关于消除隐患的提示函", "body": "一、配电箱敞开。",
            "reply_days": "10", "rectification": "", **changes,
        }  # fmt: skip
        return self.desk.post("/console/letters", fields)

    def act(self, letter_id: UUID, act: str, **fields: str) -> Answer:
        sent = {"version": str(load(self.database, letter_id).version), **fields}
        return self.desk.post(f"/console/letters/{letter_id}/{act}", sent)

    def issue(self, **changes: str) -> UUID:
        letter_id = self.draft(**changes)
        assert self.act(letter_id, "issue").status == 303
        return letter_id


def load(database: Database, letter_id: UUID) -> Letter:
    with database.reading() as session:
        return session.get_one(Letter, letter_id)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"海工提〔\d{4}〕\d+号", text)


@pytest.fixture
def writer_of(desk_of: Callable[[Someone | None], Desk], world: World, database: Database) -> Callable[..., Writer]:
    """`writer_of(who, union_id)` writes to the shipyard."""
    return lambda who, union_id: Writer(desk_of(who), union_id, world.unions.shipyard, database)


@pytest.fixture
def town(writer_of: Callable[..., Writer], world: World) -> Writer:
    """The reviewer of seaside, above the shipyard."""
    return writer_of(world.people.town_reviewer, world.unions.seaside)


@pytest.fixture
def shipyard(writer_of: Callable[..., Writer], world: World) -> Writer:
    """The shipyard's own reviewer."""
    return writer_of(world.people.enterprise_reviewer, world.unions.shipyard)
