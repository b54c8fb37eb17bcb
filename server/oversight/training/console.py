"""Pages of training: the list, a plan, one session with who was there and what can be done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import Form, form_data, posted_or_invalid, query_params, union_words
from server.core.web.unit_of_work import read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.files.queries import list_files
from server.kit.listing import show_list
from server.kit.scope import name_of, union_names
from server.kit.workflow import offers, perform
from server.oversight.training import actions, queries, texts
from server.oversight.training.archive import archive_pages, record_pages
from server.oversight.training.archive.session_files import FIELDS, SESSION_FILES, may_add
from server.oversight.training.check_in import check_in_pages
from server.oversight.training.check_in.headcounts import list_headcounts
from server.oversight.training.invitations import invited_pages
from server.oversight.training.listing import SESSION_LIST
from server.oversight.training.models import DRILLS, TrainingSession
from server.oversight.training.rules import Flag
from server.oversight.training.schemas import (
    EditIn,
    InviteIn,
    NewQuery,
    PapersIn,
    ReasonIn,
    SessionIn,
    VersionIn,
)
from server.oversight.training.sheets import sheet_pages
from server.oversight.training.workflow import SESSIONS, SessionMove, lacks
from server.unions.actor import Actor, current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

INVITED_LEVELS = frozenset(Level) - {Level.TEAM}
bp = Blueprint("training_console", __name__, url_prefix="/console/training", template_folder="templates")
bp.register_blueprint(check_in_pages.bp)
bp.register_blueprint(sheet_pages.bp)
bp.register_blueprint(archive_pages.bp)
bp.register_blueprint(record_pages.bp)
bp.register_blueprint(invited_pages.bp)
FORMS: dict[SessionMove, type[VersionIn]] = {
    SessionMove.EDIT: EditIn,
    SessionMove.WRITE: PapersIn,
    SessionMove.RETURN: ReasonIn,
    SessionMove.CANCEL: ReasonIn,
    **dict.fromkeys(
        (SessionMove.NOTIFY, SessionMove.START, SessionMove.END, SessionMove.HAND_IN, SessionMove.ARCHIVE), VersionIn
    ),
}


@bp.get("")
@requires("training.read")
def sessions() -> str:
    """The list."""
    return render_template(
        "training/list.html", page=show_list(SESSION_LIST), may_lead=bool(queries.leading(current_actor()))
    )


@bp.get("/ledger.xlsx")
@requires("training.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(SESSION_LIST)


@bp.get("/new")
@requires("training.lead")
def new() -> str:
    """A form for one of the actor's own unions."""
    return _form_page(None, query_params(NewQuery).organiser)


@bp.post("")
@requires("training.lead")
def plan() -> AnyResponse | tuple[str, int]:
    """Plan one."""
    form = form_data(SessionIn, drop=("organiser",))
    organiser = form_data(NewQuery, drop=tuple(SessionIn.model_fields)).value
    if form.value is None or organiser is None or organiser.organiser is None:
        return _form_page(form, organiser.organiser if organiser else None), 422
    row = actions.plan_session(session(), organiser.organiser, form.value, actor=current_actor(), now=clock.now())
    flash("已建好。请选哪些单位参加，再通知。")
    return redirect(f"/console/training/{row.id}", code=303)


@bp.get("/<uuid:session_id>")
@requires("training.read")
def show(session_id: UUID) -> str:
    """One session."""
    return _page(session_id)


@bp.get("/<uuid:session_id>/edit")
@requires("training.lead")
def edit(session_id: UUID) -> str:
    """Its plan, to be changed."""
    return _edit_page(session_id)


@bp.post("/<uuid:session_id>/invitations")
@requires("training.lead")
def add_invitation(session_id: UUID) -> AnyResponse | tuple[str, int]:
    """Ask a union to come."""
    if (words := union_words()) is not None:
        return _page(session_id, words=words), 200
    form = posted_or_invalid(InviteIn, "请选择单位。")
    actions.invite(session(), session_id, form.union, actor=current_actor(), now=clock.now())
    return redirect(f"/console/training/{session_id}#invited", code=303)


@bp.post("/<uuid:session_id>/invitations/removal")
@requires("training.lead")
def remove_invitation(session_id: UUID) -> AnyResponse:
    """Ask a union no more."""
    form = posted_or_invalid(InviteIn, "请选择单位。")
    actions.take_back(session(), session_id, form.union, actor=current_actor(), now=clock.now())
    return redirect(f"/console/training/{session_id}#invited", code=303)


