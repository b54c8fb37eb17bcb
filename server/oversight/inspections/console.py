"""Pages of inspections: ready templates, how far everybody is, what was found, spot checks."""

from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms.actions import create_form
from server.assignments.forms.building.posted_answers import as_if_with_files, read_posted
from server.assignments.forms.queries import list_owners
from server.assignments.forms.rules import Checked
from server.assignments.forms.schemas import FormIn, UnionIn, possible_answers
from server.assignments.forms.texts import RESULT_NAMES
from server.core import clock
from server.core.errors import NotFound
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.core.web.access import requires
from server.core.web.forms import form_values, posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import note_export, send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.kit.scope import union_names
from server.oversight.inspections.actions import judge_finding
from server.oversight.inspections.listing import FINDINGS
from server.oversight.inspections.models import SpotCheck
from server.oversight.inspections.queries import Progress, get_inspection, list_inspections, list_progress, units_of
from server.oversight.inspections.schemas import DrawIn, JudgeIn
from server.oversight.inspections.shipped.reading import UNCERTAIN, Template, templates
from server.oversight.inspections.spot_checks import checking, drawing
from server.unions.actor import current_actor
from server.unions.tree.lookup.traits import trait_names

bp = Blueprint("inspections_console", __name__, url_prefix="/console/inspections", template_folder="templates")
PROGRESS: tuple[SheetColumn[Progress], ...] = (
    SheetColumn("单位", lambda row: row.name, width=32),
    SheetColumn("应查", lambda row: row.asked, CellKind.WHOLE, is_summed=True),
    SheetColumn("已查", lambda row: row.done, CellKind.WHOLE, is_summed=True),
    SheetColumn("逾期", lambda row: row.overdue, CellKind.WHOLE, is_summed=True),
    SheetColumn("不合格项", lambda row: row.failed, CellKind.WHOLE, is_summed=True),
    SheetColumn("已整改", lambda row: row.rectified, CellKind.WHOLE, is_summed=True),
)


@bp.get("")
@requires("inspection.read")
def inspections() -> str:
    """The templates to begin from, and the latest that were sent."""
    actor = current_actor()
    return render_template(
        "inspections/list.html", templates=templates().values(), owners=list_owners(session(), actor),
        sent=list_inspections(session(), actor),
    )  # fmt: skip


@bp.get("/templates/<code>")
@requires("inspection.read")
def template(code: str) -> str:
    """One template, whole."""
    owners = list_owners(session(), current_actor())
    return render_template(
        "inspections/template.html", template=_template(code), owners=owners, trait_names=trait_names,
        uncertain=UNCERTAIN,
    )  # fmt: skip


@bp.post("/templates/<code>/copy")
@requires("inspection.lead")
def copy_template(code: str) -> AnyResponse:
    """A form of the union's own, made of it."""
    found, union_id = _template(code), posted_or_invalid(UnionIn, "请选择给哪个工会用。").union
    body = FormIn(title=found.title, about=found.about)
    form = create_form(session(), union_id, body, found.definition, actor=current_actor(), now=clock.now())
    flash(f"已做成您的表单。标“{UNCERTAIN}”的依据，请对照标准改好再发。")
    return redirect(f"/console/forms/{form.id}", code=303)


def _template(code: str) -> Template:
    found = templates().get(code)
    if found is None:
        raise NotFound
    return found


# --- progress and findings --------------------------------------------------------------------------------------------


@bp.get("/<uuid:assignment_id>")
@requires("inspection.read")
def inspection(assignment_id: UUID) -> str:
    """How far everybody is, and the spot checks."""
    actor = current_actor()
    found = get_inspection(session(), assignment_id, actor)
    return render_template(
        "inspections/inspection.html", inspection=found, rows=list_progress(session(), found, actor, clock.now()),
        draws=drawing.list_draws(session(), found, actor),
    )  # fmt: skip


@bp.get("/<uuid:assignment_id>/progress.xlsx")
@requires("inspection.read")
def progress_sheet(assignment_id: UUID) -> Response:
    """The same table as a sheet."""
    actor = current_actor()
    found = get_inspection(session(), assignment_id, actor)
    rows = list_progress(session(), found, actor, clock.now())
    return send_workbook(f"{found.title}进度", Sheet("进度", PROGRESS, rows))


@bp.get("/findings")
@requires("inspection.read")
def findings() -> str:
    """What failed, and what waits for somebody competent."""
    return render_template("inspections/findings.html", page=show_list(FINDINGS))


