"""Who may make which move on a submission in which state, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import AppError
from server.core.ids import new_id
from server.kit.workflow import MoveContext
from server.review.decisions.moves.deciding import UNDO_WINDOW
from server.review.decisions.moves.parties import acting_role
from server.review.decisions.moves.snapshots import Decision, Snapshot
from server.review.decisions.schemas import form_of
from server.review.decisions.workflow import (
    DECIDED,
    REVIEWER_MOVES,
    SUBMISSION_WORKFLOW,
    ReviewerMove,
    offered_moves,
    refusal_of,
)
from server.review.submissions.models import Kind, Move, Status, Submission
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt
from server.unions.roles import ROLE_LEVEL, Level, Role

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LEVELS = (Level.CITY, Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)
BRANCH: dict[Level, UUID | None] = {level: new_id() for level in LEVELS}
REPORTER = new_id()
REVIEWER_ROLES = (Role.ENTERPRISE_REVIEWER, Role.TOWN_REVIEWER, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER)
Context = MoveContext[Submission]


def routed_to(level: Level) -> dict[Level, UUID | None]:
    """The branch of the union at `level`: nothing below it."""
    return {each: BRANCH[each] if LEVELS.index(each) <= LEVELS.index(level) else None for each in LEVELS}


def reviewer(role: Role, union_id: UUID | None = None) -> Actor:
    level = ROLE_LEVEL[role]
    held = RoleAt(role, union_id or BRANCH[level] or new_id(), level, "某工会")
    return Actor(person_id=new_id(), name="审核员", session_id=new_id(), enterprise_id=None, roles=(held,))


def on(
    actor: Actor,
    status: Status = Status.QUEUED,
    routed: Level = Level.ENTERPRISE,
    *,
    now: datetime = NOW,
    decision: Decision | None = None,
    claimed_by_name: str | None = None,
    **columns: Any,
) -> Context:
    """A move by `actor` on a hazard in that status; decided an hour ago by somebody else, where it is decided."""
    if decision is None and status in (*DECIDED, Status.RETURNED):
        decision = Decision(new_id(), routed, NOW - timedelta(hours=1))
    placed = {column: BRANCH[level] for level, column in SCOPE_COLUMNS.items()}
    row = Submission(**{"status": status, "kind": Kind.HAZARD, "reporter_id": REPORTER, **placed, **columns})
    snapshot = Snapshot(routed_to(routed), "某工会", claimed_by_name, decision=decision)
    return MoveContext(cast(Any, None), row, actor, now, read_snapshot=lambda _session, _row: snapshot)


def code_of(refusal: AppError | None) -> str | None:
    return refusal.code if refusal is not None else None


def claimed(minutes: int = 5, by: UUID | None = None) -> dict[str, Any]:
    return {"claimed_by_id": by or new_id(), "claimed_until": NOW + timedelta(minutes=minutes)}


def foreign_to(kind: Kind) -> set[Move]:
    """Moves that are made with the other kind only."""
    return {Move.ACCEPT_IN_PART} if kind is Kind.HAZARD else set()


LEVELS_OF: dict[str, set[Level]] = {
    "below_city": set(LEVELS) - {Level.CITY}, "above_enterprise": set(LEVELS) - {Level.ENTERPRISE}, "city": {Level.CITY}
}  # fmt: skip


def is_declared(status: Status, move: Move, role: Role) -> bool:
    """Whether a reviewer of that level has such a move in that status."""
    return role in REVIEWER_ROLES and any(
        each.name == move and status in each.before and ROLE_LEVEL[role] in LEVELS_OF.get(each.party.name, LEVELS)
        for each in SUBMISSION_WORKFLOW.moves
        if isinstance(each, ReviewerMove)
    )


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", REVIEWER_MOVES)
@pytest.mark.parametrize("role", [*REVIEWER_ROLES, Role.ADMIN])
@pytest.mark.parametrize("kind", Kind)
def test_a_reviewer_may_make_exactly_the_declared_moves(status: Status, move: Move, role: Role, kind: Kind) -> None:
    actor, level = reviewer(role), ROLE_LEVEL[role]
    decision = Decision(actor.person_id, level, NOW - timedelta(minutes=1)) if move is Move.REOPEN else None
    claim = claimed(by=actor.person_id) if move is Move.RELEASE else {}
    context = on(actor, status, level, decision=decision, kind=kind, is_anonymous=move is Move.DISCLOSE, **claim)
    may = is_declared(status, move, role) and move not in foreign_to(kind)
    assert (refusal_of(context, move) is None) == may


@pytest.mark.parametrize("kind", Kind)
def test_every_move_of_reviewers_has_a_form_for_the_kinds_that_it_is_for(kind: Kind) -> None:
    assert {move for move in Move if form_of(move, kind) is not None} == set(REVIEWER_MOVES) - foreign_to(kind)


@pytest.mark.parametrize("role", REVIEWER_ROLES)
@pytest.mark.parametrize(("is_anonymous", "is_disclosed"), [(False, False), (True, False), (True, True)])
def test_a_name_is_opened_by_the_city_alone_and_once(role: Role, is_anonymous: bool, is_disclosed: bool) -> None:
    context = on(reviewer(role), is_anonymous=is_anonymous, disclosed_at=NOW if is_disclosed else None)
    may = role is Role.CITY_REVIEWER and is_anonymous and not is_disclosed
    assert (refusal_of(context, Move.DISCLOSE) is None) == may


def test_the_city_may_open_a_name_wherever_the_submission_is_routed_and_whoever_handles_it() -> None:
    for routed in LEVELS:
        context = on(reviewer(Role.CITY_REVIEWER), routed=routed, is_anonymous=True, **claimed(60))
        assert refusal_of(context, Move.DISCLOSE) is None


def test_nothing_comes_back_from_withdrawal() -> None:
    assert {move.name for move in SUBMISSION_WORKFLOW.moves if Status.WITHDRAWN in move.before} == {Move.NOTE}


@pytest.mark.parametrize("move", REVIEWER_MOVES)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_nobody_handles_what_they_sent_in(move: Move, role: Role) -> None:
    actor = reviewer(role)
    assert code_of(refusal_of(on(actor, reporter_id=actor.person_id), move)) == "own_submission"


@pytest.mark.parametrize("move", REVIEWER_MOVES)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_outside_of_the_scope_there_is_nothing(move: Move, role: Role) -> None:
    assert code_of(refusal_of(on(reviewer(role, new_id())), move)) == "not_found"


@pytest.mark.parametrize("routed", LEVELS)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_those_below_the_union_that_answers_can_only_look_on(routed: Level, role: Role) -> None:
    moves = set(offered_moves(on(reviewer(role), routed=routed)))
    if LEVELS.index(ROLE_LEVEL[role]) > LEVELS.index(routed):
        assert moves == {Move.NOTE}
    else:
        assert {Move.CLAIM, Move.ACCEPT, Move.DECLINE, Move.RETURN, Move.MARK_DUPLICATE, Move.NOTE} <= moves


def test_one_acts_in_the_name_of_the_nearest_union() -> None:
    held = tuple(RoleAt(role, BRANCH[ROLE_LEVEL[role]] or new_id(), ROLE_LEVEL[role], "") for role in REVIEWER_ROLES)
    actor = replace(reviewer(Role.CITY_REVIEWER), roles=held)
    for level in LEVELS:
        found = acting_role(on(actor, routed=level))
        assert found is not None
        assert found.level is level


@pytest.mark.parametrize(
    "move", [Move.ACCEPT, Move.DECLINE, Move.RETURN, Move.MARK_DUPLICATE, Move.PASS_UP, Move.CLAIM]
)
def test_a_claim_keeps_others_off_until_it_runs_out(move: Move) -> None:
    claim = claimed(1)
    for role in (Role.ENTERPRISE_REVIEWER, Role.TOWN_REVIEWER):
        refusal = refusal_of(on(reviewer(role), claimed_by_name="王芳", **claim), move)
        assert refusal is not None
        assert refusal.code == "claimed"
        assert "王芳" in refusal.message
        later = on(reviewer(role), now=NOW + timedelta(minutes=2), claimed_by_name="王芳", **claim)
        assert refusal_of(later, move) is None


@given(st.integers(0, 3600))
def test_a_decision_is_undone_by_whoever_made_it_only_while_it_is_fresh(seconds: int) -> None:
    actor = reviewer(Role.TOWN_REVIEWER)
    decision = Decision(actor.person_id, Level.TOWN, NOW - timedelta(seconds=seconds))
    refusal = refusal_of(on(actor, Status.ACCEPTED, Level.TOWN, decision=decision), Move.REOPEN)
    assert (refusal is None) == (timedelta(seconds=seconds) <= UNDO_WINDOW)


@pytest.mark.parametrize("decided_at", LEVELS)
@pytest.mark.parametrize("role", REVIEWER_ROLES)
def test_an_old_decision_is_overruled_from_above_only(decided_at: Level, role: Role) -> None:
    level = ROLE_LEVEL[role]
    decision = Decision(new_id(), decided_at, NOW - timedelta(days=2))
    above = LEVELS.index(level) < LEVELS.index(decided_at) or level is Level.CITY
    context = on(reviewer(role), Status.DECLINED, decision=decision)
    assert (refusal_of(context, Move.REOPEN) is None) == above


def test_whoever_passed_it_on_takes_that_back_while_it_is_fresh_and_nobody_has_begun() -> None:
    actor = reviewer(Role.TOWN_REVIEWER)

    def take_back(who: Actor = actor, **changes: Any) -> str | None:
        decision = Decision(actor.person_id, Level.TOWN, NOW)
        return code_of(refusal_of(on(who, routed=Level.DISTRICT, decision=decision, **changes), Move.REOPEN))

    assert take_back(now=NOW + UNDO_WINDOW) is None
    assert take_back(now=NOW + UNDO_WINDOW + timedelta(seconds=1)) == "undo_expired"
    assert take_back(**claimed()) == "claimed"
    assert take_back(reviewer(Role.DISTRICT_REVIEWER)) == "not_now"
