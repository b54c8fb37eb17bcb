"""Addresses with a NUL in them are refused before any view: nobody types one, and PostgreSQL takes it in no text."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest


def install(app: Flask) -> None:
    """Look at path and query of every request."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if request.routing_exception is not None:
        return  # the router answers 404 or 405
    if "\x00" in request.path or b"%00" in request.query_string or b"\x00" in request.query_string:
        raise BadRequest
