"""Statements that are asked hundreds of times a second: built and compiled once, sent by the driver itself.

What stands between a statement of SQLAlchemy and the driver (caches to look up, contexts, results with names) takes
several times as long as SQLite needs to answer: 0.27 ms of CPU for looking up who is asking, 0.04 this way; 0.46 and
0.15 on PostgreSQL. For hot paths only: everything else is read more easily as it is elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, ClauseElement, Engine, Uuid, bindparam
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

KEPT = "suishoupai_prepared"  # attribute of an engine's dialect: what was compiled for it goes when it goes
LENGTHS = (1, 8, 64, 256)
Row = tuple[Any, ...]
Values = Mapping[str, Any]
Processor = Callable[[Any], Any]
Execute = Callable[[Any, str, Any], None]
"""Executes a text with its parameters by a cursor."""


class Prepared:
    """A statement of tables (not of mapped classes), whose values are all named by `bindparam`, or by `columns` of an
    insert. It gives plain tuples."""

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._texts: dict[str, Any] = {}  # by the dialect's name: compiling is what takes long

    def execute(self, connection: Connection, values: Values) -> list[Row]:
        """Within the transaction of a connection, the session's among them: `session.connection()`."""
        return send(connection.engine, connection.connection, self, values)

    def compiled(self, dialect: Dialect) -> "_Compiled":
        """The statement as a database is told it. A connection must have been made before."""
        kept: dict[Prepared, _Compiled] = vars(dialect).setdefault(KEPT, {})
        found = kept.get(self)
        if found is None:
            if dialect.name not in self._texts:
                self._texts[dialect.name] = self._compile(dialect)
            found = kept[self] = _Compiled(self._texts[dialect.name], self._statement, dialect)
        return found

    def _compile(self, dialect: Dialect) -> Any:
        statement = cast(ClauseElement, self._statement)
        compiled: Any = statement.compile(dialect=_spelling(dialect), column_keys=self._columns)
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
            raise ValueError("defaults made by Python and lists of any length are not for prepared statements")
        return compiled


class PreparedIn:
    """The same of a list of ids of any length, asked for in pieces of a few lengths each of which is compiled once; the
    last id stands in for those that are missing. `build` gives the statement for as many parameters as there are."""

    def __init__(self, build: Callable[[list[BindParameter[UUID]]], Any]) -> None:
        self._build = build
        self._prepared: dict[int, Prepared] = {}

    def execute(self, connection: Connection, ids: Sequence[UUID], values: Values | None = None) -> list[Row]:
        """The rows of all pieces. An id that is asked for twice must not be found twice."""
        rows: list[Row] = []
        for begin in range(0, len(ids), LENGTHS[-1]):
            piece = list(ids[begin : begin + LENGTHS[-1]])
            length = next(each for each in LENGTHS if each >= len(piece))
            piece += [piece[-1]] * (length - len(piece))
            named = {f"id_{number}": each for number, each in enumerate(piece)}
            rows += self._of_length(length).execute(connection, {**named, **(values or {})})
        return rows

    def _of_length(self, length: int) -> Prepared:
        if length not in self._prepared:
            parameters = [bindparam(f"id_{number}", type_=Uuid()) for number in range(length)]
            self._prepared[length] = Prepared(self._build(parameters))
        return self._prepared[length]


def _spelling(dialect: Dialect) -> Dialect:
    """With values as $1, $2 on PostgreSQL, as the server has them: psycopg looks for its own placeholders each time
    where a text is long or has many (0.4 ms for a report's)."""
    return dialect if dialect.name == "sqlite" else type(dialect)(paramstyle="numeric_dollar")  # type: ignore[call-arg]


def _plain_cursor(driver: Any) -> Any:
    return driver.cursor()


def _cursors(dialect: Dialect) -> Callable[[Any], Any]:
    """What makes a cursor that takes a text in that spelling."""
    if dialect.name == "sqlite":
        return _plain_cursor
    from server.core.connections import raw_cursor  # psycopg: see core/db.py

    return raw_cursor


