"""Pages of closing reports: those that were sent down, what came back compiled, and its papers."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms.actions import create_form
from server.assignments.forms.queries import list_owners
from server.assignments.forms.schemas import FormIn, UnionIn
from server.core import clock
from server.core.audit.actions import record
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.core.web.access import requires
from server.core.web.forms import Form, form_values, posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.documents.papers.kinds import Paper, render
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.scope import union_names
from server.oversight.summaries.document import SUMMARY_DOCUMENT, title_of, words_of
from server.oversight.summaries.queries import (
    Compiled,
    Total,
    Unit,
    compile_summary,
    get_summary,
    list_summaries,
    ready_form,
    say_number,
)
from server.oversight.summaries.schemas import CompileIn
from server.unions.actor import current_actor

bp = Blueprint("summaries_console", __name__, url_prefix="/console/summaries", template_folder="templates")


@bp.get("")
@requires("summary.read")
def summaries() -> str:
    """The ready form, and the latest that were sent."""
    actor = current_actor()
    return render_template(
        "summaries/list.html", sent=list_summaries(session(), actor), form=ready_form(),
        owners=list_owners(session(), actor),
    )  # fmt: skip


@bp.post("/form")
@requires("assignment.send")
def copy_form() -> AnyResponse:
    """A form of the union's own, made of the ready one."""
    union_id = posted_or_invalid(UnionIn, "请选择给哪个工会用。").union
    about = "总结：数字由系统统计，文字由各单位写。"
    made = create_form(
        session(), union_id, FormIn(title="总结", about=about), ready_form(), actor=current_actor(), now=clock.now()
    )
    flash("已做成您的表单，可以改；改好以后点“要一次总结”。")
    return redirect(f"/console/forms/{made.id}", code=303)


@bp.get("/<uuid:assignment_id>")
@requires("summary.read")
def summary(assignment_id: UUID) -> str:
    """What came back, together."""
    compiled = _compiled(assignment_id)
    return render_template("summaries/summary.html", compiled=compiled, title=title_of(compiled.assignment.title))


@bp.post("/<uuid:assignment_id>/<any(report, brief):what>")
@requires("summary.read")
def paper(assignment_id: UUID, what: str) -> Response:
    """The compiled report as a Word file, or one page of it, with the passages that were picked."""
    compiled, values, actor, now = _compiled(assignment_id), form_values(), current_actor(), clock.now()
    fields: dict[str, Any] = {"addressee": values.get("addressee", ""), "passages": values.getlist("passage")}
    body = Form(CompileIn, fields).require()
    sender_id = compiled.assignment.sender_id
    issuer = union_names(session(), [sender_id])[sender_id].name
    words = words_of(compiled, issuer, set(body.passages), body.addressee, is_brief=what == "brief")
    content = render(SUMMARY_DOCUMENT, [Paper(words, issued_on=clock.day_of(now))])
    record(
        session(), SUMMARY_DOCUMENT.downloaded, subject_type=SUMMARY_DOCUMENT.subject_type, subject_id=assignment_id,
        actor_id=actor.person_id, at=now, detail={"form": "docx"},
    )  # fmt: skip
    name = words["title"] + ("（简报）" if what == "brief" else "")
    return answer_file(BytesIO(content), DOCX, f"{name}.docx")


@bp.get("/<uuid:assignment_id>/table.xlsx")
@requires("summary.read")
def workbook(assignment_id: UUID) -> Response:
    """汇总表: every union with its numbers, then those of all together."""
    compiled = _compiled(assignment_id)
    title = f"{compiled.assignment.title} 汇总表"
    columns: list[SheetColumn[Unit]] = [
        SheetColumn("单位", lambda unit: unit.name, width=30),
        SheetColumn("是否报送", lambda unit: "是" if unit.version else "否", width=10),
        SheetColumn("报送时间", lambda unit: unit.row.submitted_at, CellKind.MOMENT),
        SheetColumn("退回次数", lambda unit: unit.row.return_count, CellKind.WHOLE),
        *(SheetColumn(each.label, say_number(each), width=14) for each in compiled.numbers),
        SheetColumn("备注", lambda unit: f"已计入{unit.within}" if unit.within else "", width=20),
    ]
    totals: list[SheetColumn[Total]] = [
        SheetColumn("项目", lambda total: total.label, width=20),
        SheetColumn("合计", lambda total: total.text, width=14),
        SheetColumn("说明", lambda total: total.how, width=60),
    ]  # fmt: skip
    return send_workbook(
        title, Sheet("汇总表", columns, compiled.units, heading=(title,), is_numbered=True),
        Sheet("合计", totals, compiled.totals, heading=(title,)),
    )  # fmt: skip


def _compiled(assignment_id: UUID) -> Compiled:
    return compile_summary(session(), get_summary(session(), assignment_id, current_actor()))
