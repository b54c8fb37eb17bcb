"""The page of a rota: arranged by the rules, changed by hand, as a sheet and on paper."""

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, union_words
from server.core.web.unit_of_work import session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.exports.ledgers.sending import note_export
from server.kit.exports.ledgers.workbooks import send_workbook
from server.oversight.supervision import queries
from server.oversight.supervision.models import Plan, PlanStatus, RotaArrangement
from server.oversight.supervision.rota import planning
from server.oversight.supervision.rota.paper import rota_sheet, title_of, write_rota
from server.oversight.supervision.rota.publication import write_file
from server.oversight.supervision.rota.rules import RULE_TEXTS
from server.oversight.supervision.schemas import ChangeIn, RotaIn, TargetIn
from server.unions.actor import current_actor
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.queries import get_union

bp = Blueprint("rota", __name__, url_prefix="/<uuid:plan_id>/rota")


@bp.get("")
@requires("supervision.read")
def rota(plan_id: UUID) -> str:
    """The table, with why, and what is wrong."""
    return _page(plan_id)


@bp.get("/sheet.xlsx")
@requires("supervision.read")
def rota_workbook(plan_id: UUID) -> Response:
    """The table as a sheet."""
    plan = _plan(plan_id)
    return send_workbook(title_of(plan), rota_sheet(plan, planning.show_rota(session(), plan)))


@bp.get("/paper.docx")
@requires("supervision.read")
def rota_paper(plan_id: UUID) -> Response:
    """The table on paper."""
    plan = _plan(plan_id)
    shown = planning.show_rota(session(), plan)
    content = write_rota(plan, shown, get_union(session(), plan.union_id).name)
    note_export(current_actor().person_id, "交叉督导分组表", len(shown.lines), clock.now(), name=title_of(plan))
    return answer_file(content, DOCX, f"{title_of(plan)}.docx")


@bp.get("/file.json")
@requires("supervision.read")
def rota_file(plan_id: UUID) -> Response:
    """What anybody arranges it again with."""
    plan = _plan(plan_id)
    file = write_file(session(), plan)
    note_export(current_actor().person_id, "分组表核对文件", len(file["entries"]), clock.now(), name=title_of(plan))
    headers = {"Content-Disposition": f"attachment; filename=supervision-rota-{plan.id}.json"}
    return Response(orjson.dumps(file, option=orjson.OPT_INDENT_2), mimetype="application/json", headers=headers)


@bp.post("/arrange")
@requires("supervision.lead")
def arrange(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """Arrange it by the rules."""
    form = form_data(ChangeIn)
    return _write(plan_id, form, lambda value: planning.arrange(
        session(), plan_id, value.reason, actor=current_actor(), now=clock.now()
    ))  # fmt: skip


@bp.post("/targets")
@requires("supervision.lead")
def add_target(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """One more union."""
    form = form_data(TargetIn)
    if (words := union_words()) is not None:
        return _page(plan_id, form, words=words), 200
    return _write(plan_id, form, lambda value: planning.add_target(
        session(), plan_id, value.union, value.reason, actor=current_actor(), now=clock.now()
    ))  # fmt: skip


@bp.post("/targets/remove")
@requires("supervision.lead")
def remove_target(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """One union less."""
    form = form_data(TargetIn)
    return _write(plan_id, form, lambda value: planning.remove_target(
        session(), plan_id, value.union, value.reason, actor=current_actor(), now=clock.now()
    ))  # fmt: skip


@bp.post("/change")
@requires("supervision.lead")
def change(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """Another group for a union."""
    form = form_data(RotaIn)
    return _write(plan_id, form, lambda value: planning.change_by_hand(
        session(), plan_id, value, actor=current_actor(), now=clock.now()
    ))  # fmt: skip


def _write(plan_id: UUID, form: Form[Any], write: Any) -> AnyResponse | tuple[str, int]:
    if form.value is None:
        return _page(plan_id, form, form.errors.get("body") or "改分组表要写明原因。"), 422
    try:
        wrong = write(form.value)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return _page(plan_id, form, next(iter(form.errors.values()), error.message)), error.status
    if wrong:
        flash("已改。不符合规则的，写在表的上面，请再看一遍。", "error")
    else:
        flash("已保存，重新核对过，符合所有规则。" if wrong == [] else "已保存。")
    return redirect(f"/console/supervision/{plan_id}/rota", code=303)


def _plan(plan_id: UUID) -> Plan:
    return queries.get_plan(session(), plan_id, current_actor())


def _page(plan_id: UUID, form: Form[Any] | None = None, message: str = "", words: str | None = None) -> str:
    db, actor, plan = session(), current_actor(), _plan(plan_id)
    raw = form.raw if form else {}
    is_open = plan.status in (PlanStatus.DRAFT, *queries.OPEN)
    return render_template(
        "supervision/rota.html", plan=plan, shown=planning.show_rota(db, plan), teams=queries.list_teams(db, plan_id),
        may_change=queries.leads(actor, plan.union_id) and is_open, is_draft=plan.status is PlanStatus.DRAFT,
        offered=offer_unions(db, actor, planning.TARGET_LEVELS, str(raw.get("union", "")), words), raw=raw,
        errors=form.errors if form else {}, message=message, rule_texts=RULE_TEXTS,
        may_verify=db.get(RotaArrangement, plan_id) is not None,
    )  # fmt: skip
