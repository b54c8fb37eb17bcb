"""Pages of excerpts: what accepted answers say, to pick from; and what is done to those that are picked."""

from typing import Any, Literal, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.queries import get_assignment, sends_for
from server.assignments.dispatch.recipients.listing import assignment_of
from server.assignments.excerpts.actions import change_excerpt, pick_passages
from server.assignments.excerpts.listing import PASSAGES
from server.assignments.excerpts.schemas import PickIn
from server.core import clock
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import Form, form_values
from server.core.web.unit_of_work import session
from server.kit.listing import Request, show_list
from server.unions.actor import current_actor

bp = Blueprint("excerpts", __name__, url_prefix="/console/assignments/excerpts", template_folder="templates")


@bp.get("")
@requires("assignment.read")
def passages() -> str:
    """What accepted answers say."""
    page, actor = show_list(PASSAGES), current_actor()
    found = assignment_of(Request(session(), actor, page.filters, clock.now()))
    return render_template(
        "excerpts/passages.html", page=page, assignment=found, back=f"{kind_of(found.kind).path}/{found.id}",
        may_pick=sends_for(actor, found.sender_id),
    )  # fmt: skip


@bp.post("")
@requires("excerpt.pick")
def pick() -> AnyResponse:
    """Put passages behind those that are picked."""
    values = form_values()
    fields: dict[str, Any] = {"assignment": values.get("assignment", ""), "passages": values.getlist("passage")}
    body = Form(PickIn, fields).require("请先勾选要写进去的段落或照片。")
    new = pick_passages(session(), body.assignment, body.wanted(), actor=current_actor(), now=clock.now())
    flash(f"选入了 {new} 段。" if new else "这几段早就选了。")
    return redirect(with_query("/console/assignments/excerpts"), code=303)


@bp.post("/<uuid:excerpt_id>/<any(up, down, off):change>")
@requires("excerpt.pick")
def change(excerpt_id: UUID, change: str) -> AnyResponse:
    """Move one that is picked, or take it out."""
    what = cast(Literal["up", "down", "off"], change)
    actor = current_actor()
    assignment_id = change_excerpt(session(), excerpt_id, what, actor=actor, now=clock.now())
    kind = kind_of(get_assignment(session(), assignment_id, actor).kind)
    return redirect(f"{kind.path}/{assignment_id}#picked", code=303)
