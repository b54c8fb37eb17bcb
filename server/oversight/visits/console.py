"""Pages of visits: the list, planning one, one of them, its record, its papers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms.actions import freeze_form
from server.assignments.forms.queries import find_frozen, get_form
from server.core import clock, ids
from server.core.errors import AppError, Forbidden, NotFound
from server.core.web.access import requires
from server.core.web.forms import INCOMPLETE, Form, form_data, form_values, query_params, union_words
from server.core.web.unit_of_work import session
from server.kit.documents.files.doors import add_document_doors
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.workflow import perform
from server.notifications.inbox.actions import deliver_all
from server.oversight.visits.actions import check_team, open_visit
from server.oversight.visits.findings.follow_up_pages import bp as follow_up_pages
from server.oversight.visits.findings.handing_over import get_handover
from server.oversight.visits.listing import VISITS
from server.oversight.visits.messages import planned
from server.oversight.visits.models import Visit, VisitFinding, VisitStatus
from server.oversight.visits.papers import handover, opinion, record_sheet
from server.oversight.visits.queries import get_visit, leading_role
from server.oversight.visits.recording.planned import read_plan, shown_plan
from server.oversight.visits.recording.posted import Shown, fields_of, read_record, shown_record
from server.oversight.visits.recording.saving import record_visit
from server.oversight.visits.recording.shown_pages import plan_page, record_page, visit_page
from server.oversight.visits.recording.visit_files import files_of
from server.oversight.visits.schemas import CancelIn, EditIn, NewQuery, PlanIn, RecordIn, SendIn, VersionIn
from server.oversight.visits.workflow import WORKFLOW, M
from server.unions.actor import Actor, current_actor

bp = Blueprint("visits_console", __name__, url_prefix="/console/visits", template_folder="templates")
bp.register_blueprint(follow_up_pages)
FORMS: dict[str, type[VersionIn]] = {M.SEND: SendIn, M.CANCEL: CancelIn}


@bp.get("")
@requires("visit.read")
def visits() -> str:
    """The list."""
    return render_template("visits/list.html", page=show_list(VISITS))


@bp.get("/ledger.xlsx")
@requires("visit.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(VISITS)


# --- planning ---------------------------------------------------------------------------------------------------------


@bp.get("/new")
@requires("visit.lead")
def new() -> str:
    """A form, maybe with the enterprise of the address."""
    asked = query_params(NewQuery)
    today = clock.day_of(clock.now()).isoformat()
    me = str(current_actor().person_id)
    raw = {"planned_from": today, "planned_to": today, "people": [me], "leader": me}
    return plan_page(session(), current_actor(), raw, {}, enterprise=asked.enterprise)


@bp.post("")
@requires("visit.lead")
def create() -> AnyResponse | tuple[str, int]:
    """Plan one; whoever only looked for an enterprise gets the form again."""
    actor, posted = current_actor(), form_values()
    if (words := union_words()) is not None:
        return plan_page(session(), actor, _raw(), {}, enterprise=posted.get("enterprise"), words=words), 200
    where = form_data(NewQuery, drop=tuple(name for name in posted if name != "enterprise"))
    try:
        form = Form(PlanIn, read_plan(posted)).require(INCOMPLETE)
        if where.value is None or where.value.enterprise is None:
            return plan_page(session(), actor, _raw(), {"enterprise": "请选择一家企业"}), 422
        visit = open_visit(
            session(), actor=actor, now=clock.now(), enterprise_id=where.value.enterprise,
            **{name: getattr(form, name) for name in PlanIn.model_fields if name != "form_version_id"},
            form_version_id=_frozen(actor),
        )  # fmt: skip
    except AppError as error:
        session().rollback()
        page = plan_page(
            session(), actor, _raw(), error.fields, message=error.message, enterprise=posted.get("enterprise")
        )
        return page, error.status
    deliver_all(session(), planned(session(), visit, actor.person_id), now=clock.now())
    flash("督导已安排。")
    return _to(visit.id)


@bp.get("/<uuid:visit_id>/edit")
@requires("visit.lead")
def edit(visit_id: UUID) -> str:
    """The plan, to be changed."""
    visit = _led(session(), visit_id, current_actor())
    return plan_page(session(), current_actor(), shown_plan(session(), visit), {}, visit=visit)


@bp.post("/<uuid:visit_id>/edit")
@requires("visit.lead")
def save_plan(visit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep the changed plan."""
    actor, posted = current_actor(), form_values()
    visit = _led(session(), visit_id, actor)
    try:
        version_id = _frozen(actor) if posted.get("form") else visit.form_version_id
        fields = {**read_plan(posted), "version": posted.get("version", ""), "form_version_id": version_id}
        form = Form(EditIn, fields).require(INCOMPLETE)
        check_team(session(), form.team)
        perform(WORKFLOW, session(), visit_id, M.EDIT, actor=actor, now=clock.now(), form=form)
    except AppError as error:
        session().rollback()
        visit = _led(session(), visit_id, actor)
        return plan_page(session(), actor, _raw(), error.fields, message=error.message, visit=visit), error.status
    flash(WORKFLOW.find(M.EDIT).done)
    return _to(visit_id)