@bp.post("/<uuid:session_id>/<move>")
@requires("training.lead")
def make(session_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in {each.value for each in FORMS}:
        raise NotFound
    chosen = SessionMove(move)
    form = form_data(FORMS[chosen])
    again = _edit_page if chosen is SessionMove.EDIT else _page
    if form.value is None:
        return again(session_id, form, "有没填好的地方，请检查。"), 422
    try:
        perform(SESSIONS, session(), session_id, chosen, form=form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return again(session_id, form, error.message), error.status
    flash(SESSIONS.find(chosen).done or "已登记。")
    return redirect(with_query(f"/console/training/{session_id}"), code=303)


def _form_page(form: Form[SessionIn] | None, organiser_id: UUID | None) -> str:
    actor = current_actor()
    led = queries.leading(actor)
    return render_template(
        "training/new.html", raw=form.raw if form else {}, errors=form.errors if form else {},
        organisers=[(str(each.union_id), each.union_name) for each in led], organiser=str(organiser_id or ""),
        **_choices_of_plan(),
    )  # fmt: skip


def _choices_of_plan() -> dict[str, Any]:
    return {
        "kinds": _choices(texts.KIND_NAMES), "inductions": [("", "不是"), *_choices(texts.INDUCTION_NAMES)],
        "venues": queries.known_venues(session(), current_actor()),
    }  # fmt: skip


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(key.value, name) for key, name in names.items()]


def _edit_page(session_id: UUID, form: Form[Any] | None = None, message: str = "") -> str:
    row = queries.get_session(session(), session_id, current_actor())
    starts, ends = clock.in_shanghai(row.starts_at), clock.in_shanghai(row.ends_at)
    kept = {name: getattr(row, name) for name in SessionIn.model_fields if hasattr(row, name)}
    kept |= {"day": f"{starts:%Y-%m-%d}", "begins": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    if row.latitude is not None:
        kept |= {"point": f"{row.latitude:.6f}, {row.longitude:.6f}", "datum": "wgs84"}
    return render_template(
        "training/edit.html", row=row, raw=form.raw if form else kept, errors=form.errors if form else {},
        message=message, **_choices_of_plan(),
    )  # fmt: skip


def _page(session_id: UUID, form: Form[Any] | None = None, message: str = "", words: str | None = None) -> str:
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        row = queries.get_session(reader, session_id, actor)
        moves = {each.name: each.label for each in offers(SESSIONS, reader, row, actor=actor, now=now)}
        leads = queries.leads_for(actor, row.organiser_id) is not None
        shown = _shown(reader, row, actor, now, leads)
        unions = offer_unions(reader, actor, INVITED_LEVELS, None, words) if leads else None
        missing = lacks(reader, row) if SessionMove.WRITE in moves else []
    return render_template(
        "training/session.html", row=row, moves=moves, questions=SESSIONS.questions(), leads=leads, unions=unions,
        missing=missing, raw=form.raw if form else {}, errors=form.errors if form else {}, message=message, **shown,
    )  # fmt: skip


def _shown(reader: Session, row: TrainingSession, actor: Actor, now: datetime, leads: bool) -> dict[str, Any]:
    sees = queries.may_see_people(actor, row)
    people = queries.list_attendances(reader, row.id) if sees else []
    present, counted = queries.count_present(reader, row.id)
    files = list_files(reader, SESSION_FILES.subject, [row.id])[row.id]
    return {
        "organiser": name_of(union_names(reader, {row.organiser_id}), row.organiser_id),
        "headcounts": list_headcounts(reader, row.id) if sees else [],
        "invited": queries.invited(reader, row.id), "people": people, "sees_people": sees, "present": present,
        "counted": counted, "kind_name": texts.KIND_NAMES[row.kind], "status_name": texts.STATUS_NAMES[row.status],
        "chip": texts.CHIPS[row.status], "means": texts.MEANS_NAMES, "confirmed": texts.CONFIRMED_NAMES,
        "flag_names": {flag.value: texts.FLAG_NAMES[flag] for flag in Flag}, "distance_names": texts.DISTANCE_NAMES,
        "is_drill": row.kind in DRILLS,
        "files": {field: [each for each in files if each.field == field] for field in FIELDS}, "fields": FIELDS,
        "limits": SESSION_FILES.limits, "may_add": leads and may_add(row), "file_subject": SESSION_FILES.subject,
        "facts": _facts(row), "induction": texts.INDUCTION_NAMES.get(row.induction) if row.induction else "",
    }  # fmt: skip


def _point(row: TrainingSession) -> str:
    return f"{row.latitude:.4f}, {row.longitude:.4f}" if row.latitude is not None else ""


def _facts(row: TrainingSession) -> list[tuple[str, str]]:
    return [
        ("主题", row.theme), ("依据", row.legal_basis), ("培训人", row.trainer), ("培训人资格", row.qualification),
        ("对象", row.audience), ("场地坐标", _point(row)),
    ]  # fmt: skip
