"""Work on files from outside, in a child process with limits on memory, processor time and time by the clock.

What a file costs to read cannot be told for sure before it is read; so what reads it must be able to die. Children are
fresh interpreters (a forked copy of a process with threads may hang), know nothing of the settings, and are used again:
a call on a warm one costs well under a millisecond, the first one what its imports cost. They end when their parent
does, however that ended. This limits what mistakes and bombs cost; it is no jail for code.

A file from outside has been in there, so what a child says is read as nothing but what it may be: JSON of the shape
that the function returns, or one of our own exceptions with its words. Nothing that comes back can name code to run.
"""

import errno
import fcntl
import json
import math
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import IO, Any, Literal, NoReturn, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter, ValidationError

from server.core.errors import AppError, Unavailable
from server.core.one_heap import share_one_heap

Limit = Literal["memory", "cpu", "wall"]
Result = TypeVar("Result")

AT_ONCE = max(2, os.cpu_count() or 1)  # children of one process that work at the same time; others wait
CALLS = 500  # after so many a child is replaced
GROWTH = 256 * 1024 * 1024  # bytes that a child may have kept for itself, else it is replaced
MAX_ANSWER = 512 * 1024 * 1024  # bytes that a child may say: more than any limit on what it reads leads to
IDLE_SECONDS = 60.0  # then a child ends by itself
CHUNK = 1024 * 1024
STARTED = b"\x01"  # the first byte of an answer: from now on the call may have had effects
MAIN = "from server.core.sandbox import _serve; _serve()"
OUTCOMES = ("returned", "raised", "memory", "failed")
_LENGTH = struct.Struct(">Q")
_HEAD = struct.Struct(">BQQ")  # of an answer: its outcome, bytes that the child has grown by, length of what follows


class LimitExceeded(Exception):
    """The function took more than it was allowed; `limit` says of what."""

    def __init__(self, limit: Limit) -> None:
        self.limit: Limit = limit
        super().__init__(limit)


class ChildFailed(Exception):
    """The function raised something that is not ours, or its process crashed; the text says what, for the log."""


class ChildKilled(ChildFailed):
    """Somebody else ended the process: an operator, or the kernel out of memory. Another try may go well."""


class NoRoom(Unavailable):
    """Too many files are being read at the moment."""

    code, message = "busy_reading", "正在处理的文件太多，请过一会儿再试。"


class _NeverStarted(Exception):
    """The child had ended before it took the call."""


def run_limited(
    function: Callable[..., Result], /, *args: Any, memory_bytes: int, cpu_seconds: float, wall_seconds: float
) -> Result:
    """What `function(*args)` returns, run in a child process. From any thread of any process.

    `function` stands in a module and says what it returns, which JSON can hold (bytes in a dataclass: `Base64Bytes`);
    it and its arguments can be pickled. `memory_bytes` is what it may take beyond its imports. Raises what `function`
    raised if the class of that stands in the same package (or is an AppError); LimitExceeded; ChildFailed; NoRoom if
    others kept every child busy for `wall_seconds`.
    """
    request = pickle.dumps((memory_bytes, cpu_seconds, function.__module__), pickle.HIGHEST_PROTOCOL)
    call = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
    if not _pool.places.acquire(timeout=wall_seconds):
        raise NoRoom
    try:
        outcome, value = _pool.call(_framed(request) + _framed(call), wall_seconds)
    finally:
        _pool.places.release()
    if outcome == "memory":
        raise LimitExceeded("memory")
    if outcome == "raised":
        raise _read_error(value, _package_of(function))
    if outcome != "returned":
        raise ChildFailed(value.decode("utf-8", "replace"))
    try:
        return cast(Result, _shape_of(function).validate_json(value))
    except ValidationError as error:
        raise ChildFailed(f"the child returned something else: {error}"[:300]) from None


def give_way(niceness: int) -> None:
    """Let the children that this process starts from now on leave the cores to others who want them. They hold no lock
    that anybody might wait for, as the process itself may."""
    _pool.niceness = niceness


@cache
def _shape_of(function: Callable[..., Any]) -> TypeAdapter[Any]:
    """What `function` returns, by its annotation."""
    return TypeAdapter(get_type_hints(function, include_extras=True)["return"])


