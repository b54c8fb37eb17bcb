"""Pages for reviewers: the list, one submission, and the moves made on it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock, ids
from server.core.audit.actions import record
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.web.access import requires
from server.core.web.errors import wants_json
from server.core.web.flashes import flash_undo
from server.core.web.forms import INCOMPLETE, Form, form_values, query_params
from server.core.web.limits import limiter
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import Request, read_page
from server.kit.neighbours import find_neighbours
from server.photos.originals.actions import want_originals
from server.photos.queries import list_photos
from server.review.decisions.actions import make_move
from server.review.decisions.moves.previewing import preview_move, preview_together
from server.review.decisions.schemas import HoldIn, form_of, is_move
from server.review.decisions.workflow import label_of
from server.review.queue.item.queries import describe_item, find_by_number, get_item, may_read_phone
from server.review.queue.item.schemas import FormState, ItemPage
from server.review.queue.listing import ITEM, QUEUE, item_href
from server.review.queue.schemas import BatchQuery, QueueFilter
from server.review.queue.triage.actions import parse_batch, run_batch, undo_batch
from server.review.queue.triage.queries import choose_all, find_batch, list_triage
from server.review.queue.triage.schemas import BatchView
from server.review.submissions.anonymity.identity import may_see_traces
from server.review.submissions.models import Kind, Move, Submission
from server.review.submissions.schemas import MoveIn
from server.unions.actor import Actor, current_actor

bp = Blueprint("queue_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/queue")
@requires("submission.review")
def queue() -> AnyResponse:
    """The list; a number typed into its search opens what has it. `?batch=<id>` tells what became of a batch."""
    actor, now, filters = current_actor(), clock.now(), _filters()
    numbered = find_by_number(session(), filters.q, actor)
    if numbered is not None:
        return _go(item_href(numbered, filters.to_query(q=None)))
    page = read_page(QUEUE, Request(session(), actor, filters, now))
    return make_response(
        render_template(
            "queue/list.html",
            page=page,
            batch=_batch(actor, page.query, now),
            triage=list_triage(session(), actor, page),
            batch_id=ids.new_id(),  # makes a decision on many safe to repeat
        )
    )


@bp.get("/queue/ledger.xlsx")
@requires("submission.review")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(QUEUE)


@bp.get("/submissions/<uuid:submission_id>")
@requires("submission.review")
def item(submission_id: UUID) -> str:
    """One submission. Every look at it is on record, for it shows who reported it."""
    actor, now = current_actor(), clock.now()
    page = _item_page(submission_id, actor, FormState())
    with independent_transaction() as writer:
        record(
            writer, "submission.view_private", subject_type="submission", subject_id=submission_id,
            actor_id=actor.person_id, at=now, detail={"masked": page.reporter.is_masked},
        )  # fmt: skip
    return render_template("queue/item.html", page=page)


@bp.get("/submissions/<uuid:submission_id>/phone")
@requires("person.read_private")
@limiter.limit("60/hour")
def show_phone(submission_id: UUID) -> Response:
    """The same page with the reporter's number in full; who asked for it is on record."""
    actor = current_actor()
    if not may_read_phone(actor, get_item(session(), submission_id, actor)):
        raise NotFound
    page = _item_page(submission_id, actor, FormState(), shows_phone=True)
    with independent_transaction() as writer:
        record(
            writer, "submission.phone_viewed", subject_type="submission", subject_id=submission_id,
            actor_id=actor.person_id, at=clock.now(),
        )  # fmt: skip
    response = make_response(render_template("queue/item.html", page=page))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/submissions/<uuid:submission_id>/originals")
@requires("submission.decide")
def ask_for_originals(submission_id: UUID) -> AnyResponse:
    """Ask the reporter's phone for the originals of which copies are here; who asked is on record."""
    actor, now = current_actor(), clock.now()
    if not may_see_traces(actor, get_item(session(), submission_id, actor)):
        raise NotFound
    photos = list_photos(session(), [submission_id])[submission_id]
    if want_originals(session(), [photo.id for photo in photos], now):
        record(
            session(), "submission.originals_wanted", subject_type="submission", subject_id=submission_id,
            actor_id=actor.person_id, at=now,
        )  # fmt: skip
    flash("已请职工的手机发原图：他下次打开就会发，照片下面会写到了没有。")
    return _go(item_href(submission_id, _filters().to_query()))


