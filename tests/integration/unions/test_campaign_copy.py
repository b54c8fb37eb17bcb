"""A campaign is begun anew with the settings of an earlier one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from server.activities.quiz.levels.actions import create_quiz
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.activities.quiz.levels.schemas import QuizIn
from server.core import ids
from server.core.db import Database
from server.oversight.awards.models import AwardBatch, AwardBudget, AwardScheme
from server.rewards.points.models import PointsRule
from server.rewards.points.rules import CODE_TEXTS
from server.unions.campaigns.models import Campaign
from server.unions.roles import Level
from tests.integration.unions.test_campaign_page import PATH, form
from tests.support.callers import Desk, Phone
from tests.support.world import MADE_AT, Someone, World, make_campaign, make_union

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def add_settings(desk: Desk, database: Database, world: World) -> None:
    """Points, a quiz and a scheme of awards with its budget, all of the campaign."""
    desk.post("/console/points/rules", dict.fromkeys(CODE_TEXTS, "9"), form=PATH).ok()
    body = QuizIn(
        name="知识闯关", rules="每天三次", opens_at=MADE_AT, closes_at=datetime(2026, 12, 1, tzinfo=UTC),
        opening=Opening.BY_DAY,
    )  # fmt: skip
    with database.transaction() as session:
        create_quiz(session, world.campaign_id, body, actor_id=None, now=MADE_AT)
    desk.post(
        "/console/awards/budgets", {"union_id": str(world.unions.city), "name": "老经费", "amount_cents": "9000"}
    ).ok()
    desk.post(
        "/console/awards/budgets", {"union_id": str(world.unions.city), "name": "新经费", "amount_cents": "9000"}
    ).ok()
    with database.reading() as session:
        old = session.scalars(select(AwardBudget.id).where(AwardBudget.name == "老经费")).one()
    scheme = {
        "budget_id": str(old), "name": "隐患奖", "kind": "worker", "grades": ["1", "2"], "quota": "5", "batches": "2",
        "amount_cents": "100", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
    }  # fmt: skip
    desk.post("/console/awards/schemes", scheme).ok()


def copied(world: World, **changes: Any) -> dict[str, Any]:
    return form() | {"copy_of": str(world.campaign_id), "replaces": str(world.campaign_id)} | changes


def current(database: Database) -> Any:
    with database.reading() as session:
        return session.scalars(select(Campaign).where(Campaign.is_current.is_(True))).one()


def test_the_form_is_filled_in_but_for_name_and_dates_and_lists_what_goes_along(
    desk_of: Opens, database: Database, world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert f"{PATH}/new?copy_of={world.campaign_id}" in desk.get(PATH).ok().text
    add_settings(desk, database, world)
    page = re.sub(r"\s+", " ", desk.get(f"{PATH}/new?copy_of={world.campaign_id}").ok().text)
    fields = dict(re.findall(r'name="(name|starts_on|ends_on)"[^>]*? value="([^"]*)"', page))
    assert set(fields.values()) <= {""}
    assert re.search(r'value="suggestion" checked', page), "the activities are those of the campaign"
    assert "隐患奖" not in page
    for words in ("积分标准：改过的 8 项", "知识闯关：1 场、10 关", "不带过来"):
        assert words in page
    assert re.search(r"<option value=\"[0-9a-f-]{36}\"\s*> ?新经费", page)


def test_what_is_chosen_is_copied_and_nothing_of_the_earlier_campaign_changes(
    desk_of: Opens, database: Database, world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    add_settings(desk, database, world)
    with database.reading() as session:
        budget = session.scalars(select(AwardBudget.id).where(AwardBudget.name == "新经费")).one()
    chosen = {"part-points": "1", "part-quizzes": "1", "part-awards": str(budget)}
    assert desk.post(f"{PATH}/new", copied(world, **chosen)).status == 303
    new = current(database).id
    with database.reading() as session:
        rules = session.scalars(select(PointsRule.points).where(PointsRule.campaign_id == new)).all()
        old_quiz, quiz = (
            session.scalars(select(Quiz).where(Quiz.campaign_id == each)).one() for each in (world.campaign_id, new)
        )
        levels = session.scalars(select(QuizLevel).where(QuizLevel.quiz_id == quiz.id)).all()
        scheme = session.scalars(select(AwardScheme).where(AwardScheme.campaign_id == new)).one()
        batches = session.scalars(select(AwardBatch.status).where(AwardBatch.scheme_id == scheme.id)).all()
    assert list(rules) == [9] * len(CODE_TEXTS)
    assert (quiz.rules, quiz.opening, quiz.published_at) == ("每天三次", Opening.BY_DAY, None)
    assert (quiz.opens_at.isoformat(), quiz.closes_at.isoformat()) == (
        "2026-10-31T16:00:00+00:00", "2027-03-31T16:00:00+00:00",
    )  # fmt: skip
    assert ([level.opens_at for level in levels], old_quiz.closes_at) == (
        [None] * 10,
        datetime(2026, 12, 1, tzinfo=UTC),
    )
    assert (scheme.name, scheme.grades, scheme.budget_id, str(scheme.ends_on)) == (
        "隐患奖",
        [1, 2],
        budget,
        "2027-03-31",
    )
    assert [str(each) for each in batches] == ["draft", "draft"]


def test_what_is_not_chosen_stays_behind(desk_of: Opens, database: Database, world: World) -> None:
    desk = desk_of(world.people.city_reviewer)
    add_settings(desk, database, world)
    assert desk.post(f"{PATH}/new", copied(world, **{"part-awards": ""})).status == 303
    new = current(database).id
    with database.reading() as session:
        for table in (PointsRule, Quiz, AwardScheme):
            assert session.scalars(select(table).where(table.campaign_id == new)).all() == []


def test_a_choice_that_there_is_not_leaves_everything_as_it_was(
    desk_of: Opens, database: Database, world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    add_settings(desk, database, world)
    for part in ({"part-awards": str(ids.new_id())}, {"part-awards": "1"}, {"part-quizzes": "all"}):
        answer = desk.post(f"{PATH}/new", copied(world, **part))
        assert (answer.status, "冬季行动" in answer.text, "没有这个选项" in answer.text) == (422, True, True)
    assert current(database).id == world.campaign_id


def test_an_archived_campaign_can_be_copied(desk_of: Opens, phone: Phone, world: World) -> None:
    desk = desk_of(world.people.admin)
    desk.post(f"{PATH}/{world.campaign_id}/archive", form=PATH).ok()
    assert desk.post(f"{PATH}/new", copied(world)).status == 303
    phone.report(enterprise_id=world.unions.shipyard)


def test_a_campaign_that_is_none_of_ones_own_is_not_copied(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.admin)
    with database.transaction() as session:
        other = make_campaign(session, make_union(session, Level.CITY, "别市总工会", None).id, is_current=False).id
    for source in (other, ids.new_id()):
        assert desk.get(f"{PATH}/new?copy_of={source}").status == 404
        assert desk.post(f"{PATH}/new", copied(world, copy_of=str(source))).status == 404
    assert desk.post(f"{PATH}/new", copied(world, copy_of="all")).status == 422
    assert current_names(database) == ["安全隐患随手拍", "安全隐患随手拍"]


def current_names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Campaign.name)))
