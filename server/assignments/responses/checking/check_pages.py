"""Pages of whoever asked: the answers that wait, one of them with remarks beside its fields, versions side by side."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.models import RecipientStatus
from server.assignments.dispatch.queries import may_open
from server.assignments.dispatch.texts import CHIPS
from server.assignments.forms.showing.answer_words import labels_of, words_for_pages
from server.assignments.responses import actions
from server.assignments.responses.answering.answer_files import list_sent
from server.assignments.responses.answering.comparing import compare
from server.assignments.responses.listing import CHECKS, CheckFilter, walk_around
from server.assignments.responses.queries import get_answer
from server.assignments.responses.schemas import CompareQuery, ReturnIn, VersionIn
from server.assignments.responses.workflow import CHECKER, RECIPIENT_WORKFLOW, M
from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, form_values, posted_or_invalid, query_params
from server.core.web.unit_of_work import read_only_session, session
from server.kit.filters import read_filters
from server.kit.listing import Request, show_list
from server.kit.neighbours import find_neighbours
from server.kit.selections import picked_rows
from server.kit.workflow import find_refusal
from server.unions.actor import current_actor

bp = Blueprint("checks", __name__)  # its templates are found in the slice's folder
REMARK = "remark."


@bp.get("/check")
@requires("task.check")
def checks() -> str:
    """What waits to be checked."""
    return render_template("tasks/checks.html", page=show_list(CHECKS))


@bp.post("/check/accept")
@requires("task.check")
def accept_several() -> AnyResponse:
    """Take those that were picked as they are."""
    try:
        decided = actions.accept_responses(session(), picked_rows(), actor=current_actor(), now=clock.now())
        flash(decided.say("已审核通过 {} 份。"), "error" if decided.refusals else "success")
    except Invalid as error:
        flash(error.message, "error")
    return redirect(CHECKS.href(_filters().to_query()), code=303)


@bp.get("/<uuid:recipient_id>/check")
@requires("task.read")
def check(recipient_id: UUID) -> str:
    """One answer: checked by whoever may, read by others who may see it."""
    return _page(recipient_id)


@bp.post("/<uuid:recipient_id>/<any(accept, return):what>")
@requires("task.check")
def decide(recipient_id: UUID, what: str) -> ResponseReturnValue:
    """Take it or send it back, and go on to the next. Refused, the page comes again with what was typed."""
    actor, now, filters, values = current_actor(), clock.now(), _filters(), form_values()
    try:
        after = find_neighbours(CHECKS, Request(session(), actor, filters, now), recipient_id).after
        if what == "accept":
            body = posted_or_invalid(VersionIn)
            row = actions.accept_response(session(), recipient_id, body, actor=actor, now=now)
        else:
            form = Form(ReturnIn, _read_return(values)).require()
            row = actions.return_response(session(), recipient_id, form, actor=actor, now=now)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(recipient_id, values, error), error.status
    flash(RECIPIENT_WORKFLOW.find(M.ACCEPT if row.status is RecipientStatus.ACCEPTED else M.RETURN).done)
    query = filters.to_query()
    to_next = f"/console/tasks/{after}/check{'?' if query else ''}{query}" if after is not None else CHECKS.href(query)
    return redirect(to_next, code=303)


@bp.get("/<uuid:recipient_id>/versions")
@requires("task.read")
def versions(recipient_id: UUID) -> str:
    """Two answers side by side."""
    wanted = query_params(CompareQuery)
    with read_only_session() as reader:
        found = get_answer(reader, recipient_id, current_actor())
    if len(found.versions) < 2:
        raise NotFound
    by_number = {each.number: each for each in found.versions}
    right = by_number.get(wanted.right or 0, found.versions[-1])
    left = by_number.get(wanted.left or 0) or by_number.get(right.number - 1, found.versions[0])
    return render_template(
        "tasks/versions.html", task=found, left=left, right=right, lines=compare(found.form, left, right)
    )


def _filters() -> CheckFilter:
    return read_filters(CheckFilter)


def _read_return(values: MultiDict[str, str]) -> dict[str, Any]:
    """Fields of the page called `remark.<path>`, and the words on the whole."""
    remarks = {name.removeprefix(REMARK): words for name, words in values.items() if name.startswith(REMARK) and words}
    return {"version": values.get("version", ""), "remark": values.get("remark", ""), "remarks": remarks}


def _page(recipient_id: UUID, values: MultiDict[str, str] | None = None, error: AppError | None = None) -> str:
    actor, now, filters = current_actor(), clock.now(), _filters()
    with read_only_session() as reader:
        found = get_answer(reader, recipient_id, actor)
        context = RECIPIENT_WORKFLOW.context(reader, found.row, actor=actor, now=now)
        refusals = {
            move: find_refusal(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(move, CHECKER.name), context)
            for move in (M.ACCEPT, M.RETURN)
        }
        may_check = CHECKER.refuse(context) is None
        sent_files = list_sent(reader, found)
        opens, known = may_open(reader, found.assignment.id, actor), found.kind.beside(reader, found.row)
        facts_for = found.kind.facts if opens else found.kind.facts_of_task
        facts = facts_for(reader, found.assignment)
        walk = walk_around(Request(reader, actor, filters, now), recipient_id) if may_check else None
    return render_template(
        "tasks/check.html", task=found, walk_page=walk, may_check=may_check, refusals=refusals, values=values or {},
        facts=facts, known=known, sent_files=sent_files, chip=CHIPS[found.row.status], labels=labels_of(found.form),
        assignment_href=f"/console/assignments/{found.assignment.id}" if opens else None,
        errors=error.fields if error else {}, message=error.message if error else "", **words_for_pages(),
    )  # fmt: skip
