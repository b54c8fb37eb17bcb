"""A partner that does not answer: how many may wait for it at once, and when nobody need wait any more."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from server.core.errors import Unavailable

FAILURES_TO_OPEN = 5


class NotAsked(Unavailable):
    """The partner was not asked: too many wait for it already, or it has not answered for a while."""


class Breaker:
    """Refuses calls at once after several failures in a row; then lets one try whether things are better.

    Of one partner in one process. The threads beyond `at_once` serve people who need nothing of that partner.
    """

    def __init__(self, *, at_once: int, open_seconds: float) -> None:
        self._at_once = at_once
        self._open_seconds = open_seconds
        self._lock = threading.Lock()
        self._running = 0
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_failing(self) -> bool:
        """Whether the last call failed."""
        return self._failures > 0

    @contextmanager
    def call(self, *failures: type[Exception]) -> Iterator[None]:
        """The length of one call, which fails by one of `failures`. Raises NotAsked when it may not begin."""
        self._begin()
        failed = False
        try:
            yield
        except failures:
            failed = True
            raise
        finally:
            with self._lock:
                self._running -= 1
            self.note(failed=failed)

    def ask(self) -> None:
        """Raises NotAsked while nobody should wait for the partner."""
        with self._lock:
            self._ask()

    def note(self, *, failed: bool) -> None:
        """How a call ended."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            self._open_until = time.monotonic() + self._open_seconds if self._failures >= FAILURES_TO_OPEN else 0.0

    def _begin(self) -> None:
        with self._lock:
            self._ask(at_once=self._at_once)
            self._running += 1

    def _ask(self, at_once: int | None = None) -> None:
        now = time.monotonic()
        if now < self._open_until:
            raise NotAsked
        if at_once is not None and self._running >= at_once:
            raise NotAsked
        if self._failures >= FAILURES_TO_OPEN:  # this one tries; the others wait for how it ends
            self._open_until = now + self._open_seconds
