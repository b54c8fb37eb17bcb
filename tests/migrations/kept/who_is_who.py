"""Who a number is, and who is one human being, of what was stored before that was kept."""

from typing import Any

from server.unions.people.models import Person
from server.unions.people.selves.queries import other_selves
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def numbers_and_links_say_after_the_upgrade_who_is_who(old: Old) -> Story:
    old = yield "0019"

    def person(phone: str | None, openid: str = "", unionid: str | None = None) -> Any:
        made = old.insert("people", name="某人", phone=phone, is_active=True, version=1, created_at=NOW, updated_at=NOW)
        if openid:
            identity = {"app_id": "demo", "openid": openid, "unionid": unionid}
            old.insert("wechat_identities", person_id=made, **identity, created_at=NOW)
        return made

    typed, proved, written = person("13800000001", "o-1"), person("13800000002", "o-2", "u"), person("13800000001")
    mate, account = person(None, "o-3", "u"), person("13800000002")
    old.insert("phone_identities", phone="13800000002", person_id=proved, verified_at=NOW)
    old.insert(
        "accounts", person_id=account, username="one", password_hash="x", totp_last_step=0, must_change_password=False,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    old.insert("linked_phones", person_id=proved, account_id=account, linked_at=NOW)
    database = yield NEWEST
    with database.transaction() as session:
        sources = {each: session.get_one(Person, each).phone_source for each in (typed, proved, written, account)}
        same = {each: other_selves(session, [each]).get(each, frozenset()) for each in (typed, proved, mate, account)}
    assert sources == {typed: "typed", proved: "proved", written: "entered", account: "entered"}
    assert same == {typed: set(), proved: {mate, account}, mate: {proved, account}, account: {proved, mate}}
