"""Who a number is, and who is one human being, of what was stored before that was kept."""

from typing import Any

from server.core.db import Database
from server.migrations import run as migrations
from server.unions.people.models import Person
from server.unions.people.selves.queries import other_selves
from tests.migrations.test_data_kept import NOW, Old, upgrade_to
from tests.migrations.test_data_kept import database as database


class Older(Old):
    """Rows of tables without an id of their own, too."""

    def insert_plain(self, table: str, **values: Any) -> None:
        plain = {name: self._plain(value) for name, value in values.items()}
        self.connection.execute(self.table(table).insert(), plain)


def test_numbers_and_links_say_after_the_upgrade_who_is_who(database: Database) -> None:
    upgrade_to(database, "0019")
    with database.engine.begin() as connection:
        old = Older(connection)

        def person(phone: str | None, openid: str = "", unionid: str | None = None) -> Any:
            made = old.insert(
                "people", name="某人", phone=phone, is_active=True, version=1, created_at=NOW, updated_at=NOW
            )
            if openid:
                old.insert(
                    "wechat_identities", person_id=made, app_id="demo", openid=openid, unionid=unionid, created_at=NOW
                )
            return made

        typed, proved, written = person("13800000001", "o-1"), person("13800000002", "o-2", "u"), person("13800000001")
        mate, account = person(None, "o-3", "u"), person("13800000002")
        old.insert_plain("phone_identities", phone="13800000002", person_id=proved, verified_at=NOW)
        old.insert_plain(
            "accounts", person_id=account, username="one", password_hash="x", totp_last_step=0,
            must_change_password=False, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        old.insert_plain("linked_phones", person_id=proved, account_id=account, linked_at=NOW)
    migrations.upgrade(database)
    with database.transaction() as session:
        sources = {each: session.get_one(Person, each).phone_source for each in (typed, proved, written, account)}
        same = {each: other_selves(session, [each]).get(each, frozenset()) for each in (typed, proved, mate, account)}
    assert sources == {typed: "typed", proved: "proved", written: "entered", account: "entered"}
    assert same == {typed: set(), proved: {mate, account}, mate: {proved, account}, account: {proved, mate}}
