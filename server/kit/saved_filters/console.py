"""Keeping, renaming and dropping a filter, of whichever list. Back to the list as it was."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from server.core import clock
from server.core.errors import Conflict, Invalid
from server.core.web.access import requires
from server.core.web.forms import form_values, posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.saved_filters.actions import delete_filter, get_own_filter, rename_filter, save_filter
from server.kit.saved_filters.queries import FilteredList, canonical_query, get_list
from server.kit.saved_filters.schemas import NAME_NEEDED, FilterIn, NameIn
from server.unions.actor import current_actor

bp = Blueprint("saved_filters_console", __name__, url_prefix="/console")


@bp.post("/lists/<list_name>/filters")
@requires("list.keep_filter")
def keep_filter(list_name: str) -> Response:
    """Keep the filters of a list under a name."""
    person_id, of = current_actor().person_id, get_list(list_name)

    def keep() -> None:
        save_filter(session(), of, posted_or_invalid(FilterIn, NAME_NEEDED), person_id=person_id, now=clock.now())

    return _change(of, keep, "筛选已保存。")


@bp.post("/filters/<uuid:filter_id>")
@requires("list.keep_filter")
def change_filter(filter_id: UUID) -> Response:
    """Give a kept filter another name, or (`delete`) drop it."""
    person_id = current_actor().person_id
    of = get_list(get_own_filter(session(), filter_id, person_id).list_name)
    if "delete" in form_values():
        return _change(of, lambda: delete_filter(session(), filter_id, person_id=person_id), "筛选已删除。")
    return _change(
        of, lambda: rename_filter(session(), filter_id, posted_or_invalid(NameIn, NAME_NEEDED), person_id=person_id),
        "筛选已改名。",
    )  # fmt: skip


def _change(of: FilteredList, change: Callable[[], object], done: str) -> Response:
    """Back to the list that one came from, with what was done or why it was not."""
    try:
        change()
        flash(done)
    except (Conflict, Invalid) as error:
        session().rollback()
        reason, typed = error.message, form_values().get("name", "").strip()[:100]
        flash(f"{reason}（您填写的名字：{typed}）" if typed else reason, "error")
    return redirect(of.href(_here(of)), code=303)


def _here(of: FilteredList) -> str:
    """The filters of the list that is open, as they stand in this address; none if they make no sense."""
    try:
        return canonical_query(of, request.query_string.decode("ascii", "replace"))
    except Invalid:
        return ""
