"""Giving an item to a colleague and talking about it, of whichever slice. Back to the item's page."""

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import Conflict, Forbidden, Invalid
from server.core.web.access import find_actor, holders_of, requires
from server.core.web.addresses import with_query
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import read_only_session, session
from server.kit.teamwork.actions import add_comment, give_item
from server.kit.teamwork.queries import TeamPanel, describe_team, href_of
from server.kit.teamwork.schemas import AssignIn, CommentIn
from server.unions.actor import Actor, current_actor

bp = Blueprint("teamwork_console", __name__, url_prefix="/console/teamwork", template_folder="templates")


@bp.post("/<subject>/<uuid:item_id>/assignee")
@requires("teamwork.use")
def give(subject: str, item_id: UUID) -> Response:
    """Give the item to a colleague."""
    form = posted_or_invalid(AssignIn)
    try:
        give_item(session(), subject, item_id, form.assignee_id, actor=current_actor(), now=clock.now())
        flash("已交给同事。" if form.assignee_id else "已收回，现在不归某一位同事。")
    except Invalid as error:
        session().rollback()
        flash(error.message, "error")
    return _back(subject, item_id)


@bp.post("/<subject>/<uuid:item_id>/comments")
@requires("teamwork.use")
def comment(subject: str, item_id: UUID) -> Response:
    """Say something to colleagues."""
    try:
        form = posted_or_invalid(CommentIn, "请写下要说的话，最多 1000 字。")
        add_comment(session(), subject, item_id, form.text, actor=current_actor(), now=clock.now())
        flash("已发给同事。")
    except (Invalid, Conflict, Forbidden) as error:
        session().rollback()
        flash(error.message, "error")
    return _back(subject, item_id)


def _back(subject: str, item_id: UUID) -> Response:
    return redirect(with_query(href_of(subject, item_id)) + "#team", code=303)


@bp.app_template_global("team_panel")
def _panel(subject: str, item_id: UUID) -> TeamPanel | None:
    """Pages of items ask for it themselves, by `team_panel("letter", letter.id)`."""
    actor = cast(Actor, find_actor()).carrying(holders_of("teamwork.use"))
    if not actor.roles:
        return None
    with read_only_session() as reader:
        return describe_team(reader, subject, item_id, actor)
