"""What tests let run in a limited child: it must stand in a module that can be imported by its name."""

import mmap
import os
import signal
import time
from pathlib import Path

from server.core.errors import Invalid


class OurOwn(Exception):
    """An exception of this package."""


def add(one: int, other: int) -> int:
    return one + other


def take(size: int) -> int:
    return len(bytearray(size))


def take_shared(size: int) -> None:
    mmap.mmap(-1, size).write(b"x" * size)


def spin() -> None:
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def note_and_sleep(path: str, seconds: float) -> int:
    Path(path).write_text(str(os.getpid()))
    time.sleep(seconds)
    return os.getpid()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise Invalid("表格太大了。", code="too_big", fields={"file": "太大"})


def fail_in_our_way() -> None:
    raise OurOwn("why")


def fail() -> None:
    raise ValueError("not ours")


def talk() -> str:
    print("a library that talks")
    return os.environ.get("SUISHOUPAI_SECRET_KEY", "nothing")
