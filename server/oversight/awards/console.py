"""Pages of awards: budgets, schemes and batches; a batch; the public notice."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import AppError, Forbidden, Invalid
from server.core.kept_files.files import KeptFile, keep_file, let_in, posted_file
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, query_params
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.exports.books.sending import send_book
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.workflow import perform
from server.oversight.awards import actions
from server.oversight.awards.batches.candidates import is_struck
from server.oversight.awards.batches.entries import OnEntry, batch_of, owns
from server.oversight.awards.batches.joint_reporters import confirm_joint
from server.oversight.awards.models import AwardEntry, BatchMove
from server.oversight.awards.payments.books import PAYMENTS, ROSTER
from server.oversight.awards.payments.results import COLUMNS, OUTCOMES
from server.oversight.awards.payments.roster import sum_by_union
from server.oversight.awards.payments.summary import summarise
from server.oversight.awards.permissions import PERMISSIONS
from server.oversight.awards.publication.notices import OBJECTION_TEXTS, get_notice
from server.oversight.awards.publication.objections import OnObjection
from server.oversight.awards.publication.photo_checks import confirm_photos, describe_check, list_pairs
from server.oversight.awards.queries import describe_batch, get_objection, list_batches, list_budgets, own_unions
from server.oversight.awards.schemas import (
    AnswerIn,
    BatchQuery,
    BudgetIn,
    JurorIn,
    NominationIn,
    OverviewQuery,
    PaymentIn,
    PhotosIn,
    ReasonIn,
    ResultsIn,
    SchemeIn,
    ScoreIn,
    SummaryQuery,
)
from server.oversight.awards.texts import ENTRY_TEXTS, KIND_TEXTS, STATUS_WORDS, WAIT_TEXTS, yuan
from server.oversight.awards.workbook import summary_sheets
from server.oversight.awards.workflow import BATCHES
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked
from server.unions.imports.plans.reports import Outcome
from server.unions.imports.sheets.workbook import MAX_BYTES, read_rows

bp = Blueprint("awards_console", __name__, template_folder="templates")
RESULTS = "award-results"
SHOWN = 300  # rows of a sheet that came back
WORDS = {
    "status_words": STATUS_WORDS,
    "kind_texts": KIND_TEXTS,
    "entry_texts": ENTRY_TEXTS,
    "move_texts": BATCHES.labels(),
    "questions": BATCHES.questions(),
    "objection_texts": OBJECTION_TEXTS,
    "yuan": yuan,
}


@bp.get("/console/awards")
@requires("award.read")
def overview() -> str:
    """Budgets and batches."""
    return _overview()


def _overview(budget: Form[BudgetIn] | None = None, scheme: Form[SchemeIn] | None = None) -> str:
    actor, wanted = current_actor(), query_params(OverviewQuery)
    unions = own_unions(session(), actor)
    own = {union_id for union_id, _ in unions}
    budgets = list_budgets(session(), actor)
    return render_template(
        "awards/overview.html",
        budgets=budgets,
        batches=list_batches(session(), actor, clock.now(), wanted, campaign_asked()),
        wait_text=WAIT_TEXTS[wanted.wait] if wanted.wait else "本期定下来" if wanted.final else "",
        unions=unions,
        own_budgets=[(each.budget.id, each.budget.name) for each in budgets if each.budget.union_id in own],
        budget_form=budget,
        scheme_form=scheme,
        today=clock.in_shanghai(clock.now()).date(),
        **WORDS,
    )


@bp.get("/console/awards/summary")
@requires("award.read")
def summary() -> str:
    """What published lists gave, over all schemes."""
    year = query_params(SummaryQuery).year
    found = summarise(session(), current_actor(), year, PERMISSIONS["award.read"])
    return render_template("awards/summary.html", summary=found, year=year, **WORDS)


@bp.get("/console/awards/summary.xlsx")
@requires("award.read")
def summary_workbook() -> Response:
    """The same as a workbook."""
    year = query_params(SummaryQuery).year
    found = summarise(session(), current_actor(), year, PERMISSIONS["award.read"])
    when = f"{year} 年" if year else "全部年份"
    return send_workbook(f"评奖汇总 {when}", *summary_sheets(found, when))


@bp.post("/console/awards/budgets")
@requires("award.manage")
def add_budget() -> Response | tuple[str, int]:
    """A new budget."""
    form = form_data(BudgetIn)
    if form.value is None:
        return _overview(budget=form), 422
    actions.create_budget(session(), form.value, actor=current_actor(), now=clock.now())
    flash("已建立预算。", "success")
    return _to("/console/awards")


@bp.post("/console/awards/schemes")
@requires("award.manage")
def add_scheme() -> Response | tuple[str, int]:
    """A new scheme with its batches."""
    values = form_values()
    raw = {**values.to_dict(), "grades": ",".join(values.getlist("grades"))}
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
    return _batch(batch_id, recompute=query_params(BatchQuery).recompute)


def _batch(
    batch_id: UUID,
    *,
    recompute: bool = False,
    form: Form[ResultsIn] | None = None,
    kept: KeptFile | None = None,
    message: str = "",
) -> str:
    page = describe_batch(session(), batch_id, current_actor(), clock.now(), recompute=recompute)
    return render_template(
        "awards/batch.html", page=page, sums=sum_by_union(session(), page.candidates),
        check=describe_check(session(), page.batch), entry_status=_status_of,
        is_struck=is_struck, form=form, kept=kept, message=message, **WORDS,
    )  # fmt: skip


def _status_of(entry: AwardEntry) -> str:
    return ENTRY_TEXTS[entry.status]


@bp.get("/console/awards/<uuid:batch_id>.xlsx")
@requires("award.read")
def roster(batch_id: UUID) -> Response:
    """The listed entries as a workbook."""
    return send_book(ROSTER, batch_id)


@bp.get("/console/awards/<uuid:batch_id>/payments.xlsx")
@requires("award.manage")
def payment_list(batch_id: UUID) -> Response:
    """Whom to pay how much, with phone numbers, to sign and to send to the bank."""
    return send_book(PAYMENTS, batch_id)


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Sheets may be bigger than forms."""
    if endpoint == "awards_console.take_payment_results":
        let_in(MAX_BYTES)


