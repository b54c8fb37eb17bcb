"""Pages of what answers found."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.findings.actions import judge_finding
from server.assignments.findings.listing import FINDINGS
from server.assignments.findings.schemas import JudgeIn
from server.core import clock
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.unions.actor import current_actor

bp = Blueprint("findings_console", __name__, url_prefix="/console/findings", template_folder="templates")


@bp.get("")
@requires("finding.read")
def findings() -> str:
    """What failed, and what waits for somebody competent."""
    return render_template("findings/list.html", page=show_list(FINDINGS))


@bp.get("/ledger.xlsx")
@requires("finding.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(FINDINGS)


@bp.post("/<uuid:finding_id>/judge")
@requires("finding.judge")
def judge(finding_id: UUID) -> AnyResponse:
    """Note what somebody competent found."""
    form = posted_or_invalid(JudgeIn, "请写明谁看的、有什么资质，结论是什么。")
    judge_finding(session(), finding_id, form, actor=current_actor(), now=clock.now())
    flash("结论已登记，不合格的成为隐患，请企业整改。" if form.verdict == "failed" else "结论已登记。")
    return redirect(with_query("/console/findings"), code=303)
