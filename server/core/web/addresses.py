"""Addresses. With a NUL they are refused before any view: nobody types one, and PostgreSQL takes it in no text."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest


def install(app: Flask) -> None:
    """Look at path and query of every request."""
    app.before_request(_refuse_nul)


def with_query(address: str) -> str:
    """The address with the query string of the present request behind it: the filters of the list that one came from
    stay, whatever is done on the way."""
    query = request.query_string.decode("ascii", "replace")
    return f"{address}?{query}" if query else address


def _refuse_nul() -> None:
    if request.routing_exception is not None:
        return  # the router answers 404 or 405
    if "\x00" in request.path or b"%00" in request.query_string or b"\x00" in request.query_string:
        raise BadRequest
