"""Pages of draws: preparing, the promise, the result; and what everybody may see and check."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, redirect, render_template
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.drafting.posted import flat_errors, read_rule
from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, union_words
from server.core.web.limits import limiter
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.kit.draws.spelling import VALUE_FORMS
from server.kit.draws.weighted import ALGORITHM, find_faults
from server.kit.exports.ledgers.sending import note_export
from server.kit.listing import show_list
from server.kit.scope import union_names
from server.kit.workflow import offers, perform
from server.oversight.supervision import queries
from server.oversight.supervision.drawing import preparing, publication
from server.oversight.supervision.drawing.frame import build_frame
from server.oversight.supervision.drawing.listing import DRAW_LIST
from server.oversight.supervision.drawing.steps import SUPERVISION_DRAWS, get_draw
from server.oversight.supervision.models import Draw, DrawMove, DrawStatus, Plan
from server.oversight.supervision.schemas import (
    CancelIn,
    DrawTerms,
    EditTermsIn,
    NoteGoneIn,
    NoteIn,
    RecusalIn,
    ValueIn,
    VersionIn,
)
from server.oversight.supervision.texts import DRAW_STATUS_NAMES, NOTE_NAMES, STRATA_NAMES
from server.unions.actor import current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.flags import FLAG_TEXTS
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.lookup.traits import traits
from server.unions.tree.models import Union
from server.unions.tree.texts import OWNERSHIP_NAMES, SIZE_NAMES

bp = Blueprint("draws", __name__)
WITHIN = frozenset({Level.DISTRICT, Level.TOWN})
UNKNOWN_SEED = "0" * 64  # of a frame that is only looked at
FORMS: dict[DrawMove, type[VersionIn]] = {
    DrawMove.FREEZE: VersionIn, DrawMove.ENTER_VALUE: ValueIn, DrawMove.REJECT_VALUE: VersionIn, DrawMove.DRAW: ValueIn,
    DrawMove.PUBLISH: VersionIn, DrawMove.CANCEL: CancelIn, DrawMove.ASK_CANCEL: CancelIn, DrawMove.KEEP: VersionIn,
}  # fmt: skip
_TERMS = (
    "strata_by",
    "reserves",
    "inspectors_each",
    "unvisited_months",
    "accident_months",
    "source",
    "value_form",
    "due_on",
)


@bp.get("/draws")
@requires("supervision.read")
def draws() -> str:
    """The list."""
    return render_template("supervision/draws.html", page=show_list(DRAW_LIST))


@bp.get("/<uuid:plan_id>/draws/new")
@requires("supervision.lead")
def new_draw(plan_id: UUID) -> str:
    """The terms to begin with."""
    return _terms_page(queries.get_plan(session(), plan_id, current_actor()), {}, {})


@bp.post("/<uuid:plan_id>/draws")
@requires("supervision.lead")
def prepare(plan_id: UUID) -> AnyResponse | tuple[str, int]:
    """Begin a draw."""
    posted, actor = form_values(), current_actor()
    plan = queries.get_plan(session(), plan_id, actor)
    form = Form(DrawTerms, _read_terms(posted))
    if form.value is None:
        return _terms_page(plan, _shown(posted), flat_errors(form.errors)), 422
    try:
        draw = preparing.prepare_draw(session(), plan_id, form.value, actor=actor, now=clock.now())
    except Invalid as error:
        session().rollback()
        return _terms_page(plan, _shown(posted), flat_errors(error.fields or {}), error.message), 422
    flash("填每一层抽几家，再定下名单。")
    return redirect(f"{DRAW_LIST.path}/{draw.id}", code=303)


@bp.get("/draws/<uuid:draw_id>")
@requires("supervision.read")
def draw(draw_id: UUID) -> str:
    """A draw: what it has come to, what can be done."""
    return _page(draw_id)


@bp.post("/draws/<uuid:draw_id>/terms")
@requires("supervision.lead")
def edit_terms(draw_id: UUID) -> AnyResponse | tuple[str, int]:
    """Other terms, and how many of each stratum."""
    posted, found = form_values(), get_draw(session(), draw_id, current_actor())
    counts = zip(posted.getlist("stratum"), posted.getlist("count"), strict=False)
    terms = {
        **found.terms, **{name: value for name, value in _read_terms(posted).items() if name in posted},
        "quotas": [{"stratum": stratum, "count": count or "0"} for stratum, count in counts],
    }  # fmt: skip
    form = Form(EditTermsIn, {"version": posted.get("version", ""), "terms": terms})
    if form.value is None:
        errors = {name.removeprefix("terms."): words for name, words in form.errors.items()}
        return _page(draw_id, errors=errors, message=next(iter(errors.values()), "")), 422
    return _make(draw_id, DrawMove.EDIT, form)


@bp.post("/draws/<uuid:draw_id>/move/<move>")
@requires("supervision.lead")
def make_draw_move(draw_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Freeze, draw, publish or call off."""
    if move not in {each.value for each in FORMS}:
        raise NotFound
    chosen = DrawMove(move)
    return _make(draw_id, chosen, form_data(FORMS[chosen]))


