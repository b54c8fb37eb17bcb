"""The database's own guard over the ledger: transfers are appended, nothing else. What it writes itself beside them is
the town of the submission, which may move."""

from collections.abc import Callable

from sqlalchemy import Connection, FromClause, event

from server.core.copied_column import CopiedColumn

TOWN_OF_POINTS = CopiedColumn("points_transfers", "town_id", "submissions", "submission_id")
KEPT = (
    "id", "source", "round", "from_account_id", "to_account_id", "amount", "reason", "campaign_id", "person_id",
    "submission_id", "reverses_id", "actor_id", "at",
)  # fmt: skip
_EDIT = f"UPDATE OF {', '.join(KEPT)}"

_SQLITE = "CREATE TRIGGER points_transfers_{name} {when} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
SQLITE = (
    _SQLITE.format(name="update", when=f"BEFORE {_EDIT} ON points_transfers"),
    _SQLITE.format(name="delete", when="BEFORE DELETE ON points_transfers"),
    _SQLITE.format(  # INSERT OR REPLACE would remove the old row without a DELETE
        name="replace",
        when="BEFORE INSERT ON points_transfers WHEN EXISTS (SELECT 1 FROM points_transfers WHERE id = NEW.id "
        "OR (source = NEW.source AND round = NEW.round) OR reverses_id = NEW.reverses_id)",
    ),
)
POSTGRESQL = (
    """
    CREATE FUNCTION points_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger is append-only';
    END $$
    """,
    f"""
    CREATE TRIGGER points_transfers_change BEFORE {_EDIT} OR DELETE OR TRUNCATE ON points_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()
    """,
)


def guard(transfers: FromClause) -> None:
    """Make the triggers along with the table. The migration runs the same statements."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        event.listen(transfers, "after_create", _runner(dialect, statements))
    event.listen(transfers, "after_drop", _runner("postgresql", ("DROP FUNCTION IF EXISTS points_refuse() CASCADE",)))


def _runner(dialect: str, statements: tuple[str, ...]) -> Callable[..., None]:
    def run(_table: object, connection: Connection, **_options: object) -> None:
        if connection.dialect.name == dialect:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
