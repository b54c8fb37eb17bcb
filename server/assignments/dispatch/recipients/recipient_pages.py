"""The unions that were asked: their list, adding to it, taking from it; and passing on what one was asked oneself."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.assignments.dispatch import actions, queries
from server.assignments.dispatch.drafting.posted import flat_errors, read_rule, show_posted
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.recipients.listing import RECIPIENTS, TABLE, RecipientFilter
from server.assignments.dispatch.rules import refuse_past
from server.assignments.dispatch.schemas import LEVELS, AddIn, PassOnIn, ReasonIn
from server.assignments.dispatch.texts import say_urged
from server.assignments.dispatch.workflow import RECIPIENT, RecipientMove
from server.core import clock
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import AppError, Forbidden, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, query_params, union_words
from server.core.web.placing import place_below
from server.core.web.unit_of_work import independent_transaction, session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.selections import FIELDS, decide_each, picked_of_list
from server.kit.workflow import find_refusal
from server.unions.actor import current_actor
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.models import Union
from server.unions.tree.rules import LEVEL_NAMES, RANK

bp = Blueprint("recipients", __name__)
LIST = "/console/assignments/recipients"


@bp.get("/recipients")
@requires("assignment.read")
def recipients() -> str:
    """The list of one assignment."""
    return _page()


@bp.get("/recipients/ledger.xlsx")
@requires("assignment.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(RECIPIENTS)


@bp.post("/recipients/withdraw")
@requires("assignment.send")
def withdraw() -> ResponseReturnValue:
    """Withdraw those that were picked, with one reason."""
    reason = form_data(ReasonIn, drop=FIELDS).require("请写明为什么撤回。").reason
    actor, now = current_actor(), clock.now()
    selection = picked_of_list(RECIPIENTS, TABLE.c.status != RecipientStatus.WITHDRAWN)
    decided = decide_each(
        session(), selection.rows,
        lambda row: actions.withdraw_recipient(session(), row.id, reason, actor=actor, now=now),
    )  # fmt: skip
    flash(selection.say(decided.say("已撤回 {} 个单位。")), "error" if decided.refusals else "success")
    return _back(query_params(RecipientFilter).assignment)


@bp.post("/recipients/urge")
@requires("assignment.send")
def urge() -> ResponseReturnValue:
    """Ask those that were picked for it; who owes nothing, or was asked today, is passed over."""
    filters = query_params(RecipientFilter)
    if filters.assignment is None:
        raise NotFound
    selection = picked_of_list(RECIPIENTS, TABLE.c.status != RecipientStatus.WITHDRAWN)
    picked = [row.id for row in selection.rows]
    count = actions.urge(session(), filters.assignment, picked, actor=current_actor(), now=clock.now())
    flash(selection.say(say_urged(count)))
    return redirect(RECIPIENTS.href(filters.to_query()), code=303)


@bp.post("/<uuid:assignment_id>/recipients")
@requires("assignment.send")
def add(assignment_id: UUID) -> ResponseReturnValue:
    """Ask one more."""
    if (words := union_words()) is not None:
        return _page(words)
    body = posted_or_invalid(AddIn, "请选择单位，并写明为什么添加。")
    try:
        added = actions.add_recipients(
            session(), assignment_id, [body.union], body.reason, actor=current_actor(), now=clock.now()
        )
        flash("已添加。" if added.count else "这个单位已经收到了，不用再添加。")
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        flash(next(iter(error.fields.values()), error.message), "error")
    return _back(assignment_id)


def _back(assignment_id: UUID | None) -> ResponseReturnValue:
    return redirect(f"{LIST}?assignment={assignment_id}" if assignment_id else "/console/assignments", code=303)


def _page(words: str | None = None) -> str:
    page, db, actor = show_list(RECIPIENTS), session(), current_actor()
    filters: RecipientFilter = page.filters
    found = db.get_one(Assignment, filters.assignment)  # the list has read it
    kind = kind_of(found.kind)
    place_below(kind.path)
    may_change = found.status is AssignmentStatus.SENT and queries.sends_for(actor, found.sender_id)
    offered = offer_unions(db, actor, frozenset(LEVELS), None, words) if may_change else None
    called = sum(1 for row in page.rows if row.contact_phone)
    if called:
        _note_view(found.id, called)
    return render_template(
        "assignments/recipients.html", page=page, assignment=found, kind=kind,
        may_change=may_change, offered=offered, is_adding=words is not None,
        may_open=queries.may_open(db, found.id, actor),
    )  # fmt: skip


def _note_view(assignment_id: UUID, count: int) -> None:
    """The list shows whole numbers of people to call."""
    with independent_transaction() as writer:
        record(
            writer, "assignment.contacts_viewed", subject_type="assignment", subject_id=assignment_id,
            actor_id=current_actor().person_id, at=clock.now(), detail={"count": count},
        )  # fmt: skip


# --- passing on -------------------------------------------------------------------------------------------------------


@bp.get("/pass-on/<uuid:recipient_id>")
@requires("assignment.send")
def show_passing_on(recipient_id: UUID) -> ResponseReturnValue:
    """Words, a date and the unions of the level below; what is passed on already leads to that."""
    db = session()
    row = queries.get_recipient(db, recipient_id, current_actor())
    if row.passed_on_id is None or not queries.sends_for(current_actor(), row.union_id):
        return _passing_on(recipient_id)
    is_draft = db.get_one(Assignment, row.passed_on_id).status is AssignmentStatus.DRAFT
    flash("已经起草了转发，还没有发出，接着改就行。" if is_draft else "已经转发过了，这是转发给下级的那一份。")
    return redirect(f"/console/assignments/{row.passed_on_id}", code=303)


@bp.post("/pass-on/<uuid:recipient_id>")
@requires("assignment.send")
def pass_on(recipient_id: UUID) -> ResponseReturnValue:
    """Keep a draft of it, and show to whom it would go."""
    posted = form_values()
    plain = {name: posted[name] for name in ("version", "title", "text", "due_on", "remind_days") if posted.get(name)}
    try:
        body = Form(PassOnIn, {**plain, "rule": read_rule(posted)}).require()
        child = actions.pass_on(session(), recipient_id, body, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (403, 409, 422):
            raise
        session().rollback()
        return _passing_on(recipient_id, error), error.status
    return redirect(f"/console/assignments/preview?assignment={child.id}", code=303)


def _passing_on(recipient_id: UUID, error: AppError | None = None) -> str:
    db, actor, now = session(), current_actor(), clock.now()
    row = queries.get_recipient(db, recipient_id, actor)
    if not queries.sends_for(actor, row.union_id):
        raise Forbidden("由收到任务的工会转发。")
    source = db.get_one(Assignment, row.assignment_id)
    context = RECIPIENT.context(db, row, actor=actor, now=now)
    refusal = error or find_refusal(RECIPIENT, RECIPIENT.find(RecipientMove.PASS_ON), context)
    union = db.get_one(Union, row.union_id)
    levels = [(level.value, LEVEL_NAMES[level]) for level in LEVELS if RANK[level] > RANK[union.level]]
    shown = show_posted(form_values()) if error is not None else _beginning(row, source, levels, day_of(now))
    return render_template(
        "assignments/pass_on.html", row=row, source=source, kind=kind_of(source.kind), shown=shown, levels=levels,
        errors=flat_errors(error.fields) if error else {}, sender=db.get_one(Union, source.sender_id), union=union,
        is_past=refuse_past(source.due_on, now) is not None,
        message=refusal.message if refusal is not None and not refusal.fields else None,
    )  # fmt: skip


def _beginning(
    row: Recipient, source: Assignment, levels: list[tuple[str, str]], today: date
) -> dict[str, object]:  # fmt: skip
    return {
        "version": row.version, "title": source.title, "text": "", "remind_days": source.remind_days,
        "due_on": source.due_on if source.due_on is None or source.due_on >= today else "",
        "levels": [value for value, _ in levels][:1], "sizes": [], "ownerships": [],
    }  # fmt: skip
