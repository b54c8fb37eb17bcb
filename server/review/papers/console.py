"""A hazard's own sheet, and papers of many rows as one file."""

from io import BytesIO
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import Invalid, NotFound
from server.core.storage.base import ObjectStore
from server.core.web.access import requires
from server.core.web.forms import form_data
from server.core.web.unit_of_work import read_only_session, session
from server.kit.documents.files.downloads import answer_file, has_office, note_download, require_office
from server.kit.documents.files.store import DOCX, with_pictures
from server.kit.documents.papers.kinds import render
from server.kit.exports.actions import ask_for_export
from server.kit.exports.papers.sets import PaperForm, PickedPapers
from server.kit.exports.queries import get_listing
from server.kit.filters import read_filters
from server.kit.selections import FIELDS, picked_of_list
from server.review.papers.actions import print_picked
from server.review.papers.document import SHEET
from server.review.papers.queries import list_sheets
from server.review.papers.schemas import PaperName, PickedOf, PrintIn
from server.review.queue.item.queries import get_item
from server.unions.actor import current_actor

TRIAGE = "item"
"""The boxes of the queue are those of its decisions on many."""

bp = Blueprint("papers_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/submissions/<uuid:submission_id>/sheet.docx")
@requires("paper.print")
def sheet(submission_id: UUID) -> Response:
    """The sheet of one, as it stands. On record."""
    with read_only_session() as reader:
        papers = list_sheets(reader, current_actor(), [submission_id], clock.now())
    if not papers:
        raise NotFound
    [paper] = papers
    store = cast(ObjectStore, current_app.extensions["object_store"])
    content = render(SHEET, [with_pictures(store, paper)])
    note_download(SHEET, submission_id, paper.number, PaperForm.DOCX)
    return answer_file(BytesIO(content), DOCX, f"{paper.words['title']} {paper.number}.docx")


@bp.post("/submissions/<uuid:submission_id>/sheet/pdf")
@requires("paper.print")
def ask_sheet_pdf(submission_id: UUID) -> AnyResponse:
    """Have its PDF made. Raises Conflict where LibreOffice is not installed."""
    actor = current_actor()
    picked = PickedPapers(PaperName.SHEET, PaperForm.PDF, (get_item(session(), submission_id, actor).id,))
    require_office()
    return _to_file(ask_for_export(session(), PickedOf.QUEUE, "", actor=actor, now=clock.now(), papers=picked))


@bp.post("/papers")
@requires("paper.print")
def print_many() -> AnyResponse:
    """Papers of the rows that were picked, as one file; what has no paper is told with the reason."""
    form = form_data(PrintIn, drop=(*FIELDS, TRIAGE)).require()
    if form.form is PaperForm.PDF:
        require_office()
    listing = get_listing(form.of)
    query = read_filters(listing.filters).to_query()
    try:
        selection = picked_of_list(listing, also=TRIAGE)
    except Invalid as error:
        flash(error.message, "error")
        return redirect(listing.href(query), code=303)
    export_id, decided = print_picked(session(), form, selection.rows, query, actor=current_actor(), now=clock.now())
    if decided.refusals or selection.is_cut:
        flash(selection.say(decided.say("合成 {} 份。")), "error" if decided.refusals else "success")
    if export_id is None:
        return redirect(listing.href(query), code=303)
    return _to_file(export_id)


def _to_file(export_id: UUID) -> AnyResponse:
    return redirect(f"/console/exports/{export_id}", code=303)


bp.add_app_template_global(has_office, "can_make_pdf")  # asked by pages that offer papers
