"""What may cost too much runs in a child that can be ended, whatever it does and whatever becomes of its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.core import sandbox
from server.core.errors import AppError, Invalid
from server.core.sandbox import ChildFailed, LimitExceeded, NoRoom, run_limited
from tests.support.limited_work import (
    OurOwn,
    add,
    an_exception_of_others,
    another_shape,
    code_for_the_parent,
    count,
    crash,
    fail,
    fail_in_our_way,
    refuse,
    sleep,
    spin,
    take,
    take_shared,
    talk,
    whoami,
)

MEBIBYTE = 1024 * 1024


def limited(function: Callable[..., Any], *args: Any, memory: int = 200, cpu: float = 30, wall: float = 60) -> Any:
    return run_limited(function, *args, memory_bytes=memory * MEBIBYTE, cpu_seconds=cpu, wall_seconds=wall)


@pytest.fixture
def own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[sandbox._Pool]:
    """Children for one test alone, ended with it."""
    pool = sandbox._Pool()
    monkeypatch.setattr(sandbox, "_pool", pool)
    yield pool
    for child in pool._idle:
        child.end()


def eventually(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_result_comes_back() -> None:
    assert limited(add, 1, 2) == 3
    assert limited(take, 50 * MEBIBYTE) == 50 * MEBIBYTE


@pytest.mark.parametrize("hog", [take, take_shared])
def test_what_takes_too_much_memory_is_ended_and_the_next_call_works(hog: Callable[[int], object]) -> None:
    with pytest.raises(LimitExceeded) as caught:
        limited(hog, 400 * MEBIBYTE)
    assert caught.value.limit == "memory"
    assert limited(add, 1, 2) == 3


def test_what_takes_too_much_processor_time_is_ended() -> None:
    with pytest.raises(LimitExceeded) as caught:
        limited(spin, cpu=0.5)
    assert caught.value.limit == "cpu"
    assert limited(add, 1, 2) == 3


def test_processor_time_is_counted_per_call_and_not_per_child() -> None:
    for _ in range(3):
        assert limited(count, 5_000_000, cpu=1.5) > 0


def test_what_only_sleeps_is_ended_too() -> None:
    limited(add, 1, 2)
    began = time.monotonic()
    with pytest.raises(LimitExceeded) as caught:
        limited(sleep, 60, wall=0.5)
    assert caught.value.limit == "wall"
    assert time.monotonic() - began < 10


def test_a_crash_is_told_and_the_next_call_works() -> None:
    with pytest.raises(ChildFailed, match="-11"):
        limited(crash)
    assert limited(add, 1, 2) == 3


def test_our_own_exceptions_pass_through_whole() -> None:
    with pytest.raises(AppError) as caught:
        limited(refuse)
    refusal = caught.value
    assert (type(refusal), refusal.code, refusal.message) == (Invalid, "too_big", "表格太大了。")
    assert (refusal.status, refusal.fields) == (422, {"file": "太大"})
    with pytest.raises(OurOwn, match="why"):
        limited(fail_in_our_way)


def test_exceptions_of_others_are_told_as_text() -> None:
    with pytest.raises(ChildFailed, match="ValueError: not ours"):
        limited(fail)


@pytest.mark.parametrize("outcome", range(4))
def test_nothing_that_a_child_answers_runs_code_in_the_service(
    own_pool: sandbox._Pool, tmp_path: Path, outcome: int
) -> None:
    """A file from outside may have taken the child over; it must not get any further."""
    made = tmp_path / "made"
    with pytest.raises((ChildFailed, LimitExceeded)):
        limited(code_for_the_parent, str(made), outcome)
    assert not made.exists()


@pytest.mark.parametrize("lie", [another_shape, an_exception_of_others])
def test_an_answer_of_another_shape_than_the_function_has_is_none(
    own_pool: sandbox._Pool, lie: Callable[[], int]
) -> None:
    with pytest.raises(ChildFailed, match="something else"):
        limited(lie)


def test_a_child_knows_no_secrets_and_may_print(own_pool: sandbox._Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUISHOUPAI_SECRET_KEY", "x" * 40)
    assert limited(talk) == "nothing"


def test_calls_from_many_threads_are_answered_each_with_its_own() -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: limited(add, number, 1), range(40))) == list(range(1, 41))


def test_more_calls_than_places_wait_and_then_are_refused() -> None:
    limited(add, 1, 2)
    with ThreadPoolExecutor(sandbox.AT_ONCE) as threads:
        busy = [threads.submit(limited, sleep, 2) for _ in range(sandbox.AT_ONCE)]
        eventually(lambda: not _is_free(), seconds=5)
        with pytest.raises(NoRoom):
            limited(add, 1, 2, wall=0.2)
        for each in busy:
            each.result()
    assert limited(add, 1, 2) == 3


def _is_free() -> bool:
    free = sandbox._pool.places.acquire(blocking=False)
    if free:
        sandbox._pool.places.release()
    return free


def test_a_warm_child_is_used_again_and_replaced_when_it_was_killed() -> None:
    first = limited(whoami)
    assert limited(whoami) == first
    os.kill(first, signal.SIGKILL)
    assert limited(whoami) != first


def test_a_child_that_failed_is_not_asked_again(own_pool: sandbox._Pool) -> None:
    """What it could not load stays half loaded."""
    with pytest.raises(ChildFailed):
        limited(fail)
    assert own_pool._idle == []


def test_children_of_who_gives_way_get_less_of_a_core(own_pool: sandbox._Pool) -> None:
    sandbox.give_way(7)
    child = own_pool._take()
    own_pool._give_back(child)
    assert os.getpriority(os.PRIO_PROCESS, child._process.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 7


def test_a_killed_parent_leaves_no_child_behind(tmp_path: Path) -> None:
    """Not a busy one, which reads nothing that could tell it."""
    note = tmp_path / "pid"
    program = (
        "from server.core.sandbox import run_limited\n"
        "from tests.support.limited_work import note_and_sleep\n"
        f"run_limited(note_and_sleep, {str(note)!r}, 300, memory_bytes=10**8, cpu_seconds=9, wall_seconds=400)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    try:
        eventually(lambda: note.exists() and note.read_text() != "", seconds=30)
        child = int(note.read_text())
        assert _lives(child)
    finally:
        parent.kill()
        parent.wait()
    eventually(lambda: not _lives(child), seconds=5)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_forked_process_has_children_of_its_own() -> None:
    ours = limited(whoami)
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        os.write(write, str(limited(whoami)).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert int(os.read(read, 100)) != ours
    os.close(read)
    os.close(write)
    assert limited(whoami) == ours


def test_it_leaves_no_thread_and_no_descriptor_behind() -> None:
    limited(add, 1, 2)
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(3):
        with pytest.raises(ChildFailed):
            limited(crash)
        limited(add, 1, 2)
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before
