"""Bodies of refused requests are read to their end.

A phone that is still sending a photo does not look at the answer before it has sent all of it; if the server closes
the connection meanwhile, all the phone sees is a connection reset, and it will send the same photo again.
"""

from contextlib import suppress

from flask import Flask, Response, current_app, request
from gunicorn.http.errors import ParseException

from server.core.settings import Settings

CHUNK = 1024 * 1024  # bytes; small reads are slow in gunicorn


def install(app: Flask) -> None:
    """Install it before the unit of work: what runs after a view runs in reverse order, so nothing is held any more."""
    app.after_request(_read_the_rest)


def _read_the_rest(response: Response) -> Response:
    length = request.content_length
    if response.status_code < 400 or not length or not request.environ.get("wsgi.input_terminated"):
        return response
    settings: Settings = current_app.extensions["settings"]
    if length <= 2 * settings.upload_max_bytes:
        body = request.environ["wsgi.input"]
        with suppress(OSError, ParseException):  # the phone has gone, or never spoke HTTP
            while not getattr(body, "failed", False) and body.read(CHUNK):
                pass
    return response