@bp.post("/submissions/<uuid:submission_id>/<move>")
@requires("submission.decide")
def decide(submission_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if not is_move(move):
        raise NotFound
    chosen, actor, now, filters = Move(move), current_actor(), clock.now(), _filters()
    kind = get_item(session(), submission_id, actor).kind
    values = form_values().to_dict()
    try:
        form = _parse(chosen, kind, values)
        after = find_neighbours(QUEUE, Request(session(), actor, filters, now), submission_id).after
        submission = make_move(session(), submission_id, chosen, form, actor=actor, now=now)
    except AppError as error:
        if error.status in (403, 404) and error.code in ("not_found", "forbidden"):
            raise
        session().rollback()
        if wants_json():
            raise
        state = FormState(chosen, error.message, error.code, error.fields, values)
        return render_template("queue/item.html", page=_item_page(submission_id, actor, state)), error.status
    if isinstance(form, HoldIn) and form.quietly:  # the page does it by itself; no news to anybody
        return Response(status=204)
    query = filters.to_query()
    _say(chosen, submission, query)
    if not label_of(chosen).leaves:
        return _go(item_href(submission_id, query))
    return _go(item_href(after, query) if after is not None else QUEUE.href(query))


@bp.post("/submissions/<uuid:submission_id>/<move>/preview")
@requires("submission.decide")
def preview(submission_id: UUID, move: str) -> str:
    """What the worker will read, as far as the form is filled in. Nothing is decided."""
    if not is_move(move):
        raise NotFound
    words, previews = "", []
    values, actor = form_values().to_dict(), current_actor()
    try:
        with read_only_session() as reader:
            previews = preview_move(reader, submission_id, Move(move), values, actor=actor, now=clock.now())
    except (Invalid, Conflict, Forbidden) as error:
        words = _words_instead(error, values)
    return render_template("queue/_preview.html", previews=previews, words=words)


@bp.post("/queue/preview")
@requires("submission.decide")
def preview_many() -> str:
    """The same of a decision on many: one sample of each kind."""
    values = form_values()
    items, move = values.poplist("item"), values.pop("move", "")
    words, samples = "", []
    try:
        chosen_move, chosen = parse_batch(move, items)
        with read_only_session() as reader:
            samples = preview_together(
                reader, chosen, chosen_move, values.to_dict(), actor=current_actor(), now=clock.now()
            )
    except (Invalid, Conflict, Forbidden) as error:
        words = _words_instead(error, values.to_dict())
    return render_template("queue/_preview.html", samples=samples, words=words)


def _words_instead(error: AppError, values: Mapping[str, str]) -> str:
    """What stands where the message would: what is wrong, or of a field that is still empty, that it has to be filled
    in."""
    name, words = next(iter(error.fields.items()), ("", error.message))
    return "填好以后，会显示在这里。" if not values.get(name, words).strip() else words


@bp.get("/queue/selection")
@requires("submission.decide")
def selection() -> Response:
    """All that the list holds, beyond the page: for the bar that decides on many."""
    chosen = choose_all(Request(session(), current_actor(), _filters(), clock.now()))
    response = jsonify(chosen.model_dump(mode="json"))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/queue/batches/<uuid:batch_id>")
@requires("submission.decide")
def decide_many(batch_id: UUID) -> AnyResponse:
    """Make one decision on many. Pages send long batches piece by piece under one id and show how far they are."""
    values = form_values()
    items, move = values.poplist("item"), values.pop("move", "")
    chosen_move, chosen = parse_batch(move, items)
    run_batch(session(), batch_id, chosen_move, chosen, values.to_dict(), actor=current_actor(), now=clock.now())
    if wants_json():
        return Response(status=204)
    return redirect(_batch_href(batch_id), code=303)


@bp.post("/queue/batches/<uuid:batch_id>/undo")
@requires("submission.decide")
def undo_many(batch_id: UUID) -> AnyResponse:
    """Take back a whole batch, within a minute."""
    try:
        undo_batch(session(), batch_id, actor=current_actor(), now=clock.now())
    except Conflict as error:
        session().rollback()
        flash(error.message, "error")
    return redirect(_batch_href(batch_id), code=303)


def _batch(actor: Actor, query: str, now: datetime) -> BatchView | None:
    batch_id = query_params(BatchQuery).batch
    return find_batch(session(), batch_id, actor, query, now) if batch_id is not None else None


def _batch_href(batch_id: UUID) -> str:
    return QUEUE.href(_filters().to_query(batch=batch_id))


def _filters() -> QueueFilter:
    return read_filters(QueueFilter)


def _parse(move: Move, kind: Kind, values: dict[str, str]) -> MoveIn:
    form = form_of(move, kind)
    if form is None:
        raise Conflict("这类内容不能这样处理，请刷新页面。", code="not_now")
    return Form(form, values).require(INCOMPLETE)


def _item_page(submission_id: UUID, actor: Actor, state: FormState, *, shows_phone: bool = False) -> ItemPage:
    with read_only_session() as reader:
        return describe_item(reader, submission_id, actor, _filters(), clock.now(), shows_phone=shows_phone, form=state)


def _say(move: Move, submission: Submission, query: str) -> None:
    """What was done, in a line of its own on the next page, with a way to take it back where there is one: back to the
    same list."""
    label = label_of(move, submission.kind)
    words = f"{label.done}：{submission.excerpt}"
    if label.can_undo:
        undo = f"{ITEM}/{submission.id}/{Move.REOPEN.value}{'?' if query else ''}{query}"
        flash_undo(words, undo, {"version": str(submission.version)})
    else:
        flash(words)


def _go(href: str) -> AnyResponse:
    return redirect(href, code=303)
