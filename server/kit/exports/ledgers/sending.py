"""The ledger (台账) of a list: what is filtered, as an Excel sheet. Every download is on record."""

from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from flask import Response, make_response, redirect, send_file

from server.core import clock
from server.core.audit.actions import record
from server.core.sheets import XLSX, save_book
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.kit.exports.actions import ask_for_export
from server.kit.exports.ledgers.layout import ledger_sheet
from server.kit.filters import F, read_filters
from server.kit.listing import Listing, Request
from server.kit.pages import R
from server.kit.rows import count_rows, walk_rows
from server.unions.actor import current_actor

MAX_ROWS = 10_000
"""What a request writes while somebody waits, about two seconds. A job writes what is longer."""


def send_ledger(listing: Listing[F, R]) -> Response:
    """The sheet of the filters in the address, or the way to the page of the job that writes it.

    Raises what reading the page raises.
    """
    filters, actor, now = read_filters(listing.filters), current_actor(), clock.now()
    with read_only_session() as reader:
        asked = Request(reader, actor, filters, now, is_sheet=True)
        if count_rows(listing, asked, MAX_ROWS + 1) > MAX_ROWS:
            return _leave_to_a_job(listing, asked)
        content = BytesIO()
        rows = save_book(content, ledger_sheet(listing, asked, walk_rows(listing, asked)))
        name = listing.ledger_name(asked)
    content.seek(0)
    note_export(actor.person_id, listing.title, rows, now)
    return answer_sheet(content, name, now)


def _leave_to_a_job(listing: Listing[F, R], asked: Request[F]) -> Response:
    query = asked.filters.to_query()
    with independent_transaction() as writer:
        export_id = ask_for_export(writer, listing.name, query, actor=asked.actor, now=asked.now)
    return make_response(redirect(f"/console/exports/{export_id}", code=303))


def note_export(person_id: UUID, title: str, rows: int, now: datetime, *, name: str = "") -> None:
    """Put a download on record; `rows` are those that were written, `name` tells the file from others of its title."""
    detail = {"list": title, "rows": rows, **({"name": name} if name else {})}
    with independent_transaction() as writer:
        record(
            writer, "list.exported", subject_type="person", subject_id=person_id, actor_id=person_id, at=now,
            detail=detail,
        )  # fmt: skip


def answer_sheet(content: BinaryIO, name: str, at: datetime) -> Response:
    """The sheet as a download."""
    dated = f"{name} {clock.in_shanghai(at):%Y-%m-%d}.xlsx"
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=dated, max_age=0)
