"""No read between a change and its flush.

A session writes what was changed before it reads: a row that is changed in part then meets the database's CHECKs. Reads
hide behind caches, so that it happens only now and then. Here it fails at once, with caches warm or cold.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Executable
from sqlalchemy.orm import Session

from server.core.ttl_cache import TtlCache


def forbid_reads_before_flush(patch: pytest.MonkeyPatch) -> None:
    """Let every read fail while its session holds a changed row that is not flushed."""
    ask = TtlCache.get

    def get(self: TtlCache[Any, Any], session: Session, key: Any, read: Callable[[], Any]) -> Any:
        _check(session)
        return ask(self, session, key, read)

    patch.setattr(TtlCache, "get", get)
    for name in ("execute", "scalar", "scalars"):
        patch.setattr(Session, name, _checking(getattr(Session, name)))


def _checking(read: Callable[..., Any]) -> Callable[..., Any]:
    """Not by the event of SQLAlchemy: whoever listens to it makes every statement a tenth dearer."""

    @wraps(read)
    def check_and_read(session: Session, statement: Executable, *arguments: Any, **named: Any) -> Any:
        if statement.is_select:
            _check(session)
        return read(session, statement, *arguments, **named)

    return check_and_read


def _check(session: Session) -> None:
    changed = {type(row).__name__ for row in session.dirty if session.is_modified(row)}
    assert not changed, f"read while {', '.join(sorted(changed))} is changed and not flushed: read first, or flush"
