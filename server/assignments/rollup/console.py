"""Pages of what came back: sums by union and field, and the answers one by one."""

from flask import Blueprint, Response, render_template

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment
from server.assignments.rollup.listing import ANSWERS
from server.assignments.rollup.queries import get_rollup
from server.assignments.rollup.schemas import CUT_TEXTS, RollupQuery
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.placing import place_below
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.unions.actor import current_actor

bp = Blueprint("rollup", __name__, url_prefix="/console/assignments", template_folder="templates")


@bp.get("/rollup")
@requires("assignment.read")
def rollup() -> str:
    """How far everybody is, and what the answers come to."""
    wanted = query_params(RollupQuery)
    view = get_rollup(session(), wanted.assignment, wanted.union, wanted.cut, current_actor())
    kind = kind_of(view.assignment.kind)
    place_below(kind.path)
    return render_template(
        "rollup/rollup.html", view=view, kind=kind, cut=wanted.cut, cuts=CUT_TEXTS,
        base=f"/console/assignments/rollup?assignment={wanted.assignment}",
        list=f"/console/assignments/recipients?assignment={wanted.assignment}",
        answers=f"/console/assignments/answers?assignment={wanted.assignment}",
    )  # fmt: skip


@bp.get("/answers")
@requires("assignment.read")
def answers() -> str:
    """The answers one by one."""
    page = show_list(ANSWERS)
    found = session().get_one(Assignment, page.filters.assignment)  # the list has read it
    kind = kind_of(found.kind)
    place_below(kind.path)
    return render_template("rollup/answers.html", page=page, assignment=found, kind=kind)


@bp.get("/answers/ledger.xlsx")
@requires("assignment.read")
def ledger() -> Response:
    """The same as a sheet in the layout of the form."""
    return send_ledger(ANSWERS)
