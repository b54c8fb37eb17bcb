"""The trainer's screen with the changing code, and what the trainer says of who was there."""

from uuid import UUID

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import Conflict
from server.core.settings import Settings
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid, query_params
from server.core.web.unit_of_work import session
from server.oversight.training import queries
from server.oversight.training.check_in.codes import Purpose, show
from server.oversight.training.check_in.corrections import add_by_trainer, confirm_rest, correct
from server.oversight.training.check_in.headcounts import note_headcount
from server.oversight.training.models import SessionStatus
from server.oversight.training.schemas import AddIn, CorrectIn, HeadcountIn, PurposeQuery
from server.oversight.training.workflow import require_leader
from server.unions.actor import current_actor

bp = Blueprint("check_in", __name__, url_prefix="/<uuid:session_id>")
PAGE = "training/pages/check-in"  # of the phone


@bp.get("/code")
@requires("training.lead")
def screen(session_id: UUID) -> str:
    """The code, for a projector or a phone that is held up."""
    return render_template("training/code.html", **_code(session_id))


@bp.get("/code/now")
@requires("training.lead")
def code_now(session_id: UUID) -> str:
    """The code of these seconds alone; the page asks again when they are over."""
    return render_template("training/_code.html", **_code(session_id))


def _code(session_id: UUID) -> dict[str, object]:
    actor, now, purpose = current_actor(), clock.now(), query_params(PurposeQuery).purpose
    row = queries.get_session(session(), session_id, actor)
    require_leader(row, actor)
    if row.status is not SessionStatus.RUNNING:
        raise Conflict("培训开始以后才有签到码，结束以后就没有了。", code="not_running")
    settings: Settings = current_app.extensions["settings"]
    shown = show(settings.secret_key.get_secret_value(), row.id, purpose, now)
    site = (settings.public_url or request.host_url).rstrip("/")
    link = f"{site}/h5/#/{PAGE}?s={row.id}&p={purpose}&c={shown.code}"
    is_in = purpose is Purpose.CHECK_IN
    since, until = (row.check_in_from, row.check_in_until) if is_in else (row.check_out_from, row.check_out_until)
    present, counted = queries.count_present(session(), row.id)
    return {
        "row": row, "purpose": purpose, "shown": shown, "since": since, "until": until, "present": present,
        "counted": counted, "is_open": since <= now <= until,
        "picture": segno.make(link, error="m").svg_data_uri(scale=6, border=2, dark="#1b2733"),
    }  # fmt: skip


@bp.post("/attendances")
@requires("training.lead")
def add(session_id: UUID) -> AnyResponse:
    """Write down somebody who was there."""
    form = posted_or_invalid(AddIn, "请填写姓名和登记的原因。")
    add_by_trainer(session(), session_id, form, actor=current_actor(), now=clock.now())
    flash("已登记。")
    return _back(session_id)


@bp.post("/headcounts")
@requires("training.lead")
def count_heads(session_id: UUID) -> AnyResponse:
    """Note how many more of an enterprise were there, without names."""
    form = posted_or_invalid(HeadcountIn, "请填写单位、人数和没有名单的原因。")
    note_headcount(session(), session_id, form, actor=current_actor(), now=clock.now())
    flash("已登记。")
    return _back(session_id)


@bp.post("/attendances/confirmation")
@requires("training.lead")
def confirm(session_id: UUID) -> AnyResponse:
    """The trainer's word for all the rest."""
    count = confirm_rest(session(), session_id, actor=current_actor(), now=clock.now())
    flash(f"已核实 {count} 人。")
    return _back(session_id)


@bp.post("/attendances/<uuid:attendance_id>")
@requires("training.lead")
def change(session_id: UUID, attendance_id: UUID) -> AnyResponse:
    """Change what is known of somebody."""
    form = posted_or_invalid(CorrectIn, "请写明更正的原因。")
    correct(session(), session_id, attendance_id, form, actor=current_actor(), now=clock.now())
    flash("已更正。")
    return _back(session_id)


def _back(session_id: UUID) -> AnyResponse:
    return redirect(f"/console/training/{session_id}#people", code=303)
