"""An adopted suggestion: planned, done, confirmed, published, supported; and who may do that."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.activities.suggestions.models import Suggestion, Support
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.people.models import Person
from server.unions.roles import Role
from tests.integration.suggestions.conftest import Author, Reviewer
from tests.support.callers import Phone
from tests.support.counting import count_statements
from tests.support.world import Someone, World, give_role

Adopted = Callable[..., UUID]
VERSION = re.compile(r'/benefit">(?:(?!</form>).)*?name="version" value="(\d+)"', re.DOTALL)
PUBLISHED = "/api/v1/suggestions"


def titles(author: Author) -> list[str]:
    return [message["title"] for message in author.phone.get("/api/v1/inbox").ok().json["items"]]


def test_its_author_follows_the_plan_to_the_benefit(author: Author, adopted: Adopted, enterprise: Reviewer) -> None:
    suggestion_id = adopted()
    mine = author.read(suggestion_id).ok().json
    assert (mine["status_text"], mine["reply"], mine["plan"]) == ("已采纳", "好建议，年内装上。", [])
    first, second = (
        enterprise.plan(suggestion_id, what, day) for what, day in (("采购", "2026-12-01"), ("安装", "2026-12-20"))
    )
    assert author.read(suggestion_id).json["status_text"] == "落实中"
    assert enterprise.post(suggestion_id, f"steps/{first}/done").status == 303
    assert enterprise.post(suggestion_id, f"steps/{second}/done").status == 303
    assert enterprise.post(suggestion_id, "benefit", yuan="12000.50", hours="300", risk="冲压伤手").status == 303
    mine = author.read(suggestion_id).json
    assert (mine["status_text"], mine["realised"]["money_cents"], mine["realised"]["hours"]) == ("已见效", 1200050, 300)
    assert [step["done_on"] is not None for step in mine["plan"]] == [True, True]
    submission = author.phone.get(f"/api/v1/submissions/{suggestion_id}").json
    assert [step["title"] for step in submission["steps"]][-2:] == ["落实", "见效"]
    assert titles(author).count("你的建议有进展") == 2
    assert "你的建议见效了" in titles(author)


def test_adopted_in_part_needs_the_reason(author: Author, town: Reviewer) -> None:
    suggestion_id = author.suggest()
    assert town.decide(suggestion_id, "accept_in_part").status == 422
    assert town.decide(suggestion_id, "accept_in_part", reply="先装一台试试").status == 303
    assert author.read(suggestion_id).json["reply"] == "先装一台试试"


def test_a_step_can_be_taken_back_and_removed_while_it_is_not_done(
    author: Author, adopted: Adopted, enterprise: Reviewer
) -> None:
    suggestion_id = adopted()

    def stages() -> list[str]:
        """In which tabs it stands."""
        each = ("unplanned", "running", "done", "confirmed")
        path, title = "/console/suggestions?stage=", f"/console/suggestions/{suggestion_id}"
        return [stage for stage in each if title in enterprise.desk.get(f"{path}{stage}").ok().text]

    assert stages() == ["unplanned"]
    step = enterprise.plan(suggestion_id)
    assert stages() == ["running"]
    for _ in range(2):  # saying it again changes nothing
        enterprise.post(suggestion_id, f"steps/{step}/done")
    assert stages() == ["done"]
    assert enterprise.post(suggestion_id, f"steps/{step}/remove").status == 409
    assert enterprise.post(suggestion_id, f"steps/{step}/undone").status == 303
    assert stages() == ["running"]
    assert enterprise.post(suggestion_id, f"steps/{step}/remove").status == 303
    assert stages() == ["unplanned"]
    assert author.read(suggestion_id).json["plan"] == []


def test_a_union_above_says_how_the_enterprise_confirmed(adopted: Adopted, town: Reviewer) -> None:
    suggestion_id = adopted()
    answer = town.post(suggestion_id, "benefit", risk="不再伤手")
    assert answer.status == 422
    assert "企业是怎样确认的" in answer.text
    said = {"yuan": "", "hours": "", "risk": "不再伤手", "note": "十二月一日现场看过"}
    assert town.post(suggestion_id, "benefit", **said).status == 303


@pytest.mark.parametrize("fields", [{}, {"yuan": "-1"}, {"yuan": "1.234"}, {"hours": "x"}, {"yuan": "1e30"}])
def test_a_benefit_that_says_nothing_or_nonsense_is_refused(
    adopted: Adopted, enterprise: Reviewer, author: Author, fields: dict[str, str]
) -> None:
    suggestion_id = adopted()
    assert enterprise.post(suggestion_id, "benefit", **fields).status == 422
    assert author.read(suggestion_id).json["realised"] is None


def test_published_it_is_read_and_supported_once_by_colleagues_who_see_a_shortened_name(
    adopted: Adopted, author: Author, colleague: Author, town: Reviewer, world: World
) -> None:
    suggestion_id = adopted()
    assert colleague.read(suggestion_id).status == 404
    assert town.post(suggestion_id, "publish").status == 303
    page = colleague.phone.get(PUBLISHED).ok().json
    assert [(item["title"], item["supporters"], item["is_supported"]) for item in page["items"]] == [
        ("给冲床加装光电保护", 0, False)
    ]
    assert page["items"][0]["author"] == f"{world.people.worker.name[0]}*"
    path = f"{PUBLISHED}/{suggestion_id}/support"
    for _ in range(2):
        assert colleague.phone.put(path).ok().json == {"supporters": 1, "is_supported": True}
    seen = colleague.read(suggestion_id).json
    assert (seen["is_supported"], seen["is_mine"], seen["reply"]) == (True, False, None)
    assert author.phone.put(path).code == "own_submission"
    for _ in range(2):
        assert colleague.phone.delete(path).ok().json == {"supporters": 0, "is_supported": False}
    assert town.post(suggestion_id, "unpublish").status == 303
    assert colleague.read(suggestion_id).status == 404
    assert colleague.phone.put(path).status == 404


def test_without_the_authors_consent_nothing_is_published(adopted: Adopted, town: Reviewer, colleague: Author) -> None:
    suggestion_id = adopted(may_publish=False)
    assert town.post(suggestion_id, "publish").status == 409
    assert colleague.phone.get(PUBLISHED).json["items"] == []


def test_supporters_at_once_are_each_counted_once(
    adopted: Adopted, town: Reviewer, phone_of: Callable[[Someone], Phone], world: World, database: Database
) -> None:
    suggestion_id = adopted()
    town.post(suggestion_id, "publish")
    people = (world.people.colleague, world.people.stranger, world.people.newcomer)
    phones = [phone_of(who) for who in people for _ in range(3)]
    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(lambda phone: phone.put(f"{PUBLISHED}/{suggestion_id}/support").ok(), phones))
    with database.reading() as session:
        assert session.scalars(select(Suggestion.supporters)).one() == 3
        assert len(session.scalars(select(Support.person_id)).all()) == 3


def test_a_co_author_is_asked_and_may_agree_or_not(
    author: Author, colleague: Author, adopted: Adopted, world: World, database: Database
) -> None:
    with database.transaction() as session:
        mine = Person.id == world.people.colleague.id
        session.execute(update(Person).where(mine).values(phone="13800000001", phone_source="proved"))
    suggestion_id = adopted(co_authors=[{"name": "同事", "phone": "13800000001"}, {"name": "外人", "phone": None}])
    assert "请确认共同建议人" in titles(colleague)
    assert colleague.read(suggestion_id).json["co_authorship"] == "asked"
    path = f"{PUBLISHED}/{suggestion_id}/co-authorship"
    assert colleague.phone.post(path, {"accept": True}).ok().json["co_authorship"] == "accepted"
    named = author.read(suggestion_id).json["co_authors"]
    assert named == [{"name": "同事", "is_confirmed": True}, {"name": "外人", "is_confirmed": None}]
    assert colleague.phone.post(path, {"accept": False}).ok().json["co_authorship"] == "refused"
    assert author.phone.post(path, {"accept": True}).status == 404


def test_other_enterprises_and_districts_have_no_hand_in_it(
    adopted: Adopted, reviewer_of: Callable[[Someone], Reviewer], world: World
) -> None:
    suggestion_id = adopted()
    people = world.people
    for who in (people.other_enterprise_reviewer, people.other_town_reviewer, people.other_district_reviewer):
        hand = reviewer_of(who)
        assert hand.page(suggestion_id).status == 404
        assert hand.post(suggestion_id, "steps", what="采购", owner="谁", due_on="2026-12-01").status == 404
        assert "光电保护" not in hand.desk.get("/console/suggestions?stage=all").ok().text
    enterprise = reviewer_of(people.enterprise_reviewer)
    assert enterprise.post(suggestion_id, "publish").status == 403


def test_a_role_at_a_town_elsewhere_publishes_nothing_of_the_enterprise(
    adopted: Adopted, reviewer_of: Callable[[Someone], Reviewer], world: World, database: Database
) -> None:
    suggestion_id, both = adopted(), world.people.other_town_reviewer
    with database.transaction() as session:
        give_role(session, both, Role.ENTERPRISE_REVIEWER, world.unions.shipyard)
    hand = reviewer_of(both)
    page = hand.page(suggestion_id).ok().text
    assert ["/steps" in page, "/publish" in page] == [True, False]  # at the enterprise its reviewer alone
    assert hand.post(suggestion_id, "publish").status == 404


def test_nothing_is_planned_before_it_is_adopted_and_taking_that_back_unpublishes(
    author: Author, town: Reviewer, colleague: Author
) -> None:
    suggestion_id = author.suggest()
    assert town.post(suggestion_id, "steps", what="采购", owner="设备科", due_on="2026-12-01").status == 409
    assert town.decide(suggestion_id, "accept", reply="好").status == 303
    assert town.post(suggestion_id, "publish").status == 303
    assert town.decide(suggestion_id, "reopen").status == 303
    assert colleague.read(suggestion_id).status == 404
    assert author.read(suggestion_id).json["status_text"] == "待受理"


def test_every_step_is_on_the_audit_log(
    adopted: Adopted, enterprise: Reviewer, town: Reviewer, database: Database
) -> None:
    suggestion_id = adopted()
    step = enterprise.plan(suggestion_id)
    enterprise.post(suggestion_id, f"steps/{step}/done")
    enterprise.post(suggestion_id, "benefit", risk="少一处伤害")
    town.post(suggestion_id, "publish")
    with database.reading() as session:
        named = AuditEntry.action.startswith("suggestion.")
        found = session.scalars(select(AuditEntry.action).where(named).order_by(AuditEntry.id))
        assert list(found) == [
            "suggestion.step_added", "suggestion.step_done", "suggestion.benefit_confirmed", "suggestion.published"
        ]  # fmt: skip


def test_figures_that_somebody_corrected_meanwhile_are_not_written_over(
    adopted: Adopted, enterprise: Reviewer, town: Reviewer, author: Author
) -> None:
    suggestion_id = adopted()
    (seen,) = VERSION.findall(town.page(suggestion_id).text)
    assert enterprise.post(suggestion_id, "benefit", version=seen, hours="300").status == 303
    late = town.post(suggestion_id, "benefit", version=seen, hours="3", note="十二月一日现场看过")
    assert (late.status, "刚刚有了新的进展" in late.text) == (409, True)
    assert author.read(suggestion_id).json["realised"]["hours"] == 300
    assert town.post(suggestion_id, "publish", version=seen).status == 409
    assert enterprise.post(suggestion_id, "benefit", version=str(int(seen) + 1), hours="310").status == 303
    assert titles(author).count("你的建议见效了") == 1


def test_the_page_offers_what_would_be_done_and_says_why_it_is_not_published(
    author: Author, adopted: Adopted, town: Reviewer, enterprise: Reviewer
) -> None:
    suggestion_id = author.suggest()
    assert 'method="post" action="/console/suggestions' not in town.page(suggestion_id).ok().text
    suggestion_id = adopted(may_publish=False)
    page = town.page(suggestion_id).ok().text
    assert ["/steps" in page, "/benefit" in page, "/publish" in page] == [True, True, False]
    assert "作者没有同意公开。" in page
    assert "作者没有同意公开。" not in enterprise.page(suggestion_id).ok().text  # who publishes nothing anyway
    for _ in range(20):
        enterprise.plan(suggestion_id)
    assert f'action="/console/suggestions/{suggestion_id}/steps"' not in enterprise.page(suggestion_id).ok().text
    answer = enterprise.post(suggestion_id, "steps", what="采购", owner="设备科", due_on="2026-12-01")
    assert (answer.status, "最多安排 20 步" in answer.text) == (409, True)


def test_what_a_decision_taken_back_takes_along_is_on_the_audit_log(
    adopted: Adopted, town: Reviewer, world: World, database: Database
) -> None:
    planned_only, published = adopted(), adopted(title="另一条建议")
    town.plan(planned_only)
    town.post(published, "benefit", hours="3", note="十二月一日现场看过")
    town.post(published, "publish")
    for suggestion_id in (planned_only, published):
        assert town.decide(suggestion_id, "reopen").status == 303
    with database.reading() as session:
        taken = select(AuditEntry.subject_id, AuditEntry.actor_id).where(AuditEntry.action == "suggestion.taken_back")
        assert [tuple(row) for row in session.execute(taken)] == [(str(published), world.people.town_reviewer.id)]


def test_the_list_shows_each_stage_and_costs_the_same_however_long(
    adopted: Adopted, town: Reviewer, database: Database
) -> None:
    suggestion_id = adopted()
    assert "光电保护" in town.desk.get("/console/suggestions").ok().text
    town.plan(suggestion_id)
    assert "光电保护" not in town.desk.get("/console/suggestions").ok().text
    assert "0/1 步" in town.desk.get("/console/suggestions?stage=running").ok().text
    with count_statements(database.engine) as one:
        town.desk.get("/console/suggestions?stage=all").ok()
    for number in range(3):
        adopted(title=f"第 {number} 条建议")
    with count_statements(database.engine) as four:
        town.desk.get("/console/suggestions?stage=all").ok()
    assert len(one) == len(four)
