"""Attempts that failed before their table was called so."""

from datetime import timedelta

from server.core.db import Database
from server.migrations import run as migrations
from server.unions.throttle.queries import list_failures
from tests.migrations.test_data_kept import NOW, Old, upgrade_to
from tests.migrations.test_data_kept import database as database


def test_who_had_to_wait_for_failed_attempts_still_has_to(database: Database) -> None:
    upgrade_to(database, "0041-1")
    with database.engine.begin() as connection:
        Old(connection).insert("guesses", subject="account:admin", origin="address:10.0.0.1", at=NOW)
    migrations.upgrade(database)
    with database.reading() as session:
        soon = NOW + timedelta(minutes=1)
        assert list(list_failures(session, soon, subject="account:admin", origin="address:10.0.0.1")) == [NOW]
