"""What rate limits keep in a process without Redis: no thread of their own, and nothing of who came yesterday."""

from datetime import timedelta
from threading import active_count

import time_machine
from limits import parse
from limits.strategies import MovingWindowRateLimiter

from server.core import clock
from server.core.web.limits import SWEEP_SECONDS, SweptMemory

LIMIT = parse("2/minute")


def test_counts_end_with_their_time_and_start_no_thread() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as travelled:
        memory = SweptMemory()
        memory.timer.join()
        limiter, threads = MovingWindowRateLimiter(memory), active_count()
        for number in range(50):
            assert limiter.hit(LIMIT, f"person:{number}")
        assert limiter.hit(LIMIT, "person:0")
        assert not limiter.hit(LIMIT, "person:0")
        assert active_count() == threads
        travelled.move_to(start + timedelta(seconds=SWEEP_SECONDS - 1))
        assert not limiter.hit(LIMIT, "person:0")
        assert limiter.hit(LIMIT, "person:1")
        travelled.move_to(start + timedelta(seconds=SWEEP_SECONDS + 1))
        assert limiter.hit(LIMIT, "person:0")
        assert len(memory.events) == 2  # person:0 anew, person:1 within the minute
