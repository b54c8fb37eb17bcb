"""Pages of follow-up: the list of problems, the dispatch table; what is noted of a finding."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.sheets import Sheet
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid, strict_query_params
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.kit.scope import union_choices
from server.oversight.visits.findings.dispatching import BY_NAMES, COLUMNS, DispatchFilter, list_dispatch
from server.oversight.visits.findings.follow_up import FOLLOW_UP
from server.oversight.visits.findings.handing_over import hand_over, note_answer
from server.oversight.visits.findings.judging import judge_finding
from server.oversight.visits.findings.settling import settle_finding
from server.oversight.visits.permissions import MAY_READ
from server.oversight.visits.schemas import HandoverAnswerIn, HandOverIn, JudgeIn, SettleIn
from server.unions.actor import current_actor

bp = Blueprint("follow_up", __name__)


@bp.get("/findings")
@requires("visit.read")
def findings() -> str:
    """What visits found, by the day until which."""
    return render_template("visits/findings.html", page=show_list(FOLLOW_UP))


@bp.get("/findings/ledger.xlsx")
@requires("visit.read")
def findings_ledger() -> Response:
    """The list as a sheet: 问题清单, 整改台账."""
    return send_ledger(FOLLOW_UP)


@bp.get("/dispatch")
@requires("visit.read")
def dispatch() -> str:
    """The dispatch table."""
    asked, actor = _asked(), current_actor()
    return render_template(
        "visits/dispatch.html", asked=asked, rows=list_dispatch(session(), actor, asked, clock.now()),
        by_names=BY_NAMES, query=asked.to_query(), choices=union_choices(session(), actor, MAY_READ, asked.union),
    )  # fmt: skip


@bp.get("/dispatch.xlsx")
@requires("visit.read")
def dispatch_sheet() -> Response:
    """The same as a sheet: 调度表."""
    asked = _asked()
    rows = list_dispatch(session(), current_actor(), asked, clock.now())
    period = f"本期：{asked.since} 至 {asked.until or '今天'}"
    return send_workbook("督导整改调度表", Sheet("调度表", COLUMNS, rows, heading=("督导整改调度表", period)))


# --- what is noted ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is noted of a finding or its handover: the form, what is said where it is not filled in, what
    keeps it and gives the visit, what is said then."""

    form: type[In]
    missing: str
    keep: Callable[..., UUID]
    done: str

    def take(self, row_id: UUID) -> AnyResponse:
        """Keep what was posted, and go back to the visit."""
        form = posted_or_invalid(self.form, self.missing)
        visit_id = self.keep(session(), row_id, form, actor=current_actor(), now=clock.now())
        flash(self.done)
        return redirect(f"/console/visits/{visit_id}", code=303)


JUDGED = Note(JudgeIn, "请写明谁看的、有什么资质，结论是什么。", judge_finding, "结论已登记。")
SETTLED = Note(
    SettleIn, "责任人、措施、资金、应急预案都要填。不用花钱的，资金写“不需要”。", settle_finding, "五落实已保存。"
)
HANDED_OVER = Note(HandOverIn, "请写明移送哪个部门、为什么。", hand_over, "已移送，函在下面可以下载。整改照常进行。")
ANSWERED = Note(HandoverAnswerIn, "请写明部门怎么答复、哪一天。", note_answer, "答复已登记。")


@bp.post("/findings/<uuid:finding_id>/judge")
@requires("visit.lead")
def judge(finding_id: UUID) -> AnyResponse:
    """What somebody competent found of a suspected major hazard."""
    return JUDGED.take(finding_id)


@bp.post("/findings/<uuid:finding_id>/settle")
@requires("visit.settle")
def settle(finding_id: UUID) -> AnyResponse:
    """The five that have to be settled of a major hazard."""
    return SETTLED.take(finding_id)


@bp.post("/findings/<uuid:finding_id>/hand-over")
@requires("visit.lead")
def hand_over_finding(finding_id: UUID) -> AnyResponse:
    """That the authority is asked to deal with it."""
    return HANDED_OVER.take(finding_id)


@bp.post("/handovers/<uuid:handover_id>/answer")
@requires("visit.lead")
def answer_handover(handover_id: UUID) -> AnyResponse:
    """What the authority said."""
    return ANSWERED.take(handover_id)


def _asked() -> DispatchFilter:
    """Of this month, if no day is said."""
    asked = strict_query_params(DispatchFilter)
    first = clock.day_of(clock.now()).replace(day=1)
    return asked if asked.since is not None else asked.model_copy(update={"since": first})
