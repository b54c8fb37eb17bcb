"""The bell of the console: what is new for a reviewer, each entry leading to what it is about."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.slice import TODO_CAP
from server.core.web.access import find_actor, holders_of, requires
from server.core.web.unit_of_work import independent_transaction, read_only_session, session
from server.kit.keyset import count_text
from server.kit.listing import show_list
from server.notifications.inbox.actions import mark_read, read_at_desk
from server.notifications.inbox.listing import MESSAGES
from server.notifications.inbox.queries import count_unread_at_desk, get_desk_of, list_latest_at_desk
from server.unions.actor import Actor, current_actor

bp = Blueprint("messages_console", __name__, url_prefix="/console/messages", template_folder="templates")


@bp.get("")
@requires("inbox.read_at_desk")
def messages() -> str:
    """All of them."""
    return render_template("inbox/list.html", page=show_list(MESSAGES))


@bp.get("/latest")
@requires("inbox.read_at_desk")
def latest() -> Response:
    """The bell's panel: the latest."""
    found = list_latest_at_desk(session(), current_actor().person_id)
    response = make_response(render_template("inbox/latest.html", messages=found))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<uuid:message_id>")
@requires("inbox.read_at_desk")
def open_message(message_id: UUID) -> AnyResponse:
    """To what a message is about; it is read from now on."""
    person_id = current_actor().person_id
    desk = get_desk_of(session(), person_id, message_id)
    with independent_transaction() as writer:
        mark_read(writer, person_id, [message_id], now=clock.now())
    return redirect(desk, code=303)


@bp.post("/read")
@requires("inbox.read_at_desk")
def read_all() -> AnyResponse:
    """All of them are read."""
    read_at_desk(session(), current_actor().person_id, now=clock.now())
    flash("消息都标为已读了。")
    return redirect(MESSAGES.path, code=303)


@bp.app_template_global("unread_messages")
def _unread() -> str | None:
    """How many messages are unread, as the bell of each page says; None for whoever has no bell, or where it cannot be
    read: error pages have the bell too."""
    actor = cast(Actor | None, find_actor())
    if actor is None or not holders_of("inbox.read_at_desk") & actor.role_names:
        return None
    try:
        with read_only_session() as reader:
            return count_text(count_unread_at_desk(reader, actor.person_id), TODO_CAP)
    except SQLAlchemyError:
        return None
