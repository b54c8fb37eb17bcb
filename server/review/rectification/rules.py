"""May this person make this move now? Pure: works on a snapshot of the rectification. Pages ask it what to offer,
actions ask it again under the row's lock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.core.errors import AppError, Conflict, Forbidden, NotFound
from server.review.decisions.rules import Branch, covering
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.texts import STATUS_TEXTS
from server.review.rectification.transitions import CONSOLE_PARTIES, EDGES, Party
from server.review.submissions.texts import union_label
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level
from server.unions.tree.rules import RANK

GRAVE = 2
"""Hazards of grades up to this are closed above the enterprise only."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a rectification looks like to the rules.

    `rectifiers` accepted it or said that it is done, at any time; `asked_by_id` asked for the extension that waits for
    an answer, or made the objection.
    """

    status: Status
    grade: int
    scope: Branch
    addressee_id: UUID
    addressee_level: Level
    addressee_name: str
    reporter_id: UUID
    rectifiers: frozenset[UUID] = frozenset()
    asked_days: int | None = None
    asked_by_id: UUID | None = None
    reopen_until: datetime | None = None


def find_refusal(move: Move, party: Party, snapshot: Snapshot, actor: Actor, now: datetime) -> AppError | None:
    """Why the actor may not make the move on behalf of `party` now; None if they may."""
    if party is Party.REPORTER:
        if actor.person_id != snapshot.reporter_id:
            return NotFound()
    elif not covering(actor, snapshot.scope):
        return NotFound()
    edge = EDGES.get((snapshot.status, move, party))
    if edge is None:
        text = STATUS_TEXTS[snapshot.status]
        return Conflict(f"这条整改现在是“{text}”，不能这样处理。", code="not_now")
    if party is not Party.REPORTER:
        refusal = _refuse_person(party, snapshot, actor)
        if refusal is not None:
            return refusal
        held = acting_role(party, snapshot, actor)
        if held is None or held.role not in edge.roles:
            return _not_yours(party, snapshot)
    check = _CHECKS.get(move)
    return check(party, snapshot, actor, now) if check is not None else None


def acting_role(party: Party, snapshot: Snapshot, actor: Actor) -> RoleAt | None:
    """The role by which the actor can make moves on behalf of `party`, the nearest to the addressee; None without."""
    rank = RANK[snapshot.addressee_level]
    fitting = [held for held in covering(actor, snapshot.scope) if _fits(held, party, snapshot, rank)]
    return max(fitting, key=lambda held: RANK[held.level]) if fitting else None


def _fits(held: RoleAt, party: Party, snapshot: Snapshot, rank: int) -> bool:
    if party is Party.ADDRESSEE:
        return held.union_id == snapshot.addressee_id
    if party is Party.ABOVE:  # nobody stands above the city: there another person decides
        return RANK[held.level] < rank or (held.level is Level.CITY and snapshot.addressee_level is Level.CITY)
    if party is Party.CHECKER:
        return RANK[held.level] <= rank and not (snapshot.grade <= GRAVE and held.level is Level.ENTERPRISE)
    return party is Party.UNION


def _refuse_person(party: Party, snapshot: Snapshot, actor: Actor) -> AppError | None:
    """Nobody decides on what they sent in, asked for or put right themselves."""
    if party not in (Party.ABOVE, Party.CHECKER):
        return None
    if actor.is_own(snapshot.reporter_id):
        return Forbidden("这是您自己提交的，请让别的审核员处理。", code="own_submission")
    if party is Party.ABOVE and actor.is_own(snapshot.asked_by_id):
        return Forbidden("这是您自己提出的，请让别的审核员答复。", code="own_request")
    if party is Party.CHECKER and actor.own_ids & snapshot.rectifiers:
        return Forbidden("这条是您负责整改的，请让别人复查。", code="own_rectification")
    return None


def _not_yours(party: Party, snapshot: Snapshot) -> AppError:
    who = union_label(snapshot.addressee_name)
    if party is Party.ADDRESSEE:
        return Forbidden(f"这条由{who}整改，由他们来答复。", code="not_addressee")
    if party is Party.CHECKER and snapshot.addressee_level is Level.ENTERPRISE and snapshot.grade <= GRAVE:
        return Forbidden("重大和较大隐患由上级工会复查。", code="not_at_this_level")
    return Forbidden("要由上级工会来决定。", code="not_at_this_level")


# --- what single moves ask beside the status --------------------------------------------------------------------------


def _ask(_party: Party, snapshot: Snapshot, _actor: Actor, _now: datetime) -> AppError | None:
    if snapshot.asked_days is not None:
        return Conflict("已经申请了延期，请等上级工会答复。", code="extension_pending")
    return None


def _answer_request(_party: Party, snapshot: Snapshot, _actor: Actor, _now: datetime) -> AppError | None:
    return Conflict("没有人申请延期。", code="nothing_asked") if snapshot.asked_days is None else None


def _close(party: Party, snapshot: Snapshot, actor: Actor, _now: datetime) -> AppError | None:
    if party is not Party.REPORTER:
        return None
    if actor.own_ids & snapshot.rectifiers:
        return Forbidden("这条是你负责整改的，由别人来确认。", code="own_rectification")
    if snapshot.grade <= GRAVE:
        return Conflict("重大和较大隐患由工会复查后销号。", code="not_now")
    return None


def _note(party: Party, snapshot: Snapshot, actor: Actor, _now: datetime) -> AppError | None:
    if party is Party.REPORTER and actor.own_ids & snapshot.rectifiers:
        return Forbidden("这条是你负责整改的，由别人来确认。", code="own_rectification")
    return None


def _reopen(_party: Party, snapshot: Snapshot, _actor: Actor, now: datetime) -> AppError | None:
    if snapshot.reopen_until is None or now > snapshot.reopen_until:
        return Conflict("已过了可以要求重新整改的时间，请作为新的隐患提交。", code="reopen_window_over")
    return None


Check = Callable[[Party, Snapshot, Actor, datetime], AppError | None]
_CHECKS: Mapping[Move, Check] = {
    Move.ASK_EXTENSION: _ask,
    Move.GRANT_EXTENSION: _answer_request,
    Move.REFUSE_EXTENSION: _answer_request,
    Move.CLOSE: _close,
    Move.NOTE: _note,
    Move.REOPEN: _reopen,
}


def allowed_moves(snapshot: Snapshot, actor: Actor, now: datetime) -> list[Move]:
    """Every move that the actor may make at the console now."""
    return [move for move, party in CONSOLE_PARTIES.items() if find_refusal(move, party, snapshot, actor, now) is None]


def confirming_move(snapshot: Snapshot) -> Move:
    """What the reporter's word that it is right amounts to: it closes what is not grave."""
    return Move.NOTE if snapshot.grade <= GRAVE else Move.CLOSE


def disagreeing_move(snapshot: Snapshot) -> Move:
    """What the reporter's word that it is not right amounts to."""
    return Move.REOPEN if snapshot.status is Status.CLOSED else Move.SEND_BACK
