"""One human being is one person, in however many of our WeChat applications they appear."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from sqlalchemy import func, select

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.people.models import Person, WechatIdentity
from server.unions.people.profile.actions import admit_wechat_user
from server.unions.people.queries import find_person_by_unionid


def admit(database: Database, app_id: str, openid: str, unionid: str | None) -> UUID:
    with database.transaction() as session:
        return admit_wechat_user(session, app_id, openid, unionid, now=clock.now()).id


def joined(database: Database, person_id: UUID) -> int:
    with database.reading() as session:
        return session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.action == "person.wechat_joined", AuditEntry.subject_id == str(person_id))
        ) or 0  # fmt: skip


def test_a_follower_of_the_official_account_is_the_person_of_the_mini_program(database: Database) -> None:
    worker = admit(database, "wx-mini", "o-mini", "u-1")
    assert admit(database, "wx-official", "o-official", "u-1") == worker
    assert joined(database, worker) == 1
    with database.reading() as session:
        found = find_person_by_unionid(session, "u-1")
        assert found is not None
        assert found.id == worker
        assert find_person_by_unionid(session, "u-2") is None


def test_without_a_unionid_nobody_is_taken_for_anybody_else(database: Database) -> None:
    assert admit(database, "wx-mini", "o-1", None) != admit(database, "wx-official", "o-1", None)


def test_a_unionid_told_later_joins_the_identities_that_come_after(database: Database) -> None:
    worker = admit(database, "wx-mini", "o-mini", None)
    assert admit(database, "wx-mini", "o-mini", "u-1") == worker
    assert admit(database, "wx-mini", "o-mini", "u-1") == worker
    assert admit(database, "wx-official", "o-official", "u-1") == worker


def test_two_people_known_before_stay_two_and_the_first_keeps_the_unionid(database: Database) -> None:
    first, second = admit(database, "wx-mini", "o-mini", None), admit(database, "wx-official", "o-official", None)
    admit(database, "wx-mini", "o-mini", "u-1")
    assert admit(database, "wx-official", "o-official", "u-1") == second
    assert admit(database, "wx-third", "o-third", "u-1") == first


def test_first_sights_at_the_same_moment_make_one_person(database: Database) -> None:
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Person))
    start = Barrier(6)

    def arrive(number: int) -> UUID:
        start.wait(10)
        return admit(database, f"wx-{number % 3}", "o-1", "u-1")

    with ThreadPoolExecutor(6) as pool:
        people = set(pool.map(arrive, range(6)))
    assert len(people) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == (before or 0) + 1
        identities = session.scalars(select(WechatIdentity.app_id).where(WechatIdentity.openid == "o-1")).all()
    assert sorted(identities) == ["wx-0", "wx-1", "wx-2"]
