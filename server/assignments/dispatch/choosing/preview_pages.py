"""The page that shows to whom a draft would go: units are left out or added one by one, and it is sent from here."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.assignments.dispatch import actions, queries
from server.assignments.dispatch.choosing.listing import PREVIEW, PreviewFilter
from server.assignments.dispatch.choosing.statements import rule_of
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.schemas import LEVELS, ChangeRuleIn
from server.assignments.dispatch.workflow import ASSIGNMENTS
from server.core import clock
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.forms import form_data, union_words
from server.core.web.placing import place_below
from server.core.web.unit_of_work import session
from server.kit.listing import show_list
from server.kit.scope import union_names
from server.unions.actor import current_actor
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.rules import LEVEL_NAMES

bp = Blueprint("preview", __name__, url_prefix="/preview")


@bp.get("")
@requires("assignment.send")
def preview() -> str:
    """The unions, their number, and the button that sends."""
    return _page()


@bp.post("/<uuid:assignment_id>")
@requires("assignment.send")
def change(assignment_id: UUID) -> ResponseReturnValue:
    """Leave a union out, take it back in, add one, or give one a copy."""
    form = form_data(ChangeRuleIn)
    back = f"/console/assignments/preview?assignment={assignment_id}"
    if (words := union_words()) is not None:
        return _page(assignment_id, words)
    body = form.require("请选择单位。")
    try:
        actions.change_rule(session(), assignment_id, body, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        flash(next(iter(error.fields.values()), error.message), "error")
    return redirect(back, code=303)


def _page(assignment_id: UUID | None = None, words: str | None = None) -> str:
    page, db, actor = show_list(PREVIEW), session(), current_actor()
    filters: PreviewFilter = page.filters
    if filters.assignment is None:
        raise NotFound
    draft = queries.get_assignment(db, assignment_id or filters.assignment, actor)
    rule, kind = rule_of(draft), kind_of(draft.kind)
    place_below(kind.path)
    return render_template(
        "assignments/preview.html", page=page, draft=draft, kind=kind, rule=rule,
        counted=queries.count_recipients(db, draft), level_names=LEVEL_NAMES,
        left_out=queries.list_left_out(db, draft) if draft.root_id != draft.id else (),
        named=union_names(db, {*rule.plus, *rule.minus, *rule.copies}),
        offered=offer_unions(db, actor, frozenset(LEVELS), None, words),
        questions=ASSIGNMENTS.questions(),
    )  # fmt: skip
