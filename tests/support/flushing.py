"""No read between a change and its flush.

A session writes what was changed before it reads: a row that is changed in part then meets the database's CHECKs. Reads
hide behind caches, so that it happens only now and then. Here it fails at once, with caches warm or cold.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from server.core.ttl_cache import TtlCache


def forbid_reads_before_flush(patch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every read fail while its session holds a changed row that is not flushed. Returns what ends that."""
    ask = TtlCache.get

    def get(self: TtlCache[Any, Any], session: Session, key: Any, read: Callable[[], Any]) -> Any:
        _check(session)
        return ask(self, session, key, read)

    def on_execute(state: ORMExecuteState) -> None:
        if state.is_select:
            _check(state.session)

    patch.setattr(TtlCache, "get", get)
    event.listen(Session, "do_orm_execute", on_execute)
    return lambda: event.remove(Session, "do_orm_execute", on_execute)


def _check(session: Session) -> None:
    changed = {type(row).__name__ for row in session.dirty if session.is_modified(row)}
    assert not changed, f"read while {', '.join(sorted(changed))} is changed and not flushed: read first, or flush"
