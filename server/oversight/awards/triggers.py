"""The database's own guard over the log of awards: steps are appended, nothing else."""

from collections.abc import Callable

from sqlalchemy import Connection, FromClause, event

_SQLITE = "CREATE TRIGGER award_steps_{name} {when} BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
SQLITE = (
    _SQLITE.format(name="update", when="BEFORE UPDATE ON award_steps"),
    _SQLITE.format(name="delete", when="BEFORE DELETE ON award_steps"),
    _SQLITE.format(  # INSERT OR REPLACE would remove the old row without a DELETE
        name="replace",
        when="BEFORE INSERT ON award_steps WHEN EXISTS (SELECT 1 FROM award_steps WHERE id = NEW.id)",
    ),
)
POSTGRESQL = (
    """
    CREATE FUNCTION award_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER award_steps_change BEFORE UPDATE OR DELETE OR TRUNCATE ON award_steps
    FOR EACH STATEMENT EXECUTE FUNCTION award_refuse()
    """,
)


def guard(steps: FromClause) -> None:
    """Make the triggers along with the table. The migration runs the same statements."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        event.listen(steps, "after_create", _runner(dialect, statements))
    event.listen(steps, "after_drop", _runner("postgresql", ("DROP FUNCTION IF EXISTS award_refuse() CASCADE",)))


def _runner(dialect: str, statements: tuple[str, ...]) -> Callable[..., None]:
    def run(_table: object, connection: Connection, **_options: object) -> None:
        if connection.dialect.name == dialect:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
