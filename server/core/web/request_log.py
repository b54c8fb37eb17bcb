"""Request ids, one log line per request, and its metrics."""

import re
import time

import structlog
from flask import Flask, Response, g, request

from server.core import ids, metrics

log = structlog.get_logger("server.request")

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,36}")  # as long as the audit log's column at most
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})  # anybody may invent others
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


def install(app: Flask) -> None:
    """Give every request an id and log it once it is answered. Install it before anything else."""
    app.before_request(_begin)
    app.after_request(_note_answer)
    app.teardown_request(_finish)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if SANE.fullmatch(given) else ids.new_id().hex
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _note_answer(response: Response) -> Response:
    response.headers[HEADER] = g.get("request_id", "")
    g.answer = (response.status_code, response.content_length)
    return response


def _finish(_error: BaseException | None) -> None:
    began = g.get("request_began")
    if began is None:
        return
    seconds = time.perf_counter() - began
    status, sent = g.get("answer", (500, None))
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "OTHER"
    metrics.REQUESTS.labels(method, endpoint, str(status)).inc()
    metrics.REQUEST_SECONDS.labels(method, endpoint).observe(seconds)
    if request.content_length:
        metrics.UPLOAD_BYTES.labels(endpoint).inc(request.content_length)
    write = log.debug if request.path.startswith(QUIET) and status < 500 else log.info
    write(
        "request",
        method=method,
        route=request.url_rule.rule if request.url_rule else "",
        status=status,
        ms=round(seconds * 1000, 1),
        bytes_in=request.content_length,
        bytes_out=sent,
        actor_id=_actor_id(),
    )
    structlog.contextvars.clear_contextvars()


def _actor_id() -> str | None:
    person = getattr(g.get("actor"), "person_id", None)
    return str(person) if person else None