def _package_of(function: Callable[..., Any]) -> str:
    return function.__module__.partition(".")[0]


def _read_error(value: bytes, package: str) -> Exception:
    """One of our exceptions, of a module that is loaded here, with what it says. ChildFailed if it is none."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        told = json.loads(value)
        kind = getattr(sys.modules[told["module"]], told["name"])
        if told["module"].partition(".")[0] in (package, "server") and issubclass(kind, Exception):
            error = kind(*map(str, told["args"]), **told["more"])
            return cast(Exception, error)
    return ChildFailed("the child raised something else")


class _Pool:
    """The children of this process that wait for work, the one used last first."""

    def __init__(self) -> None:
        self.places = threading.BoundedSemaphore(AT_ONCE)
        self.niceness = 0
        self._lock = threading.Lock()
        self._idle: list[_Child] = []

    def call(self, message: bytes, wall_seconds: float) -> tuple[str, bytes]:
        while True:
            child = self._take()
            try:
                answer = child.call(message, wall_seconds)
            except _NeverStarted:
                child.end()
                if child.calls == 0:  # a fresh one cannot start at all
                    raise ChildFailed("the child process did not start") from None
                continue
            except BaseException:
                child.end()
                raise
            self._give_back(child)
            return answer

    def _take(self) -> "_Child":
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self.niceness)

    def _give_back(self, child: "_Child") -> None:
        if child.is_worn:
            child.end()
            return
        with self._lock:
            self._idle.append(child)

    def forget(self) -> None:
        """In a process that was forked off: these are somebody else's children."""
        for child in self._idle:
            child.disown()
        self.__init__()  # type: ignore[misc]


