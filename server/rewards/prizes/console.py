"""Pages of prizes: pools, a pool with its wins, the public list."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_data, posted_or_invalid, query_params
from server.core.web.schemas import In
from server.core.web.unit_of_work import independent_transaction, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.selections import FIELDS, decide_each, picked_of
from server.kit.workflow import perform
from server.rewards.contests import list_contests
from server.rewards.prizes import actions
from server.rewards.prizes.listing import WIN_LIST
from server.rewards.prizes.models import PoolMove, Proof
from server.rewards.prizes.queries import WINS_SHOWN, describe_pool, list_pools, list_public
from server.rewards.prizes.schemas import (
    HandoverIn,
    PoolIn,
    PoolsQuery,
    PrizeIn,
    ReasonIn,
    SheetIn,
    WaiverIn,
    WinsQuery,
)
from server.rewards.prizes.texts import POOL_TEXTS, PROOF_TEXTS, STATUS_WORDS, WAY_TEXTS
from server.rewards.prizes.workflow import WINS
from server.unions.actor import Actor, current_actor
from server.unions.throttle.actions import (
    begin_attempt,
    forgive_attempts,
    refuse_origin_while_waiting,
    refuse_while_waiting,
)
from server.unions.throttle.rules import MANY_WINS

bp = Blueprint("prizes_console", __name__, template_folder="templates")
WORDS = {
    "way_texts": WAY_TEXTS,
    "proof_texts": PROOF_TEXTS,
    "status_words": STATUS_WORDS,
    "move_texts": {**POOL_TEXTS, **WINS.labels()},
    "questions": WINS.questions(),
}


@bp.get("/console/prizes")
@requires("prize.read")
def overview() -> str:
    """Pools, and the form for another."""
    return _overview()


def _overview(form: Form[PoolIn] | None = None) -> str:
    return render_template(
        "prizes/overview.html",
        pools=list_pools(session(), current_actor(), clock.now(), owed=query_params(PoolsQuery).owed),
        owed=query_params(PoolsQuery).owed,
        contests=[(contest.id, contest.name) for contest in list_contests(session())],
        form=form,
    )


@bp.post("/console/prizes")
@requires("prize.manage")
def add_pool() -> Response | tuple[str, int]:
    """A new pool."""
    form = form_data(PoolIn)
    if form.value is None:
        return _overview(form), 422
    pool = actions.create_pool(session(), form.value, actor=current_actor(), now=clock.now())
    flash("已建立奖品池，接着加奖品。", "success")
    return _to(pool.id)


@bp.get("/console/prizes/<uuid:pool_id>")
@requires("prize.read")
def pool(pool_id: UUID) -> str:
    """One pool: what is done, what comes next, who has won what."""
    return _pool(pool_id)


def _pool(pool_id: UUID, form: Form[PrizeIn] | None = None) -> str:
    query = query_params(WinsQuery)
    now = clock.now()
    page = describe_pool(session(), pool_id, current_actor(), now, query.status, limit=WINS_SHOWN)
    return render_template(
        "prizes/pool.html",
        page=page,
        status=query.status,
        form=form,
        now_=now,
        shown=WINS_SHOWN,
        ready=sum(PoolMove.HAND_OVER in line.moves for line in page.wins),
        **WORDS,
    )


@bp.get("/console/prizes/wins")
@requires("prize.read")
def wins() -> str:
    """Who won what, page by page."""
    return render_template("prizes/wins.html", page=show_list(WIN_LIST), **WORDS)


@bp.get("/console/prizes/wins/ledger.xlsx")
@requires("prize.read")
def wins_ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(WIN_LIST)


@bp.post("/console/prizes/<uuid:pool_id>/prizes")
@requires("prize.manage")
def add_prize(pool_id: UUID) -> Response | tuple[str, int]:
    """One more prize."""
    form = form_data(PrizeIn)
    if form.value is None:
        return _pool(pool_id, form), 422
    actions.add_prize(session(), pool_id, form.value, actor=current_actor(), now=clock.now())
    flash("已加上奖品。", "success")
    return _to(pool_id)


@bp.post("/console/prizes/prizes/<uuid:prize_id>/remove")
@requires("prize.manage")
def remove_prize(prize_id: UUID) -> Response:
    """One prize less."""
    pool_id = actions.remove_prize(session(), prize_id, actor=current_actor(), now=clock.now())
    flash("已去掉奖品。", "success")
    return _to(pool_id)


@bp.post("/console/prizes/<uuid:pool_id>/ranking")
@requires("prize.manage")
def award_ranking(pool_id: UUID) -> Response:
    """Give the prizes by ranking."""
    waiver = posted_or_invalid(WaiverIn).waiver
    actions.award_ranking(session(), pool_id, actor=current_actor(), now=clock.now(), waiver=waiver)
    flash("已按名次评出，名单已公示。", "success")
    return _to(pool_id)


@bp.post("/console/prizes/wins/<uuid:win_id>/revoke")
@requires("prize.manage")
def revoke(win_id: UUID) -> Response:
    """Take a win back."""
    return _make(win_id, PoolMove.REVOKE, posted_or_invalid(ReasonIn), current_actor(), clock.now())


@bp.post("/console/prizes/wins/<uuid:win_id>/handover")
@requires("prize.manage")
def hand_over(win_id: UUID) -> Response:
    """Record a hand-over."""
    form, actor, now = posted_or_invalid(HandoverIn), current_actor(), clock.now()
    subject, origin = f"handover:{win_id.hex}", f"person:{actor.person_id.hex}"
    if form.proof is Proof.CODE:
        with independent_transaction() as writer:  # noted as wrong before it is looked at; eight digits are few
            refuse_while_waiting(writer, subject=subject, origin=origin, now=now, what="领奖码")
            refuse_origin_while_waiting(writer, origin=origin, now=now, what="领奖码", schedule=MANY_WINS)
            begin_attempt(writer, subject=subject, origin=origin, now=now)
    answer = _make(win_id, PoolMove.HAND_OVER, form, actor, now)
    forgive_attempts(session(), subject=subject, origin=origin)
    return answer


@bp.post("/console/prizes/<uuid:pool_id>/handovers")
@requires("prize.manage")
def hand_over_picked(pool_id: UUID) -> Response:
    """Record several hand-overs that one sheet of signatures shows."""
    note, actor, now = form_data(SheetIn, drop=FIELDS).require().note, current_actor(), clock.now()
    form = HandoverIn(proof=Proof.SIGNATURE, note=note)
    selection = picked_of()
    decided = decide_each(
        session(),
        selection.rows,
        lambda row: perform(WINS, session(), row.id, PoolMove.HAND_OVER, form=form, actor=actor, now=now),
    )
    flash(selection.say(decided.say("已登记发放 {} 份。")), "error" if decided.refusals else "success")
    return _to(pool_id)


@bp.get("/prizes/<uuid:pool_id>")
@public
def notice(pool_id: UUID) -> str:
    """Who has won what, for everybody."""
    pool_, union_name, prizes = list_public(session(), pool_id)
    return render_template("prizes/notice.html", pool=pool_, union_name=union_name, prizes=prizes, way_texts=WAY_TEXTS)


def _make(win_id: UUID, move: PoolMove, form: In, actor: Actor, now: datetime) -> Response:
    win = perform(WINS, session(), win_id, move, form=form, actor=actor, now=now)
    flash(WINS.find(move).done, "success")
    return _to(win.pool_id)


def _to(pool_id: UUID) -> Response:
    return redirect(f"/console/prizes/{pool_id}", code=303)
