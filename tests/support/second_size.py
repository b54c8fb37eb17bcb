"""Which tests run on the second size too, when not all of them do.

Both sizes run the same code; they differ in what PostgreSQL, S3 and Redis make of what they are asked. So a test runs
on the second size if on the first it did something that no test of the run had done on both before: executed a
statement with a part that is new (see `parts_of`), was refused something by the database, asked the object store for
one thing after another in a new order. It runs on both in any case if it works in several threads, if its settings let
Redis count, if it stands on a server or a running service, is about databases and stores themselves, or if nothing of
it could be seen.

All that is found out anew in each run, and the processes of a run tell each other: there is no list that could become
stale. Beside many others a file chooses fewer tests than alone, for others have done the same before. `--full` runs
every test on both sizes.
"""

import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from server.core.storage.base import ObjectStore
from server.core.storage.files import FileStore
from tests.support.servers import scratch_root

FIRST, SECOND = "embedded", "scaled"
ON_BOTH = (
    "tests/contract/",
    "tests/faults/",
    "tests/migrations/",
    "tests/integration/core/",
    "tests/integration/photos/test_upload_over_http.py",
    "tests/integration/test_operations.py",
)
SERVERS = {"service", "postgres", "redis_server", "seaweedfs"}
AT_ONCE = "several threads"
SHARED = "done_on_both"  # what a process is told when it begins: the name of the file
DIGEST = 8  # bytes
COUNTED_IN_REDIS = {"rate_limits"}  # settings
AS_A_WHOLE = re.compile(r"\b(?:GROUP BY|DISTINCT|OVER|ON CONFLICT|RECURSIVE)\b")
BETWEEN_PARTS = re.compile(
    r"\s+(?:AND|OR)\s+|,\s+|\s*\b(?:SELECT|FROM|WHERE|ORDER BY|LIMIT|OFFSET|SET|VALUES|LEFT OUTER JOIN|JOIN|ON"
    r"|RETURNING|UNION ALL|UNION|WITH|INSERT INTO|UPDATE|DELETE)\b\s*"
)
COUNTERS = re.compile(r"_\d+\b")  # by which SQLAlchemy tells parameters and subqueries of one name apart
COLUMN = re.compile(r"(\w+)\.\w+(?: AS \w+)?|\w+=\?")  # read, or set
ID_OR_TIME = re.compile(r"[0-9a-f-]{32,36}|20\d\d-\d\d-\d\d.*")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `scripts/test full` asks for."""
    parser.addoption("--full", action="store_true", help="every test on both sizes, and many examples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose, unless everything is to run."""
    if not config.getoption("full"):
        config.pluginmanager.register(SecondSize(getattr(config, "workerinput", {}).get(SHARED)))


@lru_cache(20_000)
def parts_of(statement: str) -> frozenset[str]:
    """What a statement is told by: its conditions, joins, orders, expressions and tables, each for itself.

    They are what the databases could take differently, and what lists put together in ever new ways. Which plain
    columns are read or set makes no difference. Where parts depend on each other, the statement is told as a whole.
    """
    text = COUNTERS.sub("", statement)
    if AS_A_WHOLE.search(text):
        return frozenset([text])
    parts = {part.strip("() \n;") for part in BETWEEN_PARTS.split(text)}
    return frozenset((column[1] or "set") if (column := COLUMN.fullmatch(part)) else part for part in parts)


def deeds_of(statement: str, parameters: object) -> frozenset[str]:
    """What executing a statement is told by: its parts; a search by its words too."""
    if " LIKE " not in statement:
        return parts_of(statement)
    return parts_of(statement) | {text for text in _texts(parameters) if not ID_OR_TIME.fullmatch(text)}


def _texts(parameters: object) -> Iterable[str]:
    if isinstance(parameters, str):
        yield parameters
    elif isinstance(parameters, (list, tuple)):
        for each in parameters:
            yield from _texts(each)


