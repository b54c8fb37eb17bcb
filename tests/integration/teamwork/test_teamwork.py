"""Colleagues of one union give each other items and talk about them, and nobody else hears of it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.kit.teamwork.models import Comment
from server.notifications.inbox.models import InboxMessage
from server.unions.accounts.models import Account
from server.unions.roles import Role
from tests.support import images
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import Someone, World, make_account, make_person

DeskOf = Callable[[Someone], Desk]
SECRET = "他们说的那家上次也是这样"


@pytest.fixture
def second(database: Database, world: World) -> Someone:
    """Another reviewer of the town."""
    with database.transaction() as session:
        person = make_person(session, "林二", demo="second", roles=((Role.TOWN_REVIEWER, world.unions.seaside),))
        make_account(session, person, "second", session.scalars(select(Account.password_hash).limit(1)).one())
        return Someone(person.id, "林二", username="second", code="demo:second")


def give(desk: Desk, item: UUID, to: Someone | None, subject: str = "submission") -> Answer:
    fields = {"assignee_id": str(to.id) if to else ""}
    return desk.post(f"/console/teamwork/{subject}/{item}/assignee", fields, form="/console/")


def say(desk: Desk, item: UUID, text: str, subject: str = "submission") -> Answer:
    return desk.post(f"/console/teamwork/{subject}/{item}/comments", {"text": text}, form="/console/")


def test_what_is_given_to_a_colleague_is_theirs_in_the_list_and_to_do_and_still_open_to_all(
    phone: Phone, desk_of: DeskOf, world: World, second: Someone, database: Database
) -> None:
    given = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard, description="给林二的一条")
    phone.report(images.jpeg(2), enterprise_id=world.unions.shipyard, description="没有给谁的一条")
    town, colleague = desk_of(world.people.town_reviewer), desk_of(second)
    assert give(town, given, second).status == 303
    mine = colleague.get("/console/queue?given=1").ok().text
    assert "给林二的一条" in mine
    assert "没有给谁的一条" not in mine
    assert "给林二的一条" not in town.get("/console/queue?given=1").ok().text
    assert "1 条同事交给您审核" in colleague.get("/console/").ok().text
    assert "给林二的一条" in town.get("/console/queue").ok().text
    with database.reading() as session:
        told = session.scalars(select(InboxMessage.title).where(InboxMessage.person_id == second.id)).all()
        assert told == ["同事交给您一件事"]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "teamwork.give")).one()
        assert entry.detail == {"assignee_id": str(second.id)}
    assert give(town, given, None).status == 303
    assert "给林二的一条" not in colleague.get("/console/queue?given=1").ok().text


def test_items_are_given_to_reviewers_of_ones_own_union_alone(
    phone: Phone, desk_of: DeskOf, world: World, database: Database
) -> None:
    item = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    town = desk_of(world.people.town_reviewer)
    for stranger in (world.people.enterprise_reviewer, world.people.city_reviewer, world.people.worker):
        give(town, item, stranger)
        assert "只能交给本工会的审核员" in town.get(f"/console/submissions/{item}").text
    assert give(desk_of(world.people.other_town_reviewer), item, world.people.other_town_reviewer).status == 404
    with database.reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "teamwork.give")).all() == []


def test_what_colleagues_say_is_read_by_their_union_and_by_no_other(
    phone: Phone, desk_of: DeskOf, world: World, second: Someone, database: Database
) -> None:
    item = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    page = f"/console/submissions/{item}"
    assert say(desk_of(world.people.town_reviewer), item, f"@林二 {SECRET}").status == 303
    assert SECRET in desk_of(second).get(page).ok().text
    for other in ("enterprise_reviewer", "district_reviewer", "city_reviewer"):
        assert SECRET not in desk_of(getattr(world.people, other)).get(page).ok().text
    assert SECRET not in phone.get(f"/api/v1/submissions/{item}").text
    with database.reading() as session:
        told = session.scalars(select(InboxMessage).where(InboxMessage.person_id == second.id)).one()
        assert told.title == "同事在讨论里提到您"
        assert SECRET not in told.body
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "teamwork.comment")).one()
        assert SECRET not in str(entry.detail)


def test_whoever_sent_a_report_up_does_not_read_what_colleagues_say_of_it(
    phone_of: Callable[[Someone], Phone], desk_of: DeskOf, world: World, second: Someone
) -> None:
    item, page = phone_of(second).report(images.jpeg(1), enterprise_id=world.unions.shipyard), "/console/submissions/"
    town, reporter = desk_of(world.people.town_reviewer), desk_of(second)
    assert say(town, item, SECRET).status == 303
    assert SECRET not in reporter.get(f"{page}{item}").ok().text
    say(reporter, item, "我来说一句")
    assert "我来说一句" not in town.get(f"{page}{item}").ok().text
    assert SECRET in town.get(f"{page}{item}").ok().text


def test_an_empty_or_endless_comment_is_refused_in_words(
    phone: Phone, desk_of: DeskOf, world: World, database: Database
) -> None:
    item, town = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard), desk_of(world.people.town_reviewer)
    for text in ("  ", "长" * 1001):
        assert say(town, item, text).status == 303
        assert "最多 1000 字" in town.get(f"/console/submissions/{item}").text
    assert say(town, item, "x", subject="person").status == 404
    with database.reading() as session:
        assert session.scalars(select(Comment)).all() == []
