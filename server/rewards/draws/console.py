"""Pages of draws: the console's guided steps, and what everybody may see and check."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as Redirect

from server.core import clock
from server.core.errors import Invalid, NotFound
from server.core.settings import REPOSITORY
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_data, posted_or_invalid, query_params
from server.core.web.limits import limiter
from server.core.web.schemas import In
from server.core.web.unit_of_work import database, session
from server.kit.draws.spelling import VALUE_FORMS
from server.kit.listing import show_list
from server.kit.workflow import perform
from server.rewards.draws.actions import commit_draw
from server.rewards.draws.drawing.publication import write_file
from server.rewards.draws.listing import LIST
from server.rewards.draws.models import Draw, DrawMove
from server.rewards.draws.public_value.entering import uses_fallback, value_form
from server.rewards.draws.queries import describe_draw, describe_publicly
from server.rewards.draws.schemas import ConfirmIn, DrawIn, FreezeIn, NoticeQuery, ReasonIn, ValueIn
from server.rewards.draws.texts import ALGORITHM, STATUS_WORDS
from server.rewards.draws.workflow import DRAWS
from server.unions.actor import current_actor

bp = Blueprint("draws_console", __name__, template_folder="templates")
SCRIPT = REPOSITORY / "scripts" / "verify_draw"
WORDS = {"status_words": STATUS_WORDS, "move_texts": DRAWS.labels(), "questions": DRAWS.questions()}


@bp.get("/console/prizes/draws")
@requires("draw.read")
def draws() -> str:
    """The draws of one's unions."""
    return render_template("draws/list.html", page=show_list(LIST))


@bp.get("/console/prizes/<uuid:pool_id>/draw")
@requires("draw.read")
def steps(pool_id: UUID) -> str:
    """The draw of a pool: what is done, what comes next, by when."""
    return _steps(pool_id)


def _steps(pool_id: UUID, form: Form[DrawIn] | None = None) -> str:
    now = clock.now()
    page = describe_draw(session(), pool_id, current_actor(), now)
    draw = page.draw
    return render_template(
        "draws/steps.html", page=page, form=form, now_=now, value_forms=VALUE_FORMS,
        is_fallback=draw is not None and uses_fallback(draw),
        written=value_form(draw) if draw is not None else None, **WORDS,
    )  # fmt: skip


@bp.post("/console/prizes/<uuid:pool_id>/draw")
@requires("draw.manage")
def commit(pool_id: UUID) -> Redirect | tuple[str, int]:
    """Promise a draw."""
    form = form_data(DrawIn)
    if form.value is None:
        return _steps(pool_id, form), 422
    try:
        commit_draw(session(), pool_id, form.value, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        form.errors = error.fields
        return _steps(pool_id, form), error.status
    flash("已公布。请把公示页的两个校验值也发在工会的公告里，谁都改不了。", "success")
    return _to(pool_id)


@bp.post("/console/draws/<uuid:draw_id>/cancel")
@requires("draw.manage")
def cancel(draw_id: UUID) -> Redirect:
    """Call a draw off."""
    return _make(draw_id, DrawMove.CANCEL, posted_or_invalid(ReasonIn))


@bp.post("/console/draws/<uuid:draw_id>/freeze")
@requires("draw.manage")
def freeze(draw_id: UUID) -> Redirect:
    """Fix the list of entrants now."""
    return _make(draw_id, DrawMove.FREEZE, posted_or_invalid(FreezeIn))


@bp.post("/console/draws/<uuid:draw_id>/value")
@requires("draw.manage")
def enter(draw_id: UUID) -> Redirect:
    """Enter the public value."""
    return _make(draw_id, DrawMove.ENTER_VALUE, posted_or_invalid(ValueIn))


@bp.post("/console/draws/<uuid:draw_id>/value/missing")
@requires("draw.manage")
def declare_missing(draw_id: UUID) -> Redirect:
    """Say that the first value was not published."""
    return _make(draw_id, DrawMove.DECLARE_MISSING, None)


@bp.post("/console/draws/<uuid:draw_id>/value/reject")
@requires("draw.manage")
def reject(draw_id: UUID) -> Redirect:
    """Take the value back."""
    return _make(draw_id, DrawMove.REJECT_VALUE, posted_or_invalid(ReasonIn))


@bp.post("/console/draws/<uuid:draw_id>/value/confirm")
@requires("draw.manage")
def confirm(draw_id: UUID) -> Redirect:
    """Confirm the value, and draw."""
    return _make(draw_id, DrawMove.CONFIRM_VALUE, posted_or_invalid(ConfirmIn))


def _make(draw_id: UUID, move: DrawMove, form: In | None) -> Redirect:
    draw = perform(DRAWS, session(), draw_id, move, form=form, actor=current_actor(), now=clock.now())
    flash(DRAWS.find(move).done, "success")
    return _to(draw.pool_id)


@bp.get("/draws/<uuid:draw_id>")
@public
def notice(draw_id: UUID) -> str:
    """A draw, for everybody."""
    hash_ = query_params(NoticeQuery).hash.lower()
    page = describe_publicly(session(), draw_id, hash_)
    return render_template(
        "draws/notice.html", page=page, hash_=hash_, is_fallback=uses_fallback(page.draw), algorithm=ALGORITHM, **WORDS
    )


@bp.get("/draws/<uuid:draw_id>/file")
@limiter.limit("60/minute")
@public
def file(draw_id: UUID) -> Response:
    """What scripts/verify_draw reads."""
    draw = _draw(draw_id)
    response = Response(write_file(database(), draw_id), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    response.set_etag(f"{draw.terms_hash[:16]}-{draw.status}-{'second' if draw.missing_at else 'first'}")
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@bp.get("/draws/verify_draw.py")
@limiter.limit("60/minute")
@public
def script() -> Redirect:
    """The program that recomputes a draw, for whoever wants to."""
    if not SCRIPT.is_file():
        raise NotFound("这里没有核对程序，请向市总工会索取。")
    return send_file(SCRIPT, mimetype="text/x-python", as_attachment=True, download_name="verify_draw.py", max_age=0)


def _draw(draw_id: UUID) -> Draw:
    draw = session().get(Draw, draw_id)
    if draw is None:
        raise NotFound
    return draw


def _to(pool_id: UUID) -> Redirect:
    return redirect(f"/console/prizes/{pool_id}/draw", code=303)
