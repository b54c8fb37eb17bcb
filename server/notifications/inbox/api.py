"""JSON for the worker's side: the inbox."""

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.notifications.inbox.actions import mark_read
from server.notifications.inbox.queries import count_unread, list_messages
from server.notifications.inbox.schemas import InboxPage, InboxQuery, ReadIn, UnreadOut
from server.unions.actor import current_actor

bp = APIBlueprint("inbox", __name__, url_prefix="/api/v1", tag="inbox")


@bp.get("/inbox")
@requires("inbox.read_own")
@bp.input(InboxQuery, location="query", arg_name="query")
@bp.output(InboxPage)
def get_inbox(query: InboxQuery) -> InboxPage:
    """消息，最新的在前"""
    return list_messages(session(), current_actor().person_id, query.after, query.limit, unread=query.unread)


@bp.post("/inbox/read")
@requires("inbox.read_own")
@bp.input(ReadIn, arg_name="body")
@bp.output(UnreadOut)
def read(body: ReadIn) -> UnreadOut:
    """标为已读"""
    person_id = current_actor().person_id
    mark_read(session(), person_id, None if body.all else body.ids, now=clock.now())
    return UnreadOut(unread=count_unread(session(), person_id))
