"""May this person make this move now? Pure: works on a snapshot of the submission. Pages ask it what to offer, actions
ask it again under the row's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.core.errors import AppError, Conflict, Forbidden, NotFound
from server.review.decisions.schemas import form_of
from server.review.decisions.transitions import EDGES, REVIEWER_MOVES, Party
from server.review.submissions.models import Kind, Move, Status
from server.review.submissions.texts import moment_text, status_text, union_label
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level
from server.unions.tree.rules import RANK

UNDO_WINDOW = timedelta(minutes=10)

Branch = Mapping[Level, UUID | None]
"""The union at each level of one branch of the tree, None below its end."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision that stands, or the passing on of what still waits: by whom, for a union at which level, when."""

    actor_id: UUID | None
    level: Level | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a submission looks like to the rules. `scope` is its own branch, `routed` that of the union that answers."""

    status: Status
    reporter_id: UUID
    scope: Branch
    routed: Branch
    routed_name: str
    kind: Kind
    claimed_by_id: UUID | None = None
    claimed_by_name: str | None = None
    claimed_until: datetime | None = None
    claimed_from_elsewhere: bool = False  # by somebody who does not review for the union that answers
    decision: Decision | None = None
    obstacle: AppError | None = None  # what followed from the decision and cannot be undone any more
    is_anonymous: bool = False
    is_disclosed: bool = False


def covering(actor: Actor, scope: Branch) -> tuple[RoleAt, ...]:
    """The reviewer's roles whose subtree holds the branch."""
    return tuple(held for held in actor.reviewing if scope.get(held.level) == held.union_id)


def acting_role(actor: Actor, snapshot: Snapshot) -> RoleAt | None:
    """The role by which the actor answers for the submission: at the union it is routed to, or the nearest above.

    Passed up, it is out of the hands of those below.
    """
    held = covering(actor, snapshot.routed)
    return max(held, key=lambda role: RANK[role.level]) if held else None


def claimed_by_another(snapshot: Snapshot, actor: Actor, now: datetime) -> bool:
    """Whether somebody else's lease still runs."""
    return (
        snapshot.claimed_by_id not in (None, actor.person_id)
        and snapshot.claimed_until is not None
        and snapshot.claimed_until > now
    )


def may_take_over(snapshot: Snapshot, actor: Actor, now: datetime) -> bool:
    """Whether the actor, of the union that has to answer, may take it from somebody of another union who holds it."""
    held = acting_role(actor, snapshot)
    answering = max((level for level, union_id in snapshot.routed.items() if union_id), key=RANK.__getitem__)
    is_ours = held is not None and held.union_id == snapshot.routed[answering]
    return is_ours and snapshot.claimed_from_elsewhere and claimed_by_another(snapshot, actor, now)


def may_undo(snapshot: Snapshot, actor: Actor, now: datetime) -> bool:
    """Whether the decision is the actor's own and fresh enough to be taken back without a reason."""
    decision = snapshot.decision
    return decision is not None and decision.actor_id == actor.person_id and now - decision.at <= UNDO_WINDOW


def may_overrule(snapshot: Snapshot, held: RoleAt) -> bool:
    """Whether the role stands above the level that decided; nobody stands above the city, so it may overrule itself."""
    decision = snapshot.decision
    if decision is None or decision.level is None:
        return False
    return held.level is Level.CITY or RANK[held.level] < RANK[decision.level]


def find_refusal(move: Move, snapshot: Snapshot, actor: Actor, now: datetime) -> AppError | None:
    """Why the actor may not make the move now; None if they may."""
    if snapshot.status is Status.INCOMPLETE or not covering(actor, snapshot.scope):
        return NotFound()
    if actor.is_own(snapshot.reporter_id):
        return Forbidden("这是您自己提交的，请让别的审核员处理。", code="own_submission")
    edge = EDGES.get((snapshot.status, move))
    if edge is None or edge.who is not Party.REVIEWER or form_of(move, snapshot.kind) is None:
        text = status_text(snapshot.kind, snapshot.status)
        return Conflict(f"这条内容现在是“{text}”，不能这样处理。", code="not_now")
    if move is Move.NOTE:
        return None
    if move is Move.DISCLOSE:
        return _refuse_disclosure(snapshot, actor)
    if move is Move.REOPEN and snapshot.status is Status.QUEUED:
        return _refuse_taking_back(snapshot, actor, now)
    held = acting_role(actor, snapshot)
    if held is None:
        where = union_label(snapshot.routed_name)
        return Forbidden(f"这条内容已转给{where}，由他们处理。", code="passed_on")
    if held.role not in edge.roles:
        return Forbidden(code="not_at_this_level")
    if move is Move.REOPEN:
        return _refuse_reopening(snapshot, held, actor, now)
    return _refuse_by_claim(move, snapshot, actor, now)


def _refuse_reopening(snapshot: Snapshot, held: RoleAt, actor: Actor, now: datetime) -> AppError | None:
    if may_undo(snapshot, actor, now) or may_overrule(snapshot, held):
        return snapshot.obstacle
    return Forbidden("已过了可以撤销的时间，请联系上级工会重新审核。", code="undo_expired")


def _refuse_taking_back(snapshot: Snapshot, actor: Actor, now: datetime) -> AppError | None:
    """Passed on, it is out of one's hands; whoever did that may take it back while nobody has begun with it."""
    if snapshot.decision is None or snapshot.decision.actor_id != actor.person_id:
        text = status_text(snapshot.kind, snapshot.status)
        return Conflict(f"这条内容现在是“{text}”，不能这样处理。", code="not_now")
    if not may_undo(snapshot, actor, now):
        return Forbidden("已过了可以撤销的时间，请和接手的工会联系。", code="undo_expired")
    return _refuse_by_claim(Move.REOPEN, snapshot, actor, now)


def _refuse_disclosure(snapshot: Snapshot, actor: Actor) -> AppError | None:
    if not snapshot.is_anonymous:
        return Conflict("这条不是匿名提交的，不用查看。", code="not_anonymous")
    if snapshot.is_disclosed:
        return Conflict("姓名已经查看过，就显示在这一页上。", code="already_disclosed")
    if all(held.level is not Level.CITY for held in covering(actor, snapshot.scope)):
        return Forbidden("只有市总工会可以查看匿名职工的姓名。", code="not_at_this_level")
    return None


def _refuse_by_claim(move: Move, snapshot: Snapshot, actor: Actor, now: datetime) -> AppError | None:
    if claimed_by_another(snapshot, actor, now) and snapshot.claimed_until is not None:
        can_take_over = may_take_over(snapshot, actor, now)
        if can_take_over and move is Move.CLAIM:
            return None
        who = snapshot.claimed_by_name or "别的审核员"
        until = f"{who}正在处理这条，预留到 {moment_text(snapshot.claimed_until)}。"
        return Conflict(f"{until}这条由您的工会答复，可以接手。" if can_take_over else until, code="claimed")
    if move is Move.RELEASE and snapshot.claimed_by_id != actor.person_id:
        return Conflict("您没有在处理这条，不用放回。", code="not_claimed")
    return None


def allowed_moves(snapshot: Snapshot, actor: Actor, now: datetime) -> list[Move]:
    """Every move the actor may make now."""
    return [move for move in REVIEWER_MOVES if find_refusal(move, snapshot, actor, now) is None]