class _Child:
    """One interpreter that waits for calls on its standard input and answers on its standard output."""

    def __init__(self, niceness: int) -> None:
        self.calls = 0
        self.is_worn = False
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        self._process = subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, "-c", MAIN], env=environment, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with suppress(ProcessLookupError):  # what it has to say, its answer's end will tell
            os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + niceness)
        self._in = cast(IO[bytes], self._process.stdin).fileno()
        self._out = cast(IO[bytes], self._process.stdout).fileno()
        for pipe in (self._in, self._out):
            with suppress(OSError, AttributeError):  # larger pieces, fewer switches; as far as the system allows
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)

    def call(self, message: bytes, wall_seconds: float) -> tuple[str, bytes]:
        """Raises LimitExceeded, ChildFailed or _NeverStarted; the child is of no more use then."""
        deadline = time.monotonic() + wall_seconds
        with suppress(BrokenPipeError):  # it has ended: how, the answer's end will tell
            _write(self._in, message)
        if not self._read(1, deadline):
            raise _NeverStarted
        head = self._read(_HEAD.size, deadline)
        if len(head) < _HEAD.size:
            raise self._ended()
        outcome, grown, length = _HEAD.unpack(head)
        if outcome >= len(OUTCOMES) or length > MAX_ANSWER:
            raise ChildFailed("the child says what cannot be")
        value = self._read(length, deadline)
        if len(value) < length:
            raise self._ended()
        self.calls += 1
        self.is_worn = self.calls >= CALLS or grown > GROWTH or OUTCOMES[outcome] in ("memory", "failed")
        return OUTCOMES[outcome], value

    def _read(self, length: int, deadline: float) -> bytes:
        """So many bytes; fewer if the child has ended. Raises LimitExceeded at the deadline."""
        content = bytearray()
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        while len(content) < length:
            if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
                raise LimitExceeded("wall")
            piece = os.read(self._out, min(length - len(content), CHUNK))
            if not piece:
                break
            content += piece
        return bytes(content)

    def _ended(self) -> Exception:
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return LimitExceeded("cpu")
        if -status in (signal.SIGKILL, signal.SIGTERM):
            return ChildKilled(f"the child process was ended by {signal.Signals(-status).name}")
        return ChildFailed(f"the child process ended with status {status}")

    def end(self) -> None:
        """Kill it and let it go."""
        with self._process:
            self._process.kill()

    def disown(self) -> None:
        """Close our copies of its pipes; it is not ours to wait for."""
        self._process.returncode = 0
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _framed(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _write(descriptor: int, content: bytes) -> None:
    with memoryview(content) as rest:
        done = 0
        while done < len(rest):
            done += os.write(descriptor, rest[done : done + CHUNK])


_pool = _Pool()
os.register_at_fork(after_in_child=_pool.forget)


# From here on: what runs in the child.


def _serve() -> NoReturn:
    """Answer calls until the parent is gone or has had no work for a while."""
    share_one_heap()  # each reserves address space, which is limited
    calls, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # what the function prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to deal with
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    at_start = 0
    while (request := _next(calls)) is not None and (call := _next(calls)) is not None:
        _write(answers, STARTED)
        _die_with_parent(calls, True)
        outcome, value = _answer(request, call)
        _die_with_parent(calls, False)
        held = _held("VmData")
        at_start = at_start or held
        _write(answers, _HEAD.pack(OUTCOMES.index(outcome), max(held - at_start, 0), len(value)) + value)
        del request, call, value
    os._exit(0)


def _answer(request: bytes, call: bytes) -> tuple[str, bytes]:
    memory_bytes, cpu_seconds, module = pickle.loads(request)  # noqa: S301  (from our own parent)
    try:
        function, args = pickle.loads(call)  # noqa: S301  (imports the module: not counted)
        shape = _shape_of(function)
        try:
            _limit(memory_bytes, cpu_seconds)
            return "returned", shape.dump_json(function(*args))
        finally:
            _limit(None, None)
    except Exception as error:  # noqa: BLE001  (whatever it is, the parent is told)
        return _told(error, module.partition(".")[0])


def _told(error: Exception, package: str) -> tuple[str, bytes]:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return "memory", b""
    kind = type(error)
    if kind.__module__.partition(".")[0] in (package, "server"):
        told: dict[str, Any] = {"module": kind.__module__, "name": kind.__qualname__, "args": error.args, "more": {}}
        if isinstance(error, AppError):
            more = {"code": error.code, "status": error.status, "fields": error.fields}
            told |= {"args": [error.message], "more": more}
        with suppress(TypeError, ValueError):  # it carries what is no text
            return "raised", json.dumps(told).encode()
    return "failed", "".join(traceback.format_exception(error))[-2000:].encode("utf-8", "replace")


def _limit(memory_bytes: int | None, cpu_seconds: float | None) -> None:
    """Allow so much more than what is taken already; None: as much as there is."""
    if sys.platform == "linux":
        for kind, name in ((resource.RLIMIT_DATA, "VmData"), (resource.RLIMIT_AS, "VmSize")):
            most = resource.getrlimit(kind)[1]
            wanted = most if memory_bytes is None else _held(name) + memory_bytes
            resource.setrlimit(kind, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
    used, most = resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_CPU)[1]
    seconds = most if cpu_seconds is None else math.ceil(used.ru_utime + used.ru_stime + cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def _held(name: str) -> int:
    """Bytes of a line of /proc/self/status; 0 where there is none."""
    with suppress(OSError, StopIteration), open("/proc/self/status", encoding="ascii") as lines:
        return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1]) * 1024
    return 0


def _next(descriptor: int) -> bytes | None:
    """The next message; None when the parent has gone, or is silent for long."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if not poll.poll(IDLE_SECONDS * 1000):
        return None
    head = _exactly(descriptor, _LENGTH.size)
    return None if head is None else _exactly(descriptor, _LENGTH.unpack(head)[0])


def _exactly(descriptor: int, length: int) -> bytes | None:
    content = bytearray()
    while len(content) < length:
        piece = os.read(descriptor, min(length - len(content), CHUNK))
        if not piece:
            return None
        content += piece
    return bytes(content)


def _die_with_parent(calls: int, wanted: bool) -> None:
    """Let the kernel end this process when the parent's end of the pipe closes, even in the midst of C code.

    Nothing else comes on that pipe meanwhile. (PR_SET_PDEATHSIG would end it with the *thread* that started it.)
    """
    flags = fcntl.fcntl(calls, fcntl.F_GETFL)
    if not wanted:
        fcntl.fcntl(calls, fcntl.F_SETFL, flags & ~os.O_ASYNC)
        return
    fcntl.fcntl(calls, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(calls, fcntl.F_SETFL, flags | os.O_ASYNC)  # SIGIO, whose default is to end
    poll = select.poll()
    poll.register(calls, 0)
    if poll.poll(0):  # gone before we listened
        os._exit(0)
