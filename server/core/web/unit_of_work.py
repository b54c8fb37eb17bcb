"""One transaction per request, committed in one place: here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.core.db import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Database:
    """The database of the running application."""
    return cast(Database, current_app.extensions["database"])


def session() -> Session:
    """The request's session: reads only for safe methods, otherwise the request's one transaction."""
    if "session" not in g:
        db = database()
        g.session = db.read_session() if request.method in SAFE_METHODS else db.write_session()
    return cast(Session, g.session)


@contextmanager
def read_only_session() -> Iterator[Session]:
    """A short read outside of the request's transaction, so that slow work after it holds no lock or connection."""
    with database().reading() as reader:
        yield reader


@contextmanager
def independent_transaction() -> Iterator[Session]:
    """A small transaction of its own, committed at once: for what must be kept whatever becomes of the request."""
    with database().transaction() as writer:
        yield writer


def install(app: Flask, db: Database) -> None:
    """Commit after a view that answered below 400, roll back after any other, close always."""
    app.extensions["database"] = db
    app.after_request(_finish)
    app.teardown_request(_close)


def _finish(response: Response) -> Response:
    current = g.get("session")
    if current is not None:
        if response.status_code < 400:
            return _commit(current, response)
        current.rollback()
    return response


def _commit(current: Session, response: Response) -> Response:
    """The response, or the one for what the commit raised: Flask's own handlers see only what views raise."""
    try:
        current.commit()
    except SQLAlchemyError as error:
        current.rollback()
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _close(_error: BaseException | None) -> None:
    current = g.pop("session", None)
    if current is not None:
        current.close()
