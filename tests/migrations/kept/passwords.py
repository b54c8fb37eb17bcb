"""One-time passwords given out before they could expire."""

from datetime import timedelta
from uuid import UUID

from server.core import clock
from server.unions.accounts.models import Account
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def one_time_passwords_given_out_before_are_good_for_a_week_more(old: Old) -> Story:
    old = yield "0035-1"

    def account(username: str, must_change: bool) -> UUID:
        person = old.insert("people", name="某人", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        old.insert(
            "accounts", person_id=person, username=username, password_hash="x", totp_last_step=0,
            must_change_password=must_change, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        return UUID(str(person))

    waiting, own = account("waiting", True), account("own", False)
    database = yield NEWEST
    with database.reading() as session:
        good_until = session.get_one(Account, waiting).password_expires_at
        assert session.get_one(Account, own).password_expires_at is None
    assert good_until is not None
    assert timedelta(0) <= clock.now() + timedelta(days=7) - good_until < timedelta(minutes=10)
