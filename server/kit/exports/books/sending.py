"""A workbook about one thing as a download, or the way to the page of the job that writes it. On record."""

from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from flask import Response, make_response, redirect

from server.core import clock
from server.core.sheets import save_book
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.kit.exports.actions import ask_for_export
from server.kit.exports.books.declared import AskedBook, Book
from server.kit.exports.ledgers.sending import answer_sheet, note_export
from server.unions.actor import current_actor

MAX_ROWS = 2_000
"""What a request writes while somebody waits: these rows are put together from more than those of lists."""


def send_book(book: Book, subject_id: UUID) -> Response:
    """Raises what `count` and `sheets` of the book raise."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        if book.count(reader, subject_id, actor, now) > MAX_ROWS:
            with independent_transaction() as writer:
                asked = AskedBook(book.name, subject_id)
                export_id = ask_for_export(writer, book.name, "", actor=actor, now=now, papers=asked)
            return make_response(redirect(f"/console/exports/{export_id}", code=303))
        content = BytesIO()
        rows = save_book(content, *book.sheets(reader, subject_id, actor, now))
    content.seek(0)
    return answer_book(book, subject_id, content, rows, now)


def answer_book(book: Book, subject_id: UUID, content: BinaryIO, rows: int, at: datetime) -> Response:
    """The workbook of that moment as a download, on record."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        name = book.file_name(reader, subject_id)
    note_export(actor.person_id, book.title, rows, now, name=name)
    with independent_transaction() as writer:
        book.note(writer, subject_id, rows, actor, now)
    return answer_sheet(content, name, at)
