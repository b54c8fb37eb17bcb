"""Threads for requests: a few that are at work, and one more for each that is held up.

Threads that want Python's lock take it from each other, and each comes back to cold caches: with eight in a process a
report costs a fifth less processor time than with eighty. But whoever reads slowly, and a partner that hangs, holds a
thread. So nobody is counted who waits for somebody far away, or has been at it for long: another thread takes the
place, and goes when it is not needed any more.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

HELD_UP = 0.3  # seconds after which a job is held up; on a busy machine all are after a tenth of a second
LOOK_SECONDS = 0.05  # between two looks for jobs that are held up, while others wait

_Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]


class ElasticPool:
    """An executor with `few` threads at work, and with up to `most` in all.

    It has no thread of its own to watch the others: whoever submits calls `grow` now and then while `is_behind`.
    """

    def __init__(self, few: int, most: int) -> None:
        self._few, self._most = min(few, most), most
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._began: dict[int, float] = {}  # of the threads with a job
        self._lock = threading.Lock()
        self._threads = 0
        self._next_look = 0.0

    @property
    def is_behind(self) -> bool:
        """Whether jobs wait for a thread."""
        return not self._jobs.empty()

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> "Future[Any]":
        """Have it done by one of the threads."""
        future: Future[Any] = Future()
        self._jobs.put((future, work, arguments))
        if self._threads < self._few:
            self._start_thread()
        return future

    def grow(self) -> None:
        """A thread more for each that is held up, if jobs wait."""
        moment = time.monotonic()
        if moment < self._next_look or not self.is_behind:
            return
        self._next_look = moment + LOOK_SECONDS
        for _ in range(min(self._most, self._few + self._held_up(moment)) - self._threads):
            self._start_thread()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within a job: its thread waits for somebody far away, and is held up at once."""
        me = threading.get_ident()
        if me not in self._began:  # not a thread of ours
            yield
            return
        self._began[me] = -math.inf
        try:
            yield
        finally:
            self._began[me] = time.monotonic()

    def shutdown(self, wait: bool = True) -> None:
        """Let the threads go when they have done what is there. Does not wait for it, whatever gunicorn says."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _held_up(self, moment: float) -> int:
        return sum(moment - began > HELD_UP for began in list(self._began.values()))

    def _start_thread(self) -> None:
        with self._lock:
            self._threads += 1
        threading.Thread(target=self._work, name="request", daemon=True).start()

    def _work(self) -> None:
        me = threading.get_ident()
        while (job := self._jobs.get()) is not None:
            future, work, arguments = job
            del job
            self._began[me] = time.monotonic()
            try:
                result = work(*arguments)
            except BaseException as error:  # noqa: BLE001  (whoever asked for it hears of it)
                future.set_exception(error)
            else:
                future.set_result(result)
            del self._began[me], future, work, arguments
            if self._threads > self._few and self._leave():
                return

    def _leave(self) -> bool:
        """Whether this thread is not needed any more."""
        with self._lock:
            is_needed = self._threads <= self._few + self._held_up(time.monotonic())
            self._threads -= not is_needed
        return not is_needed