class DoneOnBoth:
    """What the tests of a run did on both sizes. The processes of a run append it to one file, as digests."""

    def __init__(self, path: str | None) -> None:
        self._known: set[bytes] = set()
        self._file = os.open(path, os.O_RDWR | os.O_APPEND) if path else None
        self._read_up_to = 0

    def holds(self, deeds: set[str]) -> bool:
        """Whether there is nothing new in `deeds`."""
        if self._file is not None:
            size = os.fstat(self._file).st_size // DIGEST * DIGEST
            told = os.pread(self._file, size - self._read_up_to, self._read_up_to)
            self._known |= {told[at : at + DIGEST] for at in range(0, len(told), DIGEST)}
            self._read_up_to = size
        return {_digest(deed) for deed in deeds} <= self._known

    def add(self, deeds: set[str]) -> None:
        new = {_digest(deed) for deed in deeds} - self._known
        self._known |= new
        if self._file is not None:
            os.write(self._file, b"".join(new))


@lru_cache(20_000)
def _digest(deed: str) -> bytes:
    return blake2b(deed.encode(), digest_size=DIGEST).digest()


class SecondSize:
    """Watches tests on the first size and lets those pass over that would do nothing new on the second."""

    def __init__(self, shared: str | None = None) -> None:
        self.done: dict[str, set[str]] = {}  # by each test, on the first size
        self.done_on_both = DoneOnBoth(shared)
        self.watched: set[str] | None = None
        self.asked_before = "nothing"  # of the object store, by the test
        self.passed_over = 0
        self._file: Any = None  # in the process that begins the others; gone when it ends
        self._patch = pytest.MonkeyPatch()

    def pytest_sessionstart(self) -> None:
        event.listen(Engine, "after_cursor_execute", self._on_statement)
        event.listen(Engine, "handle_error", self._on_refusal)
        for name in (name for name in vars(ObjectStore) if callable(getattr(FileStore, name, None)) and name[0] != "_"):
            self._patch.setattr(FileStore, name, self._watching(name, getattr(FileStore, name)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        size = item.callspec.params.get("backend") if hasattr(item, "callspec") else None
        self.watched = self.done.setdefault(item.nodeid, set()) if size == FIRST else None
        self.asked_before = "nothing"
        if size != SECOND or self._is_due(item):
            return None
        self.passed_over += 1
        item.session._setupstate.teardown_exact(nextitem)  # as after any other test
        return True

    def _is_due(self, item: pytest.Item) -> bool:
        done = self.done.get(_on_the_first(item.nodeid), set())
        if done and AT_ONCE not in done and self.done_on_both.holds(done) and not _is_for_both(item):
            return False
        self.done_on_both.add(done)
        return True

    def _note(self, *deeds: str) -> None:
        if self.watched is not None:
            self.watched.update(deeds)
            if threading.current_thread() is not threading.main_thread():
                self.watched.add(AT_ONCE)

    def _on_statement(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> None:
        # Before lists of values are written out; a statement that the driver was sent directly has none.
        text = context.compiled.string if context and context.compiled else statement
        self._note(*deeds_of(text, parameters))

    def _on_refusal(self, refusal: ExceptionContext) -> None:
        self._note(f"{type(refusal.original_exception).__name__}: {refusal.statement}")

    def _watching(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*arguments: Any, **named: Any) -> Any:
            self._note(f"the store's {name} after {self.asked_before}")
            self.asked_before = name
            return operation(*arguments, **named)

        return watch

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        event.remove(Engine, "after_cursor_execute", self._on_statement)
        event.remove(Engine, "handle_error", self._on_refusal)
        self._patch.undo()
        if hasattr(session.config, "workeroutput"):  # one of several processes
            session.config.workeroutput["passed_over"] = self.passed_over

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        if self._file is None:
            self._file = tempfile.NamedTemporaryFile(prefix="done-on-both-", dir=scratch_root())  # noqa: SIM115
        node.workerinput[SHARED] = self._file.name

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.passed_over += getattr(node, "workeroutput", {}).get("passed_over", 0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.passed_over:
            terminalreporter.write_line(f"{self.passed_over} tests on the first size alone: nothing new on the second")


def _on_the_first(nodeid: str) -> str:
    return re.sub(rf"([\[-]){SECOND}(?=[\]-])", rf"\1{FIRST}", nodeid)


def _is_for_both(item: pytest.Item) -> bool:
    return (
        item.nodeid.startswith(ON_BOTH)
        or not COUNTED_IN_REDIS.isdisjoint(getattr(item.get_closest_marker("settings"), "kwargs", ()))
        or not SERVERS.isdisjoint(getattr(item, "fixturenames", ()))
    )
