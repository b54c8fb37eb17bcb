"""Threads for requests: few at work, one more for each that is held up."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait

import pytest

from server.core.ops import elastic_pool
from server.core.ops.elastic_pool import ElasticPool

FEW, MOST = 2, 5


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ElasticPool]:
    monkeypatch.setattr(elastic_pool, "HELD_UP", 0.1)
    made = ElasticPool(FEW, MOST)
    yield made
    made.shutdown()
    until(lambda: threads() == 0, made)


@pytest.fixture
def gate(pool: ElasticPool) -> Iterator[threading.Event]:
    """What jobs that are held up wait for."""
    event = threading.Event()
    yield event
    event.set()


def threads() -> int:
    return sum(thread.name == "request" for thread in threading.enumerate())


def until(is_so: Callable[[], bool], pool: ElasticPool) -> None:
    """As gunicorn's main loop does while jobs wait."""
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        pool.grow()
        time.sleep(0.005)


def test_no_more_than_few_work_at_a_time_however_many_jobs_there_are(pool: ElasticPool) -> None:
    def work() -> int:
        time.sleep(0.001)
        return threading.get_ident()

    names = [pool.submit(work) for _ in range(200)]
    until(lambda: all(each.done() for each in names), pool)
    assert len({each.result() for each in names}) <= FEW
    assert threads() == FEW


def test_who_is_held_up_does_not_hold_up_the_next(pool: ElasticPool, gate: threading.Event) -> None:
    for _ in range(FEW):
        pool.submit(gate.wait)
    next_one = pool.submit(lambda: "done")
    until(next_one.done, pool)
    assert next_one.result() == "done"


def test_who_waits_for_somebody_far_away_is_held_up_at_once(
    pool: ElasticPool, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_pool, "HELD_UP", 1000.0)

    def wait_for_somebody() -> None:
        with pool.waiting():
            gate.wait()

    for _ in range(FEW):
        pool.submit(wait_for_somebody)
    next_one = pool.submit(lambda: "done")
    until(next_one.done, pool)
    assert next_one.result() == "done"


def test_beyond_the_most_jobs_wait_and_are_done_when_one_is_free(pool: ElasticPool, gate: threading.Event) -> None:
    held = [pool.submit(gate.wait) for _ in range(MOST)]
    last = pool.submit(lambda: "done")
    until(lambda: threads() == MOST, pool)
    time.sleep(2 * elastic_pool.HELD_UP)
    pool.grow()
    assert (threads(), last.done(), pool.is_behind) == (MOST, False, True)
    gate.set()
    assert last.result(timeout=5) == "done"
    assert not wait(held, timeout=5).not_done


def test_threads_that_were_added_go_again(pool: ElasticPool, gate: threading.Event) -> None:
    held = [pool.submit(gate.wait) for _ in range(MOST)]
    until(lambda: threads() == MOST, pool)
    gate.set()
    wait(held, timeout=5)
    until(lambda: threads() == FEW, pool)
    assert pool.submit(lambda: "done").result(timeout=5) == "done"


def test_what_a_job_raises_reaches_who_asked_and_the_thread_goes_on(pool: ElasticPool) -> None:
    def fail() -> None:
        raise SystemExit(3)

    failed = [pool.submit(fail) for _ in range(3 * FEW)]
    assert all(isinstance(each.exception(timeout=5), SystemExit) for each in failed)
    assert pool.submit(lambda: "done").result(timeout=5) == "done"


def test_when_it_ends_what_is_under_way_is_finished_and_threads_go(pool: ElasticPool, gate: threading.Event) -> None:
    under_way = [pool.submit(gate.wait) for _ in range(FEW)]
    pool.shutdown()
    gate.set()
    assert [each.result(timeout=5) for each in under_way] == [True] * FEW
    until(lambda: threads() == 0, pool)
