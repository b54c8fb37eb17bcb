"""Small facts that every request needs and that hardly ever change, kept as plain data for up to half a minute."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

LIFETIME = 30.0  # seconds
CAPACITY = 10_000  # entries per database

K = TypeVar("K")
V = TypeVar("V")


class TtlCache(Generic[K, V]):
    """Values by key, read afresh when they are older than LIFETIME. One set per database, for tests have many."""

    def __init__(self) -> None:
        self._caches: WeakKeyDictionary[Engine, TTLCache[K, V]] = WeakKeyDictionary()
        self._lock = Lock()  # cachetools asks for one; nothing is read from the database under it

    def get(self, session: Session, key: K, read: Callable[[], V]) -> V:
        """The value of `key`: the one kept, else what `read` finds. What `read` raises is not kept."""
        with self._lock, suppress(KeyError):
            return self._of(session)[key]
        value = read()
        self.keep(session, key, value)
        return value

    def find(self, session: Session, key: K) -> V | None:
        """The value that is kept, None for none."""
        with self._lock:
            return self._of(session).get(key)

    def keep(self, session: Session, key: K, value: V) -> None:
        """Keep what was read just now."""
        with self._lock:
            self._of(session)[key] = value

    def _of(self, session: Session) -> "TTLCache[K, V]":
        return self._caches.setdefault(session.get_bind().engine, TTLCache(CAPACITY, LIFETIME))

    def forget(self) -> None:
        """Read everything afresh from now on."""
        with self._lock:
            self._caches.clear()
