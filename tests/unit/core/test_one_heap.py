"""Threads of the service share one heap."""

import subprocess
import sys

import pytest

HEAPS = """
import ctypes, threading
{before}
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
at_once = threading.Barrier(8)
def ask():
    at_once.wait()
    libc.malloc(64)
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""
SHARED = "from server.core.one_heap import share_one_heap\nshare_one_heap()"


@pytest.mark.parametrize(("before", "is_one"), [("", False), (SHARED, True)])
def test_threads_share_a_heap_that_would_each_have_their_own(before: str, is_one: bool) -> None:
    told = subprocess.run(
        [sys.executable, "-c", HEAPS.format(before=before)], capture_output=True, text=True, check=True
    )
    assert (told.stdout.count("<heap nr=") == 1) is is_one
