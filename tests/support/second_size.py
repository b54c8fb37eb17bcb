"""Which tests run on the second size too, when not all of them do.

Both sizes run the same code; they differ in what PostgreSQL, S3 and Redis make of what they are asked. So a test runs
on the second size if on the first it did something that no test of the run had done on both before: executed a
statement with a part that is new (see `parts_of`), was refused something by the database, asked the object store for
one thing after another of the same object in a new order. It runs on both in any case if it works in several threads,
if its settings let Redis count, if it stands on a server or a running service, is about databases and stores
themselves, or if nothing of it could be seen though it has no application of its own to be seen by.

All that is found out anew in each run, and the processes of a run tell each other: there is no list that could become
stale. Beside many others a file chooses fewer tests than alone, for others have done the same before. `--full` runs
every test on both sizes.
"""

import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, Enum, String, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.types import TypeEngine

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
AS_IT_IS = re.compile(r"\b(?:ON CONFLICT|RECURSIVE)\b")  # hangs on the one index, and on everything before it
AS_A_WHOLE = re.compile(r"\b(?:GROUP BY|DISTINCT|OVER)\b")
BETWEEN_PARTS = re.compile(
    r"\s+(?:AND|OR)\s+|,\s+|\s*\b(?:SELECT|FROM|WHERE|ORDER BY|LIMIT|OFFSET|SET|VALUES|LEFT OUTER JOIN|JOIN|ON"
    r"|RETURNING|UNION ALL|UNION|WITH|INSERT INTO|UPDATE|DELETE)\b\s*"
)
COUNTERS = re.compile(r"_\d+\b|(?<=POSTCOMPILE_)\w+")  # by which SQLAlchemy tells what has one name apart
FILLED = re.compile(r"(INSERT INTO \w+) \([^()]*\)")  # with the columns that are filled
COLUMN = re.compile(r"(\w+)\.\"?\w+\"?|\"?\w+\"?=\?")  # read, or set
OF_A_TABLE = re.compile(r"\b([a-z]\w*)\.\"?(\w+)\"?")
ORDERED = re.compile(r" (?:ASC|DESC)\b")
RENAMED = re.compile(r"\b([a-z]\w*) AS (\w+)")
LABEL = re.compile(r"(?<=[\w)\"*]) AS \"?(\w+)\"?(?! ?\()")  # that is no subquery's that is told before its use
WORD = re.compile(r"\b[a-z]\w*\b(?!\()")
SPECIAL = "%_/\\'\""  # to searches
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
    columns are read or set makes no difference, nor which columns of one type are compared or ordered by: a database
    does it by the type, and migrations are compared with the models elsewhere. Where parts depend on each other, the
    statement is told as a whole: by its shape, in which tables, columns and labels are numbered.
    """
    text = FILLED.sub(r"\1", COUNTERS.sub("", statement))
    if AS_IT_IS.search(text):
        return frozenset([text])
    tables = columns_of_tables()
    renamed = {name: table for table, name in RENAMED.findall(text) if table in tables}
    if AS_A_WHOLE.search(text):
        return frozenset([_shape(text, renamed), *(word for word in WORD.findall(text) if word in tables)])
    return frozenset(_told(part.strip("() \n;"), renamed) for part in BETWEEN_PARTS.split(LABEL.sub("", text)))


def _told(part: str, renamed: dict[str, str]) -> str:
    if column := COLUMN.fullmatch(part):
        return renamed.get(column[1], column[1]) if column[1] else "set"
    ordered = ORDERED.search(part)

    def kind(name: re.Match[str]) -> str:
        found = _column(name, renamed)
        if found is None:
            return name[0]
        return found.kind + (" or none" if ordered and found.nullable else "")

    return OF_A_TABLE.sub(kind, part)


def _shape(text: str, renamed: dict[str, str]) -> str:
    """PostgreSQL refuses to read what is not grouped by, unless it hangs on a key that is: who is who must be seen."""
    numbers: dict[str, dict[str, int]] = {}
    labels = set(LABEL.findall(text)) - renamed.keys()

    def numbered(kind: str, name: str) -> str:
        known = numbers.setdefault(kind, {})
        return f"{kind} {known.setdefault(name, len(known) + 1)}"

    def column(name: re.Match[str]) -> str:
        found = _column(name, renamed)
        kind = "COLUMN" if found is None else found.kind.upper() + (" KEY" if found.key else "")
        return f"{numbered('TABLE', name[1])}.{numbered(kind, name[0])}"

    def word(name: re.Match[str]) -> str:
        if name[0] in columns_of_tables() or name[0] in renamed:
            return numbered("TABLE", name[0])
        return numbered("LABEL", name[0]) if name[0] in labels else name[0]

    return WORD.sub(word, OF_A_TABLE.sub(column, text))


@dataclass(frozen=True)
class Column:
    """What a database makes of a column."""

    kind: str
    nullable: bool
    key: bool


@cache
def columns_of_tables() -> dict[str, dict[str, Column]]:
    """The service's tables. Looked up by the first statement: a process that begins others executes none."""
    from server.models import metadata

    def told(column: Any) -> Column:
        return Column(_kind(column.type), bool(column.nullable), bool(column.primary_key))

    return {table.name: {each.name: told(each) for each in table.columns} for table in metadata.tables.values()}


