"""Who may do what with a rectification: the rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from server.core import ids
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.rules import Snapshot, allowed_moves, confirming_move, disagreeing_move, find_refusal
from server.review.rectification.transitions import Party
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CITY, DISTRICT, TOWN, ENTERPRISE, ELSEWHERE, REPORTER = (ids.new_id() for _ in range(6))
SCOPE = {Level.CITY: CITY, Level.DISTRICT: DISTRICT, Level.TOWN: TOWN, Level.ENTERPRISE: ENTERPRISE}
SITUATION = Snapshot(Status.OPEN, 3, SCOPE, ENTERPRISE, Level.ENTERPRISE, "蓝海船厂", REPORTER)
ROLES = {
    Level.CITY: (Role.CITY_REVIEWER, CITY),
    Level.DISTRICT: (Role.DISTRICT_REVIEWER, DISTRICT),
    Level.TOWN: (Role.TOWN_REVIEWER, TOWN),
    Level.ENTERPRISE: (Role.ENTERPRISE_REVIEWER, ENTERPRISE),
}


def at(*levels: Level, person_id: UUID | None = None) -> Actor:
    held = tuple(RoleAt(ROLES[level][0], ROLES[level][1], level, "某工会") for level in levels)
    return Actor(person_id or ids.new_id(), "某人", ids.new_id(), None, held)


def refused(move: Move, party: Party, snapshot: Snapshot, actor: Actor, now: datetime = NOW) -> str | None:
    refusal = find_refusal(move, party, snapshot, actor, now)
    return refusal.code if refusal is not None else None


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
    assert refused(Move.DROP, Party.ABOVE, disputed, at(level)) is None
    assert refused(Move.DROP, Party.ABOVE, disputed, at(Level.ENTERPRISE)) == "not_at_this_level"


def test_who_asked_does_not_answer_though_they_hold_a_role_above_too() -> None:
    both = at(Level.ENTERPRISE, Level.TOWN)
    asked = replace(SITUATION, asked_days=5, asked_by_id=both.person_id)
    assert refused(Move.GRANT_EXTENSION, Party.ABOVE, asked, both) == "own_request"


def test_at_the_top_another_person_of_the_same_union_decides() -> None:
    one, other = at(Level.CITY), at(Level.CITY)
    scope = {Level.CITY: CITY, Level.DISTRICT: None, Level.TOWN: None, Level.ENTERPRISE: None}
    asked = replace(
        SITUATION, scope=scope, addressee_id=CITY, addressee_level=Level.CITY, asked_days=3, asked_by_id=one.person_id
    )
    assert refused(Move.GRANT_EXTENSION, Party.ABOVE, asked, one) == "own_request"
    assert refused(Move.GRANT_EXTENSION, Party.ABOVE, asked, other) is None


@pytest.mark.parametrize(("grade", "code"), [(1, "not_at_this_level"), (2, "not_at_this_level"), (3, None), (4, None)])
def test_the_enterprises_other_reviewer_closes_what_is_not_grave(grade: int, code: str | None) -> None:
    done = replace(SITUATION, status=Status.SUBMITTED, grade=grade, rectifiers=frozenset({ids.new_id()}))
    assert refused(Move.CLOSE, Party.CHECKER, done, at(Level.ENTERPRISE)) == code


def test_below_the_addressee_nobody_rechecks() -> None:
    done = replace(SITUATION, status=Status.SUBMITTED, addressee_id=DISTRICT, addressee_level=Level.DISTRICT)
    assert refused(Move.CLOSE, Party.CHECKER, done, at(Level.TOWN)) == "not_at_this_level"
    assert refused(Move.CLOSE, Party.CHECKER, done, at(Level.DISTRICT)) is None


def test_what_the_reporters_word_amounts_to() -> None:
    assert [confirming_move(replace(SITUATION, grade=grade)) for grade in (1, 2, 3, 4)] == [
        Move.NOTE, Move.NOTE, Move.CLOSE, Move.CLOSE,
    ]  # fmt: skip
    assert disagreeing_move(replace(SITUATION, status=Status.CLOSED)) is Move.REOPEN
    assert disagreeing_move(replace(SITUATION, status=Status.SUBMITTED)) is Move.SEND_BACK


def test_the_window_to_reopen_includes_its_last_moment() -> None:
    closed = replace(SITUATION, status=Status.CLOSED, reopen_until=NOW)
    reporter = Actor(REPORTER, "赵工", ids.new_id(), None, (), is_worker=True)
    assert refused(Move.REOPEN, Party.REPORTER, closed, reporter) is None
    late = NOW + timedelta(seconds=1)
    assert refused(Move.REOPEN, Party.REPORTER, closed, reporter, late) == "reopen_window_over"
    assert refused(Move.REOPEN, Party.REPORTER, closed, at(Level.TOWN)) == "not_found"
