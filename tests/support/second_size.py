"""Which tests run on the second size too, when not all of them do.

Both sizes run the same code; they differ in what PostgreSQL, S3 and Redis make of what they are asked. So a test runs
on the second size if on the first it did something that no test of its process had done on both before: executed a
statement (told by its text, a search by its words too), was refused something by the database, asked the object store
for something. It runs on both in any case if it works in several threads, brings settings of its own, stands on a
server or a running service, is about databases and stores themselves, or if nothing of it could be seen.

All that is found out anew in each run: there is no list that could become stale. Beside many others a file chooses
fewer tests than alone, for others have done the same before. `--full` runs every test on both sizes.
"""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from server.core.storage.base import ObjectStore
from server.core.storage.files import FileStore

FIRST, SECOND = "embedded", "scaled"
ON_BOTH = (
    "tests/contract/",
    "tests/faults/",
    "tests/migrations/",
    "tests/integration/core/",
    "tests/integration/photos/",
    "tests/integration/test_operations.py",
)
SERVERS = {"service", "postgres", "redis_server", "seaweedfs"}
AT_ONCE = "several threads"
ROW_CHANGED = re.compile(r"UPDATE (\w+) SET (?:\w+=\?(?:, )?)+ WHERE \1\.id = \?")  # whichever columns they are


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `scripts/test full` asks for."""
    parser.addoption("--full", action="store_true", help="every test on both sizes, and many examples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose, unless everything is to run."""
    if not config.getoption("full"):
        config.pluginmanager.register(SecondSize())


class SecondSize:
    """Watches tests on the first size and lets those pass over that would do nothing new on the second."""

    def __init__(self) -> None:
        self.done: dict[str, set[str]] = {}  # by each test, on the first size
        self.done_on_both: set[str] = set()  # by all tests of this process
        self.watched: set[str] | None = None
        self.passed_over = 0
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
        if size != SECOND or self._is_due(item):
            return None
        self.passed_over += 1
        item.session._setupstate.teardown_exact(nextitem)  # as after any other test
        return True

    def _is_due(self, item: pytest.Item) -> bool:
        done = self.done.get(_on_the_first(item.nodeid), set())
        if done and done <= self.done_on_both and not _is_for_both(item):
            return False
        self.done_on_both |= done - {AT_ONCE}
        return True

    def _note(self, deed: str) -> None:
        if self.watched is not None:
            self.watched.add(deed)
            if threading.current_thread() is not threading.main_thread():
                self.watched.add(AT_ONCE)

    def _on_statement(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> None:
        text = context.compiled.string if context.compiled else statement  # before lists of values are written out
        if changed := ROW_CHANGED.fullmatch(text):
            text = f"a row of {changed[1]} changed"
        self._note(f"{text} {parameters}" if " LIKE " in text else text)

    def _on_refusal(self, refusal: ExceptionContext) -> None:
        self._note(f"{type(refusal.original_exception).__name__}: {refusal.statement}")

    def _watching(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*arguments: Any, **named: Any) -> Any:
            self._note(f"the store's {name}")
            return operation(*arguments, **named)

        return watch

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        event.remove(Engine, "after_cursor_execute", self._on_statement)
        event.remove(Engine, "handle_error", self._on_refusal)
        self._patch.undo()
        if hasattr(session.config, "workeroutput"):  # one of several processes
            session.config.workeroutput["passed_over"] = self.passed_over

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
        or item.get_closest_marker("settings") is not None
        or not SERVERS.isdisjoint(getattr(item, "fixturenames", ()))
    )