def _kind(of: TypeEngine[Any]) -> str:
    if isinstance(of, Enum):
        return "Enum"
    return "String" if isinstance(of, String) else type(of).__name__


def _column(name: re.Match[str], renamed: dict[str, str]) -> Column | None:
    return columns_of_tables().get(renamed.get(name[1], name[1]), {}).get(name[2])


def deeds_of(statement: str, parameters: object) -> frozenset[str]:
    """What executing a statement is told by: its parts; a search by the kinds of its letters too."""
    if " LIKE " not in statement:
        return parts_of(statement)
    return parts_of(statement).union(
        *(letters_of(text) for text in _texts(parameters) if not ID_OR_TIME.fullmatch(text))
    )


@lru_cache(20_000)
def letters_of(text: str) -> frozenset[str]:
    """Databases fold and compare letter by letter; what stands beside a sign that means something to them counts."""
    kinds = [_letter(letter) for letter in text]
    beside = {one + other for one, other in pairwise(kinds) if one in SPECIAL or other in SPECIAL}
    return frozenset(f"searched by {each}" for each in {*kinds, *beside})


def _letter(letter: str) -> str:
    if "\u4e00" <= letter <= "\u9fff":
        return "汉"
    if letter.isascii() and letter.isalnum():
        return "0" if letter.isdigit() else "a" if letter.islower() else "A"
    return letter


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
        self.asked_before: dict[object, str] = {}  # of the object store, by the test: of each object, of anything
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
        self.asked_before.clear()
        if size != SECOND or self._is_due(item):
            return None
        self.passed_over += 1
        item.session._setupstate.teardown_exact(nextitem)  # as after any other test
        return True

    def _is_due(self, item: pytest.Item) -> bool:
        done = self.done.get(_on_the_first(item.nodeid))
        if done is None or not (done or "app" in item.fixturenames):  # type: ignore[attr-defined]
            return True
        if AT_ONCE not in done and self.done_on_both.holds(done) and not _is_for_both(item):
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
        statement = FILLED.sub(r"\1", COUNTERS.sub("", str(refusal.statement)))
        self._note(f"{type(refusal.original_exception).__name__}: {statement}")

    def _watching(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*arguments: Any, **named: Any) -> Any:
            asked = arguments[1] if len(arguments) > 1 and name != "objects" else None  # of one object
            self._note(f"the store's {name} after {self.asked_before.get(asked, 'nothing')}")
            self.asked_before[asked] = self.asked_before[None] = name
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
