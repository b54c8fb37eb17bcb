"""The page of the search, and the part of it that changes while somebody types."""

from typing import cast

from flask import Blueprint, Response, make_response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.console.search.schemas import SearchQuery
from server.core import clock
from server.core.slice import declared
from server.core.web.access import find_actor, requires
from server.core.web.forms import strict_query_params
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.kit.search import Found, find_anything, find_numbered, is_enough
from server.unions.actor import Actor

bp = Blueprint("search_console", __name__, url_prefix="/console/search", template_folder="templates")


@bp.get("")
@requires("search.use")
def search() -> AnyResponse:
    """Everything that was found. A number leads to what has it."""
    words = strict_query_params(SearchQuery).q
    if (numbered := _find_numbered(words)) is not None:
        return redirect(numbered[1], code=303)
    return _unkept(render_template("search/page.html", words=words, found=_find(words), is_enough=is_enough(words)))


@bp.get("/hits")
@requires("search.use")
def hits() -> AnyResponse:
    """The same as a part of the dialog."""
    words = strict_query_params(SearchQuery).q
    numbered = _find_numbered(words)
    found = _find(words) if numbered is None else None
    return _unkept(
        render_template("search/_hits.html", words=words, numbered=numbered, found=found, is_enough=is_enough(words))
    )


def _find_numbered(words: str) -> tuple[str, str] | None:
    with read_only_session() as reader:
        return find_numbered(declared().searches, reader, _whole_actor(), words)


def _find(words: str) -> Found | None:
    if not is_enough(words):
        return None
    with read_only_session() as reader:
        found = find_anything(declared().searches, reader, _whole_actor(), words, clock.now())
    if found.notes:
        with independent_transaction() as writer:
            for note in found.notes:
                note(writer)
    return found


def _whole_actor() -> Actor:
    """The caller with all of their roles: each kind takes those that carry its own permission."""
    return cast(Actor, find_actor())


def _unkept(page: str) -> Response:
    """People's names stay in no cache."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
