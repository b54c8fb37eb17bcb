"""Pages of awards: budgets, schemes and batches; a batch; the public notice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import NotFound
from server.core.web.access import public, requires
from server.core.web.unit_of_work import session
from server.oversight.awards import actions, publication
from server.oversight.awards.joint import confirm_joint
from server.oversight.awards.models import AwardEntry, AwardObjection
from server.oversight.awards.notices import OBJECTION_TEXTS, get_notice
from server.oversight.awards.queries import describe_batch, list_batches, list_budgets, own_unions
from server.oversight.awards.schemas import (
    AnswerIn,
    BudgetIn,
    JurorIn,
    NominationIn,
    PaymentIn,
    ReasonIn,
    SchemeIn,
    ScoreIn,
)
from server.oversight.awards.texts import ENTRY_TEXTS, KIND_TEXTS, MOVE_TEXTS, STATUS_WORDS, yuan
from server.oversight.awards.workbook import write_roster
from server.unions.actor import current_actor
from server.unions.forms import Form, posted, posted_or_invalid

bp = Blueprint("awards_console", __name__, template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = {
    "status_words": STATUS_WORDS,
    "kind_texts": KIND_TEXTS,
    "entry_texts": ENTRY_TEXTS,
    "move_texts": MOVE_TEXTS,
    "objection_texts": OBJECTION_TEXTS,
    "yuan": yuan,
}


@bp.get("/console/awards")
@requires("award.read")
def overview() -> str:
    """Budgets and batches."""
    return _overview()


def _overview(budget: Form[BudgetIn] | None = None, scheme: Form[SchemeIn] | None = None) -> str:
    actor = current_actor()
    unions = own_unions(session(), actor)
    own = {union_id for union_id, _ in unions}
    budgets = list_budgets(session(), actor)
    return render_template(
        "awards/overview.html",
        budgets=budgets,
        batches=list_batches(session(), actor),
        unions=unions,
        own_budgets=[(each.budget.id, each.budget.name) for each in budgets if each.budget.union_id in own],
        budget_form=budget,
        scheme_form=scheme,
        today=clock.in_shanghai(clock.now()).date(),
        **WORDS,
    )


@bp.post("/console/awards/budgets")
@requires("award.manage")
def add_budget() -> Response | tuple[str, int]:
    """A new budget."""
    form = posted(BudgetIn)
    if form.value is None:
        return _overview(budget=form), 422
    actions.create_budget(session(), form.value, actor=current_actor(), now=clock.now())
    flash("已建立预算。", "success")
    return _to("/console/awards")


@bp.post("/console/awards/schemes")
@requires("award.manage")
def add_scheme() -> Response | tuple[str, int]:
    """A new scheme with its batches."""
    raw = {key: value for key, value in request.form.items() if key != "csrf_token"}
    raw["grades"] = ",".join(request.form.getlist("grades"))
    form = Form(SchemeIn, raw)
    if form.value is None:
        return _overview(scheme=form), 422
    actions.create_scheme(session(), form.value, actor=current_actor(), now=clock.now())
    flash("已建立方案和批次。", "success")
    return _to("/console/awards")


@bp.get("/console/awards/<uuid:batch_id>")
@requires("award.read")
def batch(batch_id: UUID) -> str:
    """One batch; `?recompute=1` judges again and shows what differs."""
    page = describe_batch(session(), batch_id, current_actor(), recompute="recompute" in request.args)
    return render_template(
        "awards/batch.html", page=page, entry_status=_status_of, is_struck=actions.is_struck, now_=clock.now(), **WORDS
    )


def _status_of(entry: AwardEntry) -> str:
    return ENTRY_TEXTS[entry.status]


@bp.get("/console/awards/<uuid:batch_id>.xlsx")
@requires("award.read")
def roster(batch_id: UUID) -> Response:
    """The listed entries as a workbook."""
    page = describe_batch(session(), batch_id, current_actor())
    name = f"{page.batch.name}名单.xlsx"
    return send_file(write_roster(page), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _plain_move(act: Callable[..., Any], *args: Any) -> None:
    act(session(), *args, actor=current_actor(), now=clock.now())


PLAIN_MOVES: dict[str, tuple[Callable[..., Any], str]] = {
    "compute": (actions.compute, "已按现在的数据计算。"),
    "open-scoring": (actions.open_scoring, "可以请评委评分了。"),
    "publish": (publication.publish_list, "已公示。"),
    "finalise": (publication.finalise, "名单已确定。"),
}


@bp.post("/console/awards/<uuid:batch_id>/<any('compute', 'open-scoring', 'publish', 'finalise'):move>")
@requires("award.manage")
def act(batch_id: UUID, move: str) -> Response:
    """A move that needs no more words."""
    action, done = PLAIN_MOVES[move]
    _plain_move(action, batch_id)
    flash(done, "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/<uuid:batch_id>/joint-reports/<uuid:merged_id>/confirm")
@requires("award.manage")
def confirm_joint_report(batch_id: UUID, merged_id: UUID) -> Response:
    """A joint reporter was there and shares."""
    _plain_move(confirm_joint, batch_id, merged_id)
    flash("已确认，名单已重新计算。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/<uuid:batch_id>/cancel")
@requires("award.manage")
def cancel(batch_id: UUID) -> Response:
    """Give a batch up."""
    _plain_move(actions.cancel, batch_id, posted_or_invalid(ReasonIn).reason)
    flash("已取消这一批。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/<uuid:batch_id>/nominations")
@requires("award.manage")
def nominate(batch_id: UUID) -> Response:
    """Nominate."""
    _plain_move(actions.nominate, batch_id, posted_or_invalid(NominationIn))
    flash("已推荐。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/<uuid:batch_id>/jurors")
@requires("award.manage")
def add_juror(batch_id: UUID) -> Response:
    """Make somebody a juror."""
    _plain_move(actions.add_juror, batch_id, posted_or_invalid(JurorIn).username)
    flash("已加入评委。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/entries/<uuid:entry_id>/score")
@requires("award.manage")
def score(entry_id: UUID) -> Response:
    """Score an entry."""
    _plain_move(actions.give_score, entry_id, posted_or_invalid(ScoreIn).score)
    flash("已评分。", "success")
    return _to_batch(_batch_of(entry_id))


@bp.post("/console/awards/entries/<uuid:entry_id>/strike")
@requires("award.manage")
def strike(entry_id: UUID) -> Response:
    """Take a candidate out."""
    _plain_move(actions.strike, entry_id, posted_or_invalid(ReasonIn).reason)
    flash("已移出候选。", "success")
    return _to_batch(_batch_of(entry_id))


@bp.post("/console/awards/entries/<uuid:entry_id>/readmit")
@requires("award.manage")
def readmit(entry_id: UUID) -> Response:
    """Take back that a candidate was taken out."""
    batch_id = _batch_of(entry_id)
    _plain_move(actions.readmit, entry_id)
    flash("已恢复，名单已重新计算。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/entries/<uuid:entry_id>/remove")
@requires("award.manage")
def remove(entry_id: UUID) -> Response:
    """Take somebody off a published list."""
    _plain_move(publication.remove_entry, entry_id, posted_or_invalid(ReasonIn).reason)
    flash("已移出名单，候补已依次递补。", "success")
    return _to_batch(_batch_of(entry_id))


@bp.post("/console/awards/entries/<uuid:entry_id>/payment")
@requires("award.manage")
def pay(entry_id: UUID) -> Response:
    """Record a payment."""
    _plain_move(publication.pay, entry_id, posted_or_invalid(PaymentIn))
    flash("已登记发放。", "success")
    return _to_batch(_batch_of(entry_id))


@bp.post("/console/awards/objections/<uuid:objection_id>/answer")
@requires("award.manage")
def answer(objection_id: UUID) -> Response:
    """Answer an objection."""
    _plain_move(publication.answer_objection, objection_id, posted_or_invalid(AnswerIn))
    flash("已答复。", "success")
    objection = session().get(AwardObjection, objection_id)
    if objection is None:
        raise NotFound
    return _to_batch(objection.batch_id)


@bp.get("/awards/<uuid:batch_id>")
@public
def notice(batch_id: UUID) -> str:
    """The published list, for everybody."""
    return render_template("awards/notice.html", notice=get_notice(session(), batch_id, None, clock.now()), yuan=yuan)


def _batch_of(entry_id: UUID) -> UUID:
    entry = session().get(AwardEntry, entry_id)
    if entry is None:
        raise NotFound
    return entry.batch_id


def _to_batch(batch_id: UUID) -> Response:
    return _to(f"/console/awards/{batch_id}")


def _to(path: str) -> Response:
    return redirect(path, code=303)