@bp.post("/console/awards/<uuid:batch_id>/payments")
@requires("award.manage")
def take_payment_results(batch_id: UUID) -> str | tuple[str, int]:
    """The payment list comes back with what the bank did."""
    actor, form = current_actor(), form_data(ResultsIn)
    file = posted_file(RESULTS, actor.person_id, MAX_BYTES)
    try:
        wanted = form.require("请填写方式和银行批次号。")
        if file is None:
            raise Invalid("请选择银行退回的表格文件。")
        rows = read_rows(file.content, COLUMNS)
    except AppError as error:
        kept = keep_file(RESULTS, actor.person_id, file, MAX_BYTES) if form.errors else None
        return _batch(batch_id, form=form, kept=kept, message=error.message), error.status
    report = actions.take_payment_results(session(), batch_id, rows, wanted, actor=actor, now=clock.now())
    return render_template(
        "awards/results.html", batch_id=batch_id, report=report, rows=report.shown(SHOWN), Outcome=Outcome,
        outcome_words=OUTCOMES,
    )  # fmt: skip


PLAIN_MOVES = {
    "compute": BatchMove.COMPUTE,
    "open-scoring": BatchMove.OPEN_SCORING,
    "publish": BatchMove.PUBLISH,
    "finalise": BatchMove.FINALISE,
}


@bp.post("/console/awards/<uuid:batch_id>/<any('compute', 'open-scoring', 'publish', 'finalise'):move>")
@requires("award.manage")
def act(batch_id: UUID, move: str) -> Response:
    """A move that needs no more words."""
    return _make(batch_id, PLAIN_MOVES[move], None)


@bp.post("/console/awards/<uuid:batch_id>/joint-reports/<uuid:merged_id>/confirm")
@requires("award.manage")
def confirm_joint_report(batch_id: UUID, merged_id: UUID) -> Response:
    """A joint reporter was there and shares."""
    confirm_joint(session(), batch_id, merged_id, actor=current_actor(), now=clock.now())
    flash("已确认，名单已重新计算。", "success")
    return _to_batch(batch_id)


