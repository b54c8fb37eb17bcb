"""One-time passwords given out before they could expire."""

from datetime import timedelta
from uuid import UUID

from server.core import clock
from server.core.db import Database
from server.migrations import run as migrations
from server.unions.accounts.models import Account
from tests.migrations.test_data_kept import NOW, upgrade_to
from tests.migrations.test_data_kept import database as database
from tests.migrations.test_who_is_who_kept import Older


def test_one_time_passwords_given_out_before_are_good_for_a_week_more(database: Database) -> None:
    upgrade_to(database, "0035-1")
    with database.engine.begin() as connection:
        old = Older(connection)

        def account(username: str, must_change: bool) -> UUID:
            person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
            old.insert_plain(
                "accounts", person_id=person, username=username, password_hash="x", totp_last_step=0,
                must_change_password=must_change, created_at=NOW, updated_at=NOW,
            )  # fmt: skip
            return UUID(str(person))

        waiting, own = account("waiting", True), account("own", False)
    migrations.upgrade(database)
    with database.reading() as session:
        good_until = session.get_one(Account, waiting).password_expires_at
        assert session.get_one(Account, own).password_expires_at is None
    assert good_until is not None
    assert timedelta(0) <= clock.now() + timedelta(days=7) - good_until < timedelta(minutes=5)
