"""What tests let run in a limited child: it must stand in a module that can be imported by its name."""

import mmap
import os
import pickle
import signal
import time
from pathlib import Path

from server.core import sandbox
from server.core.errors import Invalid


class OurOwn(Exception):
    """An exception of this package."""


class Touch:
    """Unpickled, it makes a file: what whoever takes over a child would like the service to do."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mknod, (self.path,)


def whoami() -> int:
    return os.getpid()


def count(number: int) -> int:
    return sum(range(number))


def answer_with(outcome: int, content: bytes) -> None:
    """Say something else than the truth, once."""
    honest = sandbox._write

    def lie(descriptor: int, _answer: bytes) -> None:
        honest(descriptor, sandbox._HEAD.pack(outcome, 0, len(content)) + content)

    vars(sandbox)["_write"] = lie


def code_for_the_parent(path: str, outcome: int) -> int:
    answer_with(outcome, pickle.dumps(Touch(path)))
    return 1


def another_shape() -> int:
    answer_with(0, b'{"one": "thing"}')
    return 1


def an_exception_of_others() -> int:
    answer_with(1, b'{"module": "subprocess", "name": "Popen", "args": ["true"], "more": {}}')
    return 1


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