@bp.get("/findings/ledger.xlsx")
@requires("inspection.read")
def findings_ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(FINDINGS)


@bp.post("/findings/<uuid:finding_id>/judge")
@requires("inspection.lead")
def judge(finding_id: UUID) -> AnyResponse:
    """Note what somebody competent found."""
    form = posted_or_invalid(JudgeIn, "请写明谁看的、有什么资质，结论是什么。")
    judge_finding(session(), finding_id, form, actor=current_actor(), now=clock.now())
    flash("结论已登记。不合格的，请让企业拍照上报隐患。" if form.verdict == "failed" else "结论已登记。")
    return redirect("/console/inspections/findings", code=303)


# --- spot checks ------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:assignment_id>/draws")
@requires("inspection.lead")
def promise(assignment_id: UUID) -> AnyResponse:
    """Fix the seed of a draw."""
    form = posted_or_invalid(DrawIn, "抽 5 % 到 10 %。")
    draw = drawing.promise_draw(session(), assignment_id, form, actor=current_actor(), now=clock.now())
    return redirect(f"/console/inspections/draws/{draw.id}", code=303)


@bp.get("/draws/<uuid:draw_id>")
@requires("inspection.lead")
def draw(draw_id: UUID) -> str:
    """A draw: what was promised, who was drawn, what was found there."""
    found = drawing.get_draw(session(), draw_id, current_actor())
    those = select(SpotCheck).where(SpotCheck.draw_id == found.id).order_by(SpotCheck.place)
    checks = session().scalars(those).all()
    return render_template(
        "inspections/draw.html", draw=found, checks=checks, units=units_of(session(), checks),
        is_true=drawing.is_true(found, [check.recipient_id for check in checks]) if checks else None,
        union=union_names(session(), {found.union_id})[found.union_id].name,
    )  # fmt: skip


@bp.post("/draws/<uuid:draw_id>/hold")
@requires("inspection.lead")
def hold(draw_id: UUID) -> AnyResponse:
    """Draw."""
    drawing.hold_draw(session(), draw_id, actor=current_actor(), now=clock.now())
    flash("抽好了。到这几家去看，再逐项填写。")
    return redirect(f"/console/inspections/draws/{draw_id}", code=303)


@bp.get("/draws/<uuid:draw_id>/file.json")
@requires("inspection.lead")
def draw_file(draw_id: UUID) -> Response:
    """What anybody computes the draw again with."""
    actor = current_actor()
    found = drawing.get_draw(session(), draw_id, actor)
    note_export(actor.person_id, "抽查的抽签文件", len(found.entrants), clock.now(), name="抽签文件")
    content = orjson.dumps(drawing.publish(found), option=orjson.OPT_INDENT_2)
    headers = {"Content-Disposition": f"attachment; filename=spot-draw-{found.id}.json"}
    return Response(content, mimetype="application/json", headers=headers)


@bp.get("/checks/<uuid:check_id>")
@requires("inspection.lead")
def check(check_id: UUID) -> str:
    """The form to fill in there; afterwards both answers side by side."""
    found, of_draw = checking.get_check(session(), check_id, current_actor())
    if found.checked_at is None:
        return _check_page(found, {}, {}, Checked())
    return render_template(
        "inspections/compared.html", check=found, draw=of_draw, rows=checking.compare(session(), found),
        unit=units_of(session(), [found])[found.recipient_id],
    )  # fmt: skip


@bp.post("/checks/<uuid:check_id>")
@requires("inspection.lead")
def save_check(check_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep what was found, once all of it is there."""
    actor = current_actor()
    found, _ = checking.get_check(session(), check_id, actor)
    form = checking.read_form(session(), found)
    answers, skipped = read_posted(form, form_values())
    checked = checking.save_check(
        session(), check_id, as_if_with_files(form, answers), skipped, actor=actor, now=clock.now()
    )
    if checked.errors:
        return _check_page(found, answers, skipped, checked), 422
    flash("抽查结果已保存。不合格的，成为隐患。")
    return redirect(f"/console/inspections/checks/{check_id}", code=303)


def _check_page(found: SpotCheck, answers: dict[str, object], skipped: dict[str, str], checked: Checked) -> str:
    return render_template(
        "inspections/check.html", check=found, definition=checking.read_form(session(), found), answers=answers,
        skipped=skipped, errors=checked.errors, possible=possible_answers, results=RESULT_NAMES, spare=3,
        unit=units_of(session(), [found])[found.recipient_id],
    )  # fmt: skip
