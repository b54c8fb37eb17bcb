"""The database's own guard over the logs of prizes and draws: steps are appended, nothing else."""

from collections.abc import Callable

from sqlalchemy import Connection, FromClause, event

_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
SQLITE = (
    "CREATE TRIGGER {t}_update BEFORE UPDATE ON {t} " + _REFUSAL,
    "CREATE TRIGGER {t}_delete BEFORE DELETE ON {t} " + _REFUSAL,
    # INSERT OR REPLACE would remove the old row without a DELETE. S608: the names are ours.
    "CREATE TRIGGER {t}_replace BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE id = NEW.id) " + _REFUSAL,  # noqa: S608
)
POSTGRESQL = (
    """
    CREATE FUNCTION {t}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER {t}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {t}
    FOR EACH STATEMENT EXECUTE FUNCTION {t}_refuse()
    """,
)


def guard(steps: FromClause) -> None:
    """Make the triggers along with the table. The migration runs the same statements."""
    table = str(steps)
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        event.listen(steps, "after_create", _runner(dialect, [each.replace("{t}", table) for each in statements]))
    drop = [f"DROP FUNCTION IF EXISTS {table}_refuse() CASCADE"]
    event.listen(steps, "after_drop", _runner("postgresql", drop))


def _runner(dialect: str, statements: list[str]) -> Callable[..., None]:
    def run(_table: object, connection: Connection, **_options: object) -> None:
        if connection.dialect.name == dialect:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