@bp.get("/console/awards/<uuid:batch_id>/photos")
@requires("award.manage")
def photos(batch_id: UUID) -> str:
    """Photos of candidates beside those that had been sent before."""
    actor, now = current_actor(), clock.now()
    batch = describe_batch(session(), batch_id, actor, now).batch
    if not owns(actor, batch.union_id):
        raise Forbidden
    pairs, check = list_pairs(session(), batch, actor, now), describe_check(session(), batch)
    return render_template("awards/photos.html", batch=batch, pairs=pairs, check=check)


@bp.post("/console/awards/<uuid:batch_id>/photos")
@requires("award.manage")
def check_photos(batch_id: UUID) -> Response:
    """They were looked at."""
    facts_hash = posted_or_invalid(PhotosIn).facts_hash
    confirm_photos(session(), batch_id, facts_hash, actor=current_actor(), now=clock.now())
    flash("已记下照片看过。", "success")
    return _to_batch(batch_id)


@bp.post("/console/awards/<uuid:batch_id>/cancel")
@requires("award.manage")
def cancel(batch_id: UUID) -> Response:
    """Give a batch up."""
    return _make(batch_id, BatchMove.CANCEL, posted_or_invalid(ReasonIn))


@bp.post("/console/awards/<uuid:batch_id>/nominations")
@requires("award.manage")
def nominate(batch_id: UUID) -> Response:
    """Nominate."""
    return _make(batch_id, BatchMove.NOMINATE, posted_or_invalid(NominationIn))


@bp.post("/console/awards/<uuid:batch_id>/jurors")
@requires("award.manage")
def add_juror(batch_id: UUID) -> Response:
    """Make somebody a juror."""
    return _make(batch_id, BatchMove.ADD_JUROR, posted_or_invalid(JurorIn))


@bp.post("/console/awards/entries/<uuid:entry_id>/score")
@requires("award.manage")
def score(entry_id: UUID) -> Response:
    """Score an entry."""
    return _make_on(entry_id, BatchMove.SCORE, posted_or_invalid(ScoreIn))


@bp.post("/console/awards/entries/<uuid:entry_id>/strike")
@requires("award.manage")
def strike(entry_id: UUID) -> Response:
    """Take a candidate out."""
    return _make_on(entry_id, BatchMove.STRIKE, posted_or_invalid(ReasonIn))


@bp.post("/console/awards/entries/<uuid:entry_id>/readmit")
@requires("award.manage")
def readmit(entry_id: UUID) -> Response:
    """Take back that a candidate was taken out."""
    batch = actions.readmit(session(), entry_id, actor=current_actor(), now=clock.now())
    flash("已恢复，名单已重新计算。", "success")
    return _to_batch(batch.id)


@bp.post("/console/awards/entries/<uuid:entry_id>/remove")
@requires("award.manage")
def remove(entry_id: UUID) -> Response:
    """Take somebody off a published list."""
    return _make_on(entry_id, BatchMove.REMOVE, posted_or_invalid(ReasonIn))


@bp.post("/console/awards/entries/<uuid:entry_id>/payment")
@requires("award.manage")
def pay(entry_id: UUID) -> Response:
    """Record a payment."""
    return _make_on(entry_id, BatchMove.PAY, posted_or_invalid(PaymentIn))


@bp.post("/console/awards/objections/<uuid:objection_id>/answer")
@requires("award.manage")
def answer(objection_id: UUID) -> Response:
    """Answer an objection."""
    form = OnObjection(objection_id, posted_or_invalid(AnswerIn))
    return _make(get_objection(session(), objection_id).batch_id, BatchMove.ANSWER, form)


@bp.get("/awards/<uuid:batch_id>")
@public
def notice(batch_id: UUID) -> str:
    """The published list, for everybody."""
    return render_template("awards/notice.html", notice=get_notice(session(), batch_id, None, clock.now()), yuan=yuan)


def _make_on(entry_id: UUID, move: BatchMove, form: In) -> Response:
    return _make(batch_of(session(), entry_id), move, OnEntry(entry_id, form))


def _make(batch_id: UUID, move: BatchMove, form: In | OnEntry | OnObjection | None) -> Response:
    perform(BATCHES, session(), batch_id, move, form=form, actor=current_actor(), now=clock.now())
    flash(BATCHES.find(move).done, "success")
    return _to_batch(batch_id)


def _to_batch(batch_id: UUID) -> Response:
    return _to(f"/console/awards/{batch_id}")


def _to(path: str) -> Response:
    return redirect(path, code=303)
