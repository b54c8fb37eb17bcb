"""Workbooks that are no ledger of a list: figures, rosters. Every download is on record."""

from io import BytesIO
from typing import Any

from flask import Response, request, send_file

from server.core import clock
from server.core.sheets import XLSX, Sheet, save_book
from server.core.slice import declared
from server.kit.exports.ledgers.sending import note_export
from server.unions.actor import current_actor


def send_workbook(name: str, *sheets: Sheet[Any]) -> Response:
    """The sheets as a download called `name`. Raises KeyError for a view that no slice declares among its exports."""
    title = declared().exports[request.endpoint or ""]
    content = BytesIO()
    rows = save_book(content, *sheets)
    content.seek(0)
    note_export(current_actor().person_id, title, rows, clock.now(), name=name)
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx", max_age=0)
