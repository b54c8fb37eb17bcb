"""The pages of a union and of a person: what slices know of them, to whoever may know it."""

import re
from collections.abc import Callable

from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from tests.integration.anonymity.conftest import report_anonymously
from tests.support import images
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.pages import links, squeeze
from tests.support.versions import version_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]


def text_of(page: str) -> str:
    return squeeze(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))


def test_a_unions_page_says_what_it_sent_and_owes_and_its_numbers_lead_into_the_lists(
    phone: Phone, desk_of: DeskOf, world: World, run_jobs: Callable[[], int]
) -> None:
    desk, shipyard = desk_of(world.people.town_reviewer), world.unions.shipyard
    accepted = phone.report(images.jpeg(1), enterprise_id=shipyard)
    phone.report(images.jpeg(2), enterprise_id=shipyard, place="二号码头")
    fields = {"version": version_of(desk, accepted), "grade": "3", "reply": "谢谢，已转企业整改。"}
    assert desk.post(f"/console/submissions/{accepted}/accept", fields).status == 303
    run_jobs()
    page = desk.get(f"/console/unions/{shipyard}/overview").ok().text
    said = text_of(page)
    assert "待受理 1" in said
    assert "办理中 1" in said
    assert "二号码头" in said
    assert "企业审核员" in said or world.people.enterprise_reviewer.name in said
    [running] = [link.href for link in links(page, r"/console/rectifications\?.*") if link.text == "办理中"]
    assert "三号车间东门" in desk.get(running).ok().text
    [owed] = links(page, r"/console/rectifications/[0-9a-f-]{36}.*")
    assert links(desk.get(owed.href).ok().text, f"/console/unions/{shipyard}/overview")


def test_a_unions_page_opens_to_the_unions_above_it_alone(desk_of: DeskOf, world: World) -> None:
    where = f"/console/unions/{world.unions.shipyard}/overview"
    assert desk_of(world.people.other_town_reviewer).get(where).status == 404
    for who in (world.people.town_reviewer, world.people.district_reviewer):
        assert "知识闯关" in text_of(desk_of(who).get(where).ok().text)


def test_a_unions_page_asks_as_much_of_the_database_for_many_reports_as_for_one(
    phone: Phone, desk_of: DeskOf, world: World, database: Database
) -> None:
    desk, asked = desk_of(world.people.town_reviewer), []
    for start in (1, 3):
        for seed in range(start, start * 2):
            phone.report(images.jpeg(seed), enterprise_id=world.unions.shipyard)
        desk.get(f"/console/unions/{world.unions.shipyard}/overview").ok()
        with count_statements(database.engine) as counted:
            desk.get(f"/console/unions/{world.unions.shipyard}/overview").ok()
        asked.append(len(counted))
    assert asked[0] == asked[1] <= 40


def test_a_persons_page_shows_signed_reports_and_neither_shows_nor_counts_anonymous_ones(
    phone: Phone, desk_of: DeskOf, world: World, database: Database
) -> None:
    worker = world.people.worker
    where = f"/console/people/{worker.id}/overview"
    desks = [desk_of(who) for who in (world.people.enterprise_reviewer, world.people.city_reviewer)]
    phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard, description="署名的一条")
    before = [text_of(desk.get(where).ok().text) for desk in desks]
    hidden = report_anonymously(phone, images.jpeg(2), enterprise_id=world.unions.shipyard)
    after = [desk.get(where).ok().text for desk in desks]
    assert all("署名的一条" in said for said in before)
    assert [text_of(page) for page in after] == before
    assert not any(str(hidden) in page for page in after)
    with database.reading() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.activity_viewed")).all()
        assert {(entry.actor_id, entry.subject_id) for entry in looks} == {
            (who.id, str(worker.id)) for who in (world.people.enterprise_reviewer, world.people.city_reviewer)
        }


def test_a_persons_page_stays_within_the_scope_of_whoever_looks(phone: Phone, desk_of: DeskOf, world: World) -> None:
    phone.report(images.jpeg(1), enterprise_id=world.unions.brewery, description="在别的企业看到的")
    where = f"/console/people/{world.people.worker.id}/overview"
    assert "在别的企业看到的" not in desk_of(world.people.enterprise_reviewer).get(where).ok().text
    assert "在别的企业看到的" in desk_of(world.people.city_reviewer).get(where).ok().text
    assert desk_of(world.people.other_town_reviewer).get(where).status == 404
