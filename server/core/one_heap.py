"""Memory that threads share.

The C library gives each thread that meets another a heap of its own, up to eight for each core, and what one has freed
serves no other. Python's lock lets one thread at a time ask for memory anyway.
"""

import ctypes

_ARENA_MAX = -8  # malloc.h: M_ARENA_MAX


def share_one_heap() -> None:
    """Let all threads of this process, and of those copied from it, use one heap. To be called before there are any;
    does nothing where the C library knows no such thing."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
