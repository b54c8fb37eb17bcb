"""Who may do what with a rectification: the guards alone."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from server.core import ids
from server.kit.workflow import Party, find_refusal, possible_moves
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import ABOVE, CHECKER, REPORTER, Context, Snapshot
from server.review.rectification.moves.recheck import confirming_move, disagreeing_move
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW as WORKFLOW
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CITY, DISTRICT, TOWN, ENTERPRISE, ELSEWHERE, REPORTER_ID = (ids.new_id() for _ in range(6))


@dataclass(frozen=True)
class Situation:
    """A rectification as the guards see it: its row, and what they read beside it."""

    status: Status = Status.OPEN
    grade: int = 3
    district_id: UUID | None = DISTRICT
    town_id: UUID | None = TOWN
    enterprise_id: UUID | None = ENTERPRISE
    addressee_id: UUID = ENTERPRISE
    addressee_level: Level = Level.ENTERPRISE
    rectifiers: frozenset[UUID] = frozenset()
    asked_days: int | None = None
    asked_by_id: UUID | None = None
    reopen_until: datetime | None = None

    @property
    def row(self) -> Rectification:
        return Rectification(
            status=self.status, grade=self.grade, city_id=CITY, district_id=self.district_id, town_id=self.town_id,
            enterprise_id=self.enterprise_id, addressee_id=self.addressee_id, asked_days=self.asked_days,
            reopen_until=self.reopen_until,
        )  # fmt: skip

    def seen_by(self, actor: Actor, now: datetime) -> Context:
        snapshot = Snapshot(self.addressee_level, "蓝海船厂", REPORTER_ID, self.rectifiers, self.asked_by_id)
        return Context(cast(Any, None), self.row, actor, now, read_snapshot=lambda _session, _row: snapshot)


SITUATION = Situation()
ROLES = {
    Level.CITY: (Role.CITY_REVIEWER, CITY),
    Level.DISTRICT: (Role.DISTRICT_REVIEWER, DISTRICT),
    Level.TOWN: (Role.TOWN_REVIEWER, TOWN),
    Level.ENTERPRISE: (Role.ENTERPRISE_REVIEWER, ENTERPRISE),
}


def at(*levels: Level, person_id: UUID | None = None) -> Actor:
    held = tuple(RoleAt(ROLES[level][0], ROLES[level][1], level, "某工会") for level in levels)
    return Actor(person_id or ids.new_id(), "某人", ids.new_id(), None, held)


def refused(
    move: Move, party: Party[Rectification], situation: Situation, actor: Actor, now: datetime = NOW
) -> str | None:
    refusal = find_refusal(WORKFLOW, WORKFLOW.find(move, party.name), situation.seen_by(actor, now))
    return refusal.code if refusal is not None else None


def allowed_moves(situation: Situation, actor: Actor, now: datetime) -> list[Move]:
    return [Move(move.name) for move in possible_moves(WORKFLOW, situation.seen_by(actor, now))]


def test_each_party_is_offered_its_moves_alone() -> None:
    enterprise, town = at(Level.ENTERPRISE), at(Level.TOWN)
    assert set(allowed_moves(SITUATION, enterprise, NOW)) == {
        Move.ACCEPT, Move.DISPUTE, Move.ASK_EXTENSION, Move.SUBMIT, Move.NOTE,
    }  # fmt: skip
    assert allowed_moves(SITUATION, town, NOW) == [Move.NOTE]
    done = replace(SITUATION, status=Status.SUBMITTED)
    assert set(allowed_moves(done, town, NOW)) == {Move.CLOSE, Move.SEND_BACK, Move.NOTE}
    assert allowed_moves(done, Actor(ids.new_id(), "", ids.new_id(), None), NOW) == []


@pytest.mark.parametrize("level", [Level.TOWN, Level.DISTRICT, Level.CITY])
def test_every_level_above_decides_on_an_objection(level: Level) -> None:
    disputed = replace(SITUATION, status=Status.DISPUTED, asked_by_id=ids.new_id())
    assert refused(Move.DROP, ABOVE, disputed, at(level)) is None
    assert refused(Move.DROP, ABOVE, disputed, at(Level.ENTERPRISE)) == "not_at_this_level"


def test_who_asked_does_not_answer_though_they_hold_a_role_above_too() -> None:
    both = at(Level.ENTERPRISE, Level.TOWN)
    asked = replace(SITUATION, asked_days=5, asked_by_id=both.person_id)
    assert refused(Move.GRANT_EXTENSION, ABOVE, asked, both) == "own_request"


def test_at_the_top_another_person_of_the_same_union_decides() -> None:
    one, other = at(Level.CITY), at(Level.CITY)
    asked = Situation(
        district_id=None, town_id=None, enterprise_id=None, addressee_id=CITY, addressee_level=Level.CITY,
        asked_days=3, asked_by_id=one.person_id,
    )  # fmt: skip
    assert refused(Move.GRANT_EXTENSION, ABOVE, asked, one) == "own_request"
    assert refused(Move.GRANT_EXTENSION, ABOVE, asked, other) is None


@pytest.mark.parametrize(("grade", "code"), [(1, "not_at_this_level"), (2, "not_at_this_level"), (3, None), (4, None)])
def test_the_enterprises_other_reviewer_closes_what_is_not_grave(grade: int, code: str | None) -> None:
    done = replace(SITUATION, status=Status.SUBMITTED, grade=grade, rectifiers=frozenset({ids.new_id()}))
    assert refused(Move.CLOSE, CHECKER, done, at(Level.ENTERPRISE)) == code


def test_below_the_addressee_nobody_rechecks() -> None:
    done = replace(SITUATION, status=Status.SUBMITTED, addressee_id=DISTRICT, addressee_level=Level.DISTRICT)
    assert refused(Move.CLOSE, CHECKER, done, at(Level.TOWN)) == "not_at_this_level"
    assert refused(Move.CLOSE, CHECKER, done, at(Level.DISTRICT)) is None


def test_what_the_reporters_word_amounts_to() -> None:
    assert [confirming_move(replace(SITUATION, grade=grade).row) for grade in (1, 2, 3, 4)] == [
        Move.NOTE, Move.NOTE, Move.CLOSE, Move.CLOSE,
    ]  # fmt: skip
    assert disagreeing_move(replace(SITUATION, status=Status.CLOSED).row) is Move.REOPEN
    assert disagreeing_move(replace(SITUATION, status=Status.SUBMITTED).row) is Move.SEND_BACK


def test_the_window_to_reopen_includes_its_last_moment() -> None:
    closed = replace(SITUATION, status=Status.CLOSED, reopen_until=NOW)
    reporter = Actor(REPORTER_ID, "赵工", ids.new_id(), None, (), is_worker=True)
    assert refused(Move.REOPEN, REPORTER, closed, reporter) is None
    late = NOW + timedelta(seconds=1)
    assert refused(Move.REOPEN, REPORTER, closed, reporter, late) == "reopen_window_over"
    assert refused(Move.REOPEN, REPORTER, closed, at(Level.TOWN)) == "not_found"
