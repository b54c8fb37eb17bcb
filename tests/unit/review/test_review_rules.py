"""The whitelist and who may walk its edges, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.ids import new_id
from server.review.decisions.rules import UNDO_WINDOW, Decision, Snapshot, acting_role, allowed_moves, find_refusal
from server.review.decisions.schemas import form_of
from server.review.decisions.transitions import DECIDED, EDGES, REVIEWER_MOVES, TRANSITIONS, Party
from server.review.submissions.models import Kind, Move, Status
from server.unions.actor import Actor, RoleAt
from server.unions.roles import ROLE_LEVEL, Level, Role

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LEVELS = (Level.CITY, Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)
BRANCH: dict[Level, UUID | None] = {level: new_id() for level in LEVELS}
REPORTER = new_id()
REVIEWER_ROLES = (Role.ENTERPRISE_REVIEWER, Role.TOWN_REVIEWER, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER)


def routed_to(level: Level) -> dict[Level, UUID | None]:
    """The branch of the union at `level`: nothing below it."""
    return {each: BRANCH[each] if LEVELS.index(each) <= LEVELS.index(level) else None for each in LEVELS}


def reviewer(role: Role, union_id: UUID | None = None) -> Actor:
    level = ROLE_LEVEL[role]
    held = RoleAt(role, union_id or BRANCH[level] or new_id(), level, "某工会")
    return Actor(person_id=new_id(), name="审核员", session_id=new_id(), enterprise_id=None, roles=(held,))


def snapshot(status: Status = Status.QUEUED, routed: Level = Level.ENTERPRISE) -> Snapshot:
    decision = Decision(new_id(), routed, NOW - timedelta(hours=1)) if status in (*DECIDED, Status.RETURNED) else None
    return Snapshot(status, REPORTER, BRANCH, routed_to(routed), "某工会", Kind.HAZARD, decision=decision)


def foreign_to(kind: Kind) -> set[Move]:
    """Moves that are made with the other kind only."""
    return {Move.ACCEPT_IN_PART} if kind is Kind.HAZARD else set()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("role", [*REVIEWER_ROLES, Role.ADMIN])
@pytest.mark.parametrize("kind", Kind)
def test_a_reviewer_may_make_exactly_the_moves_on_the_whitelist(
    status: Status, move: Move, role: Role, kind: Kind
) -> None:
    edge = EDGES.get((status, move))
    listed = edge is not None and edge.who is Party.REVIEWER and role in edge.roles and move not in foreign_to(kind)
    level = ROLE_LEVEL[role]
    case = replace(snapshot(status, routed=level), kind=kind, is_anonymous=move is Move.DISCLOSE)
    actor = reviewer(role)
    if move is Move.RELEASE:
        case = replace(case, claimed_by_id=actor.person_id, claimed_until=NOW + timedelta(minutes=5))
    if move is Move.REOPEN and status in (*DECIDED, Status.RETURNED, Status.QUEUED):
        case = replace(case, decision=Decision(actor.person_id, level, NOW - timedelta(minutes=1)))
    assert (find_refusal(move, case, actor, NOW) is None) == listed


@pytest.mark.parametrize("kind", Kind)
def test_every_move_of_reviewers_has_a_form_for_the_kinds_that_it_is_for(kind: Kind) -> None:
    assert {move for move in Move if form_of(move, kind) is not None} == set(REVIEWER_MOVES) - foreign_to(kind)


@pytest.mark.parametrize("role", REVIEWER_ROLES)
@pytest.mark.parametrize(("is_anonymous", "is_disclosed"), [(False, False), (True, False), (True, True)])
def test_a_name_is_opened_by_the_city_alone_and_once(role: Role, is_anonymous: bool, is_disclosed: bool) -> None:
    case = replace(snapshot(), is_anonymous=is_anonymous, is_disclosed=is_disclosed)
    refusal = find_refusal(Move.DISCLOSE, case, reviewer(role), NOW)
    assert (refusal is None) == (role is Role.CITY_REVIEWER and is_anonymous and not is_disclosed)


def test_the_city_may_open_a_name_wherever_the_submission_is_routed_and_whoever_handles_it() -> None:
    for routed in LEVELS:
        case = replace(
            snapshot(routed=routed), is_anonymous=True, claimed_by_id=new_id(), claimed_until=NOW + timedelta(hours=1)
        )
        assert find_refusal(Move.DISCLOSE, case, reviewer(Role.CITY_REVIEWER), NOW) is None


def test_the_whitelist_names_each_edge_once() -> None:
    assert len(EDGES) == len(TRANSITIONS)


def test_nothing_comes_back_from_withdrawal() -> None:
    assert {edge.move for edge in TRANSITIONS if edge.before is Status.WITHDRAWN} == {Move.NOTE}


@pytest.mark.parametrize("move", REVIEWER_MOVES)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_nobody_handles_what_they_sent_in(move: Move, role: Role) -> None:
    actor = reviewer(role)
    case = replace(snapshot(), reporter_id=actor.person_id)
    refusal = find_refusal(move, case, actor, NOW)
    assert refusal is not None
    assert refusal.code == "own_submission"


@pytest.mark.parametrize("move", REVIEWER_MOVES)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_outside_of_the_scope_there_is_nothing(move: Move, role: Role) -> None:
    refusal = find_refusal(move, snapshot(), reviewer(role, new_id()), NOW)
    assert refusal is not None
    assert refusal.status == 404


@pytest.mark.parametrize("routed", LEVELS)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_those_below_the_union_that_answers_can_only_look_on(routed: Level, role: Role) -> None:
    moves = set(allowed_moves(snapshot(routed=routed), reviewer(role), NOW))
    if LEVELS.index(ROLE_LEVEL[role]) > LEVELS.index(routed):
        assert moves == {Move.NOTE}
    else:
        assert {Move.CLAIM, Move.ACCEPT, Move.DECLINE, Move.RETURN, Move.MARK_DUPLICATE, Move.NOTE} <= moves


def test_one_acts_in_the_name_of_the_nearest_union() -> None:
    held = tuple(RoleAt(role, BRANCH[ROLE_LEVEL[role]] or new_id(), ROLE_LEVEL[role], "") for role in REVIEWER_ROLES)
    actor = replace(reviewer(Role.CITY_REVIEWER), roles=held)
    for level in LEVELS:
        found = acting_role(actor, snapshot(routed=level))
        assert found is not None
        assert found.level is level


@pytest.mark.parametrize(
    "move", [Move.ACCEPT, Move.DECLINE, Move.RETURN, Move.MARK_DUPLICATE, Move.PASS_UP, Move.CLAIM]
)
def test_a_claim_keeps_others_off_until_it_runs_out(move: Move) -> None:
    until = NOW + timedelta(minutes=1)
    case = replace(snapshot(), claimed_by_id=new_id(), claimed_by_name="王芳", claimed_until=until)
    for role in (Role.ENTERPRISE_REVIEWER, Role.TOWN_REVIEWER):
        refusal = find_refusal(move, case, reviewer(role), NOW)
        assert refusal is not None
        assert refusal.code == "claimed"
        assert "王芳" in refusal.message
        assert find_refusal(move, case, reviewer(role), NOW + timedelta(minutes=2)) is None


@given(st.integers(0, 3600))
def test_a_decision_is_undone_by_whoever_made_it_only_while_it_is_fresh(seconds: int) -> None:
    actor = reviewer(Role.TOWN_REVIEWER)
    at = NOW - timedelta(seconds=seconds)
    case = replace(snapshot(Status.ACCEPTED, Level.TOWN), decision=Decision(actor.person_id, Level.TOWN, at))
    refusal = find_refusal(Move.REOPEN, case, actor, NOW)
    assert (refusal is None) == (timedelta(seconds=seconds) <= UNDO_WINDOW)


@pytest.mark.parametrize("decided_at", LEVELS)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_an_old_decision_is_overruled_from_above_only(decided_at: Level, role: Role) -> None:
    level = ROLE_LEVEL[role]
    case = replace(snapshot(Status.DECLINED), decision=Decision(new_id(), decided_at, NOW - timedelta(days=2)))
    above = LEVELS.index(level) < LEVELS.index(decided_at) or level is Level.CITY
    assert (find_refusal(Move.REOPEN, case, reviewer(role), NOW) is None) == above


def test_whoever_passed_it_on_takes_that_back_while_it_is_fresh_and_nobody_has_begun() -> None:
    actor = reviewer(Role.TOWN_REVIEWER)
    passed = replace(snapshot(routed=Level.DISTRICT), decision=Decision(actor.person_id, Level.TOWN, NOW))
    assert find_refusal(Move.REOPEN, passed, actor, NOW + UNDO_WINDOW) is None
    late = find_refusal(Move.REOPEN, passed, actor, NOW + UNDO_WINDOW + timedelta(seconds=1))
    begun = replace(passed, claimed_by_id=new_id(), claimed_until=NOW + timedelta(minutes=5))
    taken = find_refusal(Move.REOPEN, begun, actor, NOW)
    others = find_refusal(Move.REOPEN, passed, reviewer(Role.DISTRICT_REVIEWER), NOW)
    assert [each and each.code for each in (late, taken, others)] == ["undo_expired", "claimed", "not_now"]
