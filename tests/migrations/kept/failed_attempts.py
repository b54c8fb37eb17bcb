"""Attempts that failed before their table was called so."""

from datetime import timedelta

from server.unions.throttle.queries import list_failures
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def who_had_to_wait_for_failed_attempts_still_has_to(old: Old) -> Story:
    old = yield "0041-1"
    old.insert("guesses", subject="account:admin", origin="address:10.0.0.1", at=NOW)
    database = yield NEWEST
    with database.reading() as session:
        soon = NOW + timedelta(minutes=1)
        assert list(list_failures(session, soon, subject="account:admin", origin="address:10.0.0.1")) == [NOW]
