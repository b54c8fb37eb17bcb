"""The database's own guard over the audit log: rows may be appended and sealed once, nothing else."""

from collections.abc import Callable

from sqlalchemy import Connection, FromClause, event

_FIXED = ("id", "at", "action", "actor_id", "subject_type", "subject_id", "detail", "request_id", "address")
_UNCHANGED = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _FIXED)


def _refuse(name: str, when: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"


SQLITE_SEALS = (
    _refuse("audit_seals_update", "BEFORE UPDATE ON audit_seals"),
    _refuse("audit_seals_delete", "BEFORE DELETE ON audit_seals"),
    _refuse(  # INSERT OR REPLACE would remove the old row without a DELETE
        "audit_seals_replace",
        "BEFORE INSERT ON audit_seals WHEN EXISTS (SELECT 1 FROM audit_seals WHERE number = NEW.number)",
    ),
)
SQLITE_ENTRIES = (
    _refuse(
        "audit_entries_update",
        "BEFORE UPDATE ON audit_entries WHEN NOT "
        f"(OLD.seal_number IS NULL AND NEW.seal_number IS NOT NULL AND {_UNCHANGED})",
    ),
    _refuse("audit_entries_delete", "BEFORE DELETE ON audit_entries"),
    _refuse(
        "audit_entries_insert",
        "BEFORE INSERT ON audit_entries "
        "WHEN NEW.seal_number IS NOT NULL OR EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)",
    ),
)

POSTGRESQL_SEALS = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER audit_seals_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
)
POSTGRESQL_ENTRIES = (
    """
    CREATE TRIGGER audit_entries_remove BEFORE DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries FOR EACH ROW
    WHEN (OLD.seal_number IS NOT NULL OR NEW.seal_number IS NULL
          OR to_jsonb(NEW) - 'seal_number' IS DISTINCT FROM to_jsonb(OLD) - 'seal_number')
    EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_entries_insert BEFORE INSERT ON audit_entries FOR EACH ROW
    WHEN (NEW.seal_number IS NOT NULL) EXECUTE FUNCTION audit_refuse()
    """,
)


def guard(seals: FromClause, entries: FromClause) -> None:
    """Make the triggers along with the tables. Migrations run the same statements, kept here by dialect."""
    for table, dialect, statements in (
        (seals, "sqlite", SQLITE_SEALS),
        (seals, "postgresql", POSTGRESQL_SEALS),
        (entries, "sqlite", SQLITE_ENTRIES),
        (entries, "postgresql", POSTGRESQL_ENTRIES),
    ):
        event.listen(table, "after_create", _runner(dialect, statements))
    event.listen(seals, "after_drop", _runner("postgresql", ("DROP FUNCTION IF EXISTS audit_refuse() CASCADE",)))


def _runner(dialect: str, statements: tuple[str, ...]) -> Callable[..., None]:
    def run(_table: object, connection: Connection, **_options: object) -> None:
        if connection.dialect.name == dialect:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