class _Compiled:
    """A statement in the words of one database, with what turns values into its own and back."""

    def __init__(self, compiled: Any, statement: Any, dialect: Dialect) -> None:
        self.text: str = compiled.string
        self.cursor = _cursors(dialect)
        self._order: list[str] | None = list(compiled.positiontup) if compiled.positional else None
        writers = {name: _bind_processor(bind.type, dialect) for name, bind in compiled.binds.items()}
        self._writers = {name: write for name, write in writers.items() if write is not None}
        self._needed = frozenset(name for name, bind in compiled.binds.items() if bind.required)
        constants = compiled.construct_params(_check=False)
        self._constants = {
            name: self._written(name, value) for name, value in constants.items() if name not in self._needed
        }
        self._types = [column.type for column in getattr(statement, "exported_columns", ())]
        self._readers: list[tuple[int, Processor]] | None = None

    def fill(self, values: Values) -> Any:
        """The driver's parameters. Raises KeyError for what is missing or too much."""
        if values.keys() != self._needed:
            raise KeyError(f"a prepared statement takes {sorted(self._needed)}, not {sorted(values)}")
        filled = self._constants | {name: self._written(name, value) for name, value in values.items()}
        return filled if self._order is None else tuple(filled[name] for name in self._order)

    def _written(self, name: str, value: Any) -> Any:
        write = self._writers.get(name)
        return value if write is None else write(value)

    def read(self, cursor: Any, dialect: Dialect) -> list[Row]:
        """The rows that came back."""
        if not self._types:
            return []
        rows: list[Row] = cursor.fetchall()
        if self._readers is None:
            found = enumerate(zip(self._types, cursor.description, strict=True))
            readers = ((at, _result_processor(kind, dialect, said[1])) for at, (kind, said) in found)
            self._readers = [(at, read) for at, read in readers if read is not None]
        return [self._told(row) for row in rows] if self._readers else rows

    def _told(self, row: Row) -> Row:
        values = list(row)
        for at, read in self._readers or ():
            values[at] = read(values[at])
        return tuple(values)


def _execute(cursor: Any, text: str, parameters: Any) -> None:
    cursor.execute(text, parameters)


def send(
    engine: Engine, held: PoolProxiedConnection, statement: Prepared, values: Values, execute: Execute = _execute
) -> list[Row]:
    """Let the driver execute it, by `execute`. Raises what SQLAlchemy would."""
    compiled = statement.compiled(engine.dialect)
    text, parameters = compiled.text, compiled.fill(values)
    cursor = compiled.cursor(held.driver_connection)
    try:
        _note(engine.dispatch.before_cursor_execute, engine, cursor, text, parameters)
        execute(cursor, text, parameters)
        rows = compiled.read(cursor, engine.dialect)
        _note(engine.dispatch.after_cursor_execute, engine, cursor, text, parameters)
    except Exception as error:
        raise _as_of_sqlalchemy(error, held, text, engine.dialect) from error
    finally:
        cursor.close()
    return rows


def _as_of_sqlalchemy(error: Exception, held: PoolProxiedConnection, text: str, dialect: Dialect) -> BaseException:
    """What handlers of errors know. A connection that is gone is not used again."""
    if not isinstance(error, dialect.loaded_dbapi.Error):
        return error
    is_gone = dialect.is_disconnect(error, cast(Any, held.driver_connection), None)
    if is_gone:
        held.invalidate(error)
    return translate(error, dialect, text, is_gone=is_gone)


def translate(error: Exception, dialect: Dialect, text: str | None = None, *, is_gone: bool = False) -> BaseException:
    """An error of the driver's as SQLAlchemy would raise it; without a `text` none could be sent."""
    made = DBAPIError.instance(
        text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=is_gone,
        dialect=dialect,
    )  # fmt: skip
    return cast(BaseException, made)


def _note(listeners: Any, engine: Engine, cursor: Any, text: str, parameters: Any) -> None:
    """Tell whoever counts statements (tests, measurements), as SQLAlchemy tells them."""
    if listeners:
        for listener in listeners:
            listener(engine, cursor, text, parameters, None, False)


def _bind_processor(kind: Any, dialect: Dialect) -> Processor | None:
    return cast("Processor | None", kind.dialect_impl(dialect).bind_processor(dialect))


def _result_processor(kind: Any, dialect: Dialect, said: Any) -> Processor | None:
    return cast("Processor | None", kind.dialect_impl(dialect).result_processor(dialect, said))