def _make(draw_id: UUID, move: DrawMove, form: Form[Any]) -> AnyResponse | tuple[str, int]:
    if form.value is None:
        return _page(draw_id, form.raw, form.errors), 422
    try:
        perform(SUPERVISION_DRAWS, session(), draw_id, move, form=form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(draw_id, form.raw, dict(error.fields or {}), error.message), error.status
    flash(SUPERVISION_DRAWS.find(move).done)
    return redirect(f"{DRAW_LIST.path}/{draw_id}", code=303)


@bp.post("/draws/<uuid:draw_id>/notes")
@requires("supervision.lead")
def note(draw_id: UUID) -> AnyResponse | tuple[str, int]:
    """Say something of one enterprise."""
    return _say(draw_id, NoteIn, preparing.note_enterprise)


@bp.post("/draws/<uuid:draw_id>/notes/forget")
@requires("supervision.lead")
def forget_note(draw_id: UUID) -> AnyResponse:
    """Say it no more."""
    gone = posted_or_invalid(NoteGoneIn)
    preparing.forget_note(session(), draw_id, gone.union, gone.kind, actor=current_actor(), now=clock.now())
    return redirect(f"{DRAW_LIST.path}/{draw_id}", code=303)


@bp.post("/draws/<uuid:draw_id>/recusals")
@requires("supervision.lead")
def recuse(draw_id: UUID) -> AnyResponse | tuple[str, int]:
    """Somebody does not go somewhere."""
    return _say(draw_id, RecusalIn, preparing.recuse)


def _say(draw_id: UUID, shape: type[In], write: Callable[..., None]) -> AnyResponse | tuple[str, int]:
    form = form_data(shape)
    if (words := union_words()) is not None:
        return _page(draw_id, form.raw, words=words), 200
    if form.value is None:
        return _page(draw_id, form.raw, form.errors, "请选择企业，写明原因。"), 422
    try:
        write(session(), draw_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _page(draw_id, form.raw, dict(error.fields or {}), error.message), error.status
    flash("已记下。")
    return redirect(f"{DRAW_LIST.path}/{draw_id}", code=303)


@bp.get("/draws/<uuid:draw_id>/file.json")
@requires("supervision.read")
def draw_file(draw_id: UUID) -> Response:
    """What anybody computes the draw again with; on record, as it names enterprises."""
    found, actor = get_draw(session(), draw_id, current_actor()), current_actor()
    if found.frozen_at is None:
        raise NotFound
    note_export(actor.person_id, "督导抽取文件", len(found.frame["units"]), clock.now(), name="督导抽取文件")
    headers = {"Content-Disposition": f"attachment; filename=supervision-draw-{found.id}.json"}
    return Response(_file(found), mimetype="application/json", headers=headers)


def _file(found: Draw) -> bytes:
    return orjson.dumps(publication.write_file(session(), found), option=orjson.OPT_INDENT_2)


# --- pages ------------------------------------------------------------------------------------------------------------


def _read_terms(posted: MultiDict[str, str]) -> dict[str, Any]:
    plain = {name: posted[name] for name in _TERMS if posted.get(name)}
    return {**plain, "rule": read_rule(posted)}


def _shown(posted: MultiDict[str, str]) -> dict[str, Any]:
    """What was posted, as the page fills it in again."""
    return {**posted.to_dict(), **{name: posted.getlist(name) for name in ("traits", "sizes", "ownerships")}}


def _terms_page(plan: Plan, raw: dict[str, Any], errors: dict[str, str], message: str = "") -> str:
    return render_template(
        "supervision/draw_new.html", plan=plan, raw=raw, errors=errors, message=message, flags=FLAG_TEXTS,
        strata=list(STRATA_NAMES.items()), value_forms=[(key, form.name) for key, form in VALUE_FORMS.items()],
        people=len(queries.list_members(session(), plan.id)), sizes=list(SIZE_NAMES.items()),
        ownerships=list(OWNERSHIP_NAMES.items()),
        traits=[(trait.code, trait.name) for trait in traits().values()],
        within=offer_unions(session(), current_actor(), WITHIN, str(raw.get("within", ""))),
    )  # fmt: skip


def _page(
    draw_id: UUID, raw: dict[str, Any] | None = None, errors: dict[str, str] | None = None, message: str = "",
    words: str | None = None,
) -> str:  # fmt: skip
    db, actor, now = session(), current_actor(), clock.now()
    found = get_draw(db, draw_id, actor)
    plan = queries.get_plan(db, found.plan_id, actor)
    is_preparing = found.status is DrawStatus.PREPARING
    frame = build_frame(db, plan, found, UNKNOWN_SEED, now) if is_preparing else found.frame
    notes, recusals = preparing.list_said(db, found) if is_preparing else ([], [])
    said_of = {*(each.union_id for each in notes), *(each.union_id for each in recusals)}
    members = queries.list_members(db, plan.id)
    return render_template(
        "supervision/draw.html", draw=found, plan=plan, frame=frame, faults=find_faults(frame) if is_preparing else [],
        terms=DrawTerms.model_validate(found.terms), notes=notes, recusals=recusals, members=members,
        people={each.id: each.name for each in members}, weights=sorted(Counter(_weights(frame)).items()),
        names=union_names(db, said_of),
        note_names=NOTE_NAMES, status_name=DRAW_STATUS_NAMES[found.status], strata_name=STRATA_NAMES,
        places=publication.list_places(db, found, with_people=True) if found.drawn_at is not None else [],
        moves={each.name: each.label for each in offers(SUPERVISION_DRAWS, db, found, actor=actor, now=now)},
        questions=SUPERVISION_DRAWS.questions(), raw=raw or {}, errors=errors or {}, message=message,
        offered=offer_unions(db, actor, frozenset({Level.ENTERPRISE}), str((raw or {}).get("union", "")), words)
        if is_preparing else None,
        is_due=found.due_on <= clock.day_of(now),
        is_own_value=found.entered_by_id is not None and actor.is_own(found.entered_by_id),
    )  # fmt: skip


def _weights(frame: dict[str, Any]) -> list[int]:
    return [unit["weight"] for unit in frame.get("units", ())]


# --- for everybody ----------------------------------------------------------------------------------------------------

door = Blueprint("door", __name__, url_prefix="/supervision/draws")


def _frozen(draw_id: UUID) -> Draw:
    found = session().get(Draw, draw_id)
    if found is None or found.frozen_at is None:
        raise NotFound
    return found


@door.get("/<uuid:draw_id>")
@limiter.limit("60/minute")
@public
def notice(draw_id: UUID) -> str:
    """抽取结果公示: before the result is shown, what was promised and no enterprise's name."""
    found = _frozen(draw_id)
    plan = session().get_one(Plan, found.plan_id)
    is_shown = publication.is_public(found, plan)
    return render_template(
        "supervision/notice.html", draw=found, frame=found.frame, is_shown=is_shown, algorithm=ALGORITHM,
        plan=plan, union=session().get_one(Union, found.union_id),
        status_name=DRAW_STATUS_NAMES[found.status],
        places=publication.list_places(session(), found, with_people=False) if is_shown else [],
    )  # fmt: skip


@door.get("/<uuid:draw_id>/file")
@limiter.limit("60/minute")
@public
def public_file(draw_id: UUID) -> Response:
    """The file, once the result is shown."""
    found = _frozen(draw_id)
    if not publication.is_public(found, session().get_one(Plan, found.plan_id)):
        raise NotFound
    headers = {"Content-Disposition": f"attachment; filename=supervision-draw-{found.id}.json"}
    return Response(_file(found), mimetype="application/json", headers=headers)
