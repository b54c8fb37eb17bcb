"""The list of people, and its ledger. One person's page is `unions/people`'s."""

from flask import Blueprint, Response, render_template

from server.console.people.actions import note_number_search
from server.console.people.listing import PEOPLE, PersonFilter, Row, number_in
from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.limits import limiter
from server.core.web.unit_of_work import independent_transaction
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.pages import ListPage
from server.unions.actor import current_actor

bp = Blueprint("people_list", __name__, url_prefix="/console/people", template_folder="templates")


def _asks_for_no_number() -> bool:
    return number_in(query_params(PersonFilter).q) is None


searching_by_number = limiter.shared_limit("60/hour", "people.by_number", exempt_when=_asks_for_no_number)


@searching_by_number
def count_search_by_number() -> None:
    """Take one of the searches by number that somebody has in an hour. Raises RateLimitExceeded where none is left."""


@bp.get("")
@requires("person.read")
@searching_by_number
def people() -> str:
    """People, the newest first. Searching by a whole number is on record, for it tells whose it is."""
    page = show_list(PEOPLE)
    _note_number_search(page)
    return render_template("people/list.html", page=page)


@bp.get("/ledger.xlsx")
@requires("person.read")
@searching_by_number
def ledger() -> Response:
    """The list as a sheet. It shows no number in full, and who searched by one is on record here too."""
    if not _asks_for_no_number():
        _note_number_search(show_list(PEOPLE))
    return send_ledger(PEOPLE)


def _note_number_search(page: ListPage[PersonFilter, Row]) -> None:
    if number_in(page.filters.q) is None:
        return
    with independent_transaction() as writer:
        found = [row.id for row in page.rows]
        note_number_search(writer, found, actor=current_actor(), now=clock.now())