def _raw() -> dict[str, Any]:
    posted = form_values()
    return {**posted.to_dict(), "people": posted.getlist("people")}


def _frozen(actor: Actor) -> UUID | None:
    """The chosen form as it is now."""
    chosen = form_data(NewQuery, drop=tuple(name for name in form_values() if name != "form"))
    if chosen.value is None or chosen.value.form is None:
        return None
    record = get_form(session(), chosen.value.form, actor)
    return freeze_form(session(), record, actor=actor, now=clock.now()).id


def _led(reader: Session, visit_id: UUID, actor: Actor) -> Visit:
    """A visit that the actor's union leads and that is only planned. Raises NotFound, Forbidden."""
    visit = get_visit(reader, visit_id, actor, whole=True)
    if leading_role(actor, visit) is None or visit.status is not VisitStatus.PLANNED:
        raise Forbidden("这次督导的安排不能再改，或者由别的工会组织。", code="not_now")
    return visit


# --- one of them ------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:visit_id>")
@requires("visit.read")
def visit(visit_id: UUID) -> str:
    """One of them, with what can be done."""
    return visit_page(session(), visit_id, current_actor())


@bp.post("/<uuid:visit_id>/<move>")
@requires("visit.lead")
def make_move(visit_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in FORMS:
        raise NotFound
    form = form_data(FORMS[move])
    if form.value is None:
        return visit_page(session(), visit_id, current_actor(), form.raw, form.errors), 422
    chosen = M(move)
    try:
        perform(WORKFLOW, session(), visit_id, chosen, actor=current_actor(), now=clock.now(), form=form.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        page = visit_page(session(), visit_id, current_actor(), form.raw, error.fields, error.message)
        return page, error.status
    flash(WORKFLOW.find(chosen).done)
    return _to(visit_id)


@bp.get("/<uuid:visit_id>/record")
@requires("visit.lead")
def record(visit_id: UUID) -> str:
    """The record, to be filled in or corrected."""
    found = get_visit(session(), visit_id, current_actor(), whole=True)
    return record_page(session(), found, shown_record(session(), found, clock.now()), str(ids.new_id()))


@bp.post("/<uuid:visit_id>/record")
@requires("visit.lead")
def save_record(visit_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep the record, once all of it is there."""
    actor, posted = current_actor(), form_values()
    found = get_visit(session(), visit_id, actor, whole=True)
    files = files_of(session(), visit_id)
    shown = read_record(find_frozen(session(), found.form_version_id), posted, files)
    try:
        body = Form(RecordIn, fields_of(shown, posted.get("key", ""), files)).require(INCOMPLETE)
        record_visit(session(), visit_id, body, actor=actor, now=clock.now())
    except AppError as error:
        return _refused(visit_id, shown, error, actor)
    flash(WORKFLOW.find(M.RECORD).done)
    return _to(visit_id)


def _refused(visit_id: UUID, shown: Shown, error: AppError, actor: Actor) -> tuple[str, int]:
    if error.status == 404:
        raise error
    session().rollback()
    shown.errors, shown.message = error.fields, error.message
    found = get_visit(session(), visit_id, actor, whole=True)
    return record_page(session(), found, shown, form_values().get("key", "")), error.status


def _to(visit_id: UUID) -> AnyResponse:
    return redirect(f"/console/visits/{visit_id}", code=303)


# --- papers -----------------------------------------------------------------------------------------------------------


def _opinion_of(reader: Session, visit_id: UUID, actor: Actor) -> tuple[dict[str, Any], str]:
    found = get_visit(reader, visit_id, actor)
    return opinion.words_of(reader, found), "督导意见书（草稿）.docx"


def _sheet_of(reader: Session, visit_id: UUID, actor: Actor) -> tuple[dict[str, Any], str]:
    found = get_visit(reader, visit_id, actor, whole=True)
    return record_sheet.words_of(reader, found, second_page=False), "专项督导工作记录表.docx"


sheets = Blueprint("record_sheets", __name__, url_prefix="/console/visits")  # as it leads back
add_document_doors(sheets, record_sheet.RECORD_SHEET, "sheet", "visit.lead", _sheet_of)
bp.register_blueprint(sheets, url_prefix="/sheets")
add_document_doors(bp, opinion.OPINION, "opinion", "visit.read", _opinion_of)


def _handover_of(reader: Session, handover_id: UUID, actor: Actor) -> tuple[dict[str, Any], str]:
    row = get_handover(reader, handover_id, actor)
    finding = reader.get_one(VisitFinding, row.finding_id)
    words = handover.words_of(reader, reader.get_one(Visit, finding.visit_id), finding, row)
    return words, "提请依法处理函.docx"


handovers = Blueprint("handovers", __name__, url_prefix="/console/visits/handovers")
add_document_doors(handovers, handover.HANDOVER, "letter", "visit.lead", _handover_of)
bp.register_blueprint(handovers, url_prefix="/handovers")
