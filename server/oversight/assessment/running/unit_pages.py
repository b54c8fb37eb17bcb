"""Pages of units: the list, one with all that its score came from, checking it, objecting and answering."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError, Conflict, Forbidden, NotFound
from server.core.sheets import Sheet
from server.core.web.access import requires
from server.core.web.forms import form_values, posted_or_invalid, posted_version
from server.core.web.unit_of_work import session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.kit.scope import union_names
from server.oversight.assessment.engine.scoring import ROUNDING
from server.oversight.assessment.listing import UNITS, unit_state
from server.oversight.assessment.models import AssessedUnit, Assessment
from server.oversight.assessment.queries import assesses_for, get_unit, is_own, scheme_of, shows_all
from server.oversight.assessment.running.marking import Checked, hold_unit, items_to_mark, mark_unit, require_marking
from server.oversight.assessment.running.objections import OPEN_TO, answer_objection, may_object, object_to
from server.oversight.assessment.running.papers import (
    SCORE_COLUMNS,
    approval_words,
    feedback_words,
    is_recommended,
    label_of,
    say_accidents,
    score_rows,
    score_words,
    sum_words,
)
from server.oversight.assessment.running.rescoring import require_scored
from server.oversight.assessment.running.run_pages import PAPER_NAMES, issuer_of, make_paper
from server.oversight.assessment.running.showing import ShownUnit, show_unit
from server.oversight.assessment.schemas import AdviceIn, AnswerIn, ObjectionIn
from server.oversight.assessment.texts import RESCORING, SOURCE_NAMES, STATUS_NAMES, say
from server.unions.actor import Actor, current_actor
from server.unions.tree.models import Union

bp = Blueprint("units", __name__)
HOME = "/console/assessments/units"


@bp.get("/units")
@requires("assessment.read")
def units() -> str:
    """The list."""
    return render_template("assessment/units.html", page=show_list(UNITS))


@bp.get("/units/ledger.xlsx")
@requires("assessment.read")
def units_ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(UNITS)


@bp.get("/units/<uuid:unit_id>")
@requires("assessment.read")
def unit(unit_id: UUID) -> str:
    """One unit."""
    return _page(unit_id)


@bp.post("/units/<uuid:unit_id>")
@requires("assessment.assess")
def mark(unit_id: UUID) -> ResponseReturnValue:
    """Keep what was found, once all of it is right."""
    raw, version = form_values().to_dict(), posted_version()
    try:
        checked = mark_unit(session(), unit_id, version, raw, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(unit_id, raw=raw, message=error.message), error.status
    if checked.errors:
        return _page(unit_id, raw=raw, checked=checked), 422
    flash("核分已保存。")
    return redirect(f"{HOME}/{unit_id}", code=303)


@bp.post("/units/<uuid:unit_id>/advice")
@requires("assessment.assess")
def advise(unit_id: UUID) -> ResponseReturnValue:
    """What the assessing union says of a recommendation."""
    body, actor = posted_or_invalid(AdviceIn), current_actor()
    found, run = hold_unit(session(), unit_id, actor)
    if not assesses_for(actor, run):
        raise Forbidden("由开展考核的工会填写。")
    if found.version != body.version:
        raise Conflict("这家刚刚有人改过，请看过再填。", code="stale")
    found.advice = body.advice
    found.version += 1
    session().flush()
    record(
        session(), "assessment.advised", subject_type="assessed_unit", subject_id=found.id, actor_id=actor.person_id,
        at=clock.now(),
    )  # fmt: skip
    flash("推荐意见已保存。")
    return redirect(f"{HOME}/{unit_id}", code=303)


@bp.post("/units/<uuid:unit_id>/objections")
@requires("assessment.read")
def object_(unit_id: UUID) -> ResponseReturnValue:
    """Say what the unit does not agree with."""
    body = posted_or_invalid(ObjectionIn, "请选是哪一项，写明理由。")
    object_to(session(), unit_id, body, actor=current_actor(), now=clock.now())
    flash("异议已提出，答复后会通知您。")
    return redirect(f"{HOME}/{unit_id}", code=303)


@bp.post("/objections/<uuid:objection_id>")
@requires("assessment.assess")
def answer(objection_id: UUID) -> ResponseReturnValue:
    """Answer one."""
    body = posted_or_invalid(AnswerIn, "请写明采纳不采纳、为什么。")
    found = answer_objection(session(), objection_id, body, actor=current_actor(), now=clock.now())
    flash("已答复，得分和名次正在重算。" if found.is_upheld else "已答复。")
    return redirect(f"{HOME}/{found.unit_id}", code=303)


@bp.get("/units/<uuid:unit_id>/scores.xlsx")
@requires("assessment.read")
def scores(unit_id: UUID) -> Response:
    """考核评分表."""
    found, run, shown, name = _scored(unit_id)
    sheet = Sheet(
        "考核评分表", SCORE_COLUMNS, score_rows(shown),
        heading=("考核评分表", f"考核：{run.title}　单位：{name}", sum_words(found), ROUNDING),
    )  # fmt: skip
    return send_workbook(f"{name}考核评分表", sheet)


@bp.get("/units/<uuid:unit_id>/<any(scores, feedback):what>.docx")
@requires("assessment.read")
def unit_paper(unit_id: UUID, what: str) -> Response:
    """考核评分表 or 反馈单."""
    found, run, shown, name = _scored(unit_id)
    words = (score_words if what == "scores" else feedback_words)(run, found, name, issuer_of(run), shown)
    return answer_file(make_paper(run.id, words), DOCX, f"{name}{PAPER_NAMES[what]}.docx")


@bp.get("/units/<uuid:unit_id>/approval.docx")
@requires("assessment.schemes")
def approval(unit_id: UUID) -> Response:
    """推荐审批表, of a unit that is recommended."""
    found, run, shown, name = _scored(unit_id)
    scheme = scheme_of(session(), run)
    if not shows_all(session(), run, current_actor()):
        raise NotFound
    if not is_recommended(scheme, found):
        raise Conflict("这家没有评上最高的等次，没有推荐审批表。", code="not_recommended")
    union = session().get_one(Union, found.union_id)
    accidents = say_accidents(session(), run, [(union.id, union.level)])[union.id]
    words = approval_words(run, found, union, issuer_of(run), shown, label_of(scheme, found.peer), accidents)
    return answer_file(make_paper(run.id, words), DOCX, f"{name}{PAPER_NAMES['approval']}.docx")


def _shown(unit_id: UUID) -> tuple[AssessedUnit, Assessment, ShownUnit, str]:
    found, run = get_unit(session(), unit_id, current_actor())
    name = union_names(session(), {found.union_id})[found.union_id].name
    return found, run, show_unit(session(), scheme_of(session(), run), found), name


def _scored(unit_id: UUID) -> tuple[AssessedUnit, Assessment, ShownUnit, str]:
    """The same, to hand out. Raises Conflict while it is scored anew."""
    shown = _shown(unit_id)
    require_scored(shown[1])
    return shown


def _may_mark(run: Assessment, found: AssessedUnit, actor: Actor) -> str | None:
    """Why the actor may not give values now; None if they may."""
    try:
        require_marking(run, found, actor)
    except AppError as error:
        return error.message
    return None


def _page(
    unit_id: UUID, *, raw: dict[str, Any] | None = None, checked: Checked | None = None, message: str = ""
) -> str:  # fmt: skip
    actor, now = current_actor(), clock.now()
    found, run, shown, name = _shown(unit_id)
    is_whole, refused = shows_all(session(), run, actor), _may_mark(run, found, actor)
    scheme = scheme_of(session(), run)
    return render_template(
        "assessment/unit.html", unit=found, run=run, shown=shown, name=name, say=say, sources=SOURCE_NAMES,
        sum=RESCORING if run.is_rescoring else sum_words(found), state=unit_state(found), is_whole=is_whole,
        may_mark=refused is None,
        to_mark={item.key for item in items_to_mark(scheme)}, run_status=STATUS_NAMES[run.status],
        may_object=may_object(run, found, actor, now), errors=checked.errors if checked else {}, raw=raw,
        may_answer=assesses_for(actor, run) and not is_own(actor, found) and run.status in OPEN_TO,
        may_advise=assesses_for(actor, run) and found.result is not None, message=message, rounding=ROUNDING,
        signals=found.signals if is_whole else (),
        is_recommended=is_whole and is_recommended(scheme, found),
    )  # fmt: skip
