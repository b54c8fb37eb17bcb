"""Small facts that every request needs and that hardly ever change, kept as plain data for up to half a minute."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

LIFETIME = 30.0  # seconds
CAPACITY = 10_000  # entries per database

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key, read afresh when they are older than LIFETIME. One set per database, for tests have many."""

    def __init__(self) -> None:
        self._entries: WeakKeyDictionary[Engine, dict[K, tuple[float, V]]] = WeakKeyDictionary()

    def get(self, session: Session, key: K, read: Callable[[], V]) -> V:
        """The value of `key`: the one kept, else what `read` finds. What `read` raises is not kept."""
        entries = self._entries.setdefault(session.get_bind().engine, {})
        moment = time.monotonic()
        known = entries.get(key)
        if known is not None and moment - known[0] < LIFETIME:
            return known[1]
        value = read()
        if len(entries) >= CAPACITY:
            entries.clear()
        entries[key] = (moment, value)
        return value

    def forget(self) -> None:
        """Read everything afresh from now on."""
        self._entries.clear()
