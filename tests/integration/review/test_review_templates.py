"""Ready replies: kept per union, offered to everybody below it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.review.decisions.models import ReplyTemplate
from server.review.decisions.reply_templates.actions import seed_reply_templates
from server.unions.roles import Role
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World, give_role

PAGE = "/console/templates"


def fields(union_id: UUID, **changes: str) -> dict[str, str]:
    return {"union_id": str(union_id), "move": "accept", "category": "", "title": "谢谢", "text": "马上整改", **changes}


def kept(database: Database) -> list[ReplyTemplate]:
    with database.reading() as session:
        return list(session.scalars(select(ReplyTemplate).order_by(ReplyTemplate.id)))


def test_a_new_union_starts_with_ready_replies_once(world: World, database: Database) -> None:
    made = []
    for _ in range(2):
        with database.transaction() as session:
            made.append(seed_reply_templates(session, world.unions.city, now=datetime.now(UTC)))
    assert (made[0] > 0, made[1], len(kept(database))) == (True, 0, made[0])
    assert {"accept", "return", "close", "send_back", "grant_extension"} <= {each.move for each in kept(database)}


def test_a_template_of_the_city_is_offered_in_the_town(
    desk_of: Callable[[Someone], Desk], town: Reviewer, phone: Phone, world: World
) -> None:
    desk_of(world.people.city_reviewer).post(PAGE, fields(world.unions.city, text="全市统一答复")).ok()
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    assert "全市统一答复" in town.open(hazard_id).text


def test_templates_are_offered_for_many_at_once_those_of_a_category_where_the_list_is_narrowed_to_it(
    desk_of: Callable[[Someone], Desk], town: Reviewer, phone: Phone, world: World
) -> None:
    city = desk_of(world.people.city_reviewer)
    city.post(PAGE, fields(world.unions.city, text="全市统一答复")).ok()
    city.post(PAGE, fields(world.unions.city, category="electric", text="请找电工")).ok()
    desk_of(world.people.other_town_reviewer).post(PAGE, fields(world.unions.hillside, text="别的街道的话")).ok()
    phone.report(enterprise_id=world.unions.shipyard, category="electric")
    all_kinds, electric = (town.desk.get(f"/console/queue{query}").ok().text for query in ("", "?category=electric"))
    words = ("全市统一答复", "请找电工", "别的街道的话")
    assert [[each in page for each in words] for page in (all_kinds, electric)] == [
        [True, False, False], [True, True, False],
    ]  # fmt: skip


def test_templates_of_unions_above_stand_on_the_page_of_those_below(
    desk_of: Callable[[Someone], Desk], town: Reviewer, world: World
) -> None:
    desk_of(world.people.city_reviewer).post(PAGE, fields(world.unions.city, text="全市统一答复")).ok()
    page = town.desk.get(PAGE).ok().text
    assert "全市统一答复" in page
    assert "青岛市总工会" in page
    assert "?edit=" not in page


def test_a_template_for_another_category_or_branch_is_not_offered(
    desk_of: Callable[[Someone], Desk], town: Reviewer, phone: Phone, world: World
) -> None:
    desk_of(world.people.city_reviewer).post(PAGE, fields(world.unions.city, text="火灾专用", category="fire")).ok()
    desk_of(world.people.other_town_reviewer).post(PAGE, fields(world.unions.hillside, text="别处的答复")).ok()
    page = town.open(phone.report(enterprise_id=world.unions.shipyard, category="electric")).text
    assert "火灾专用" not in page
    assert "别处的答复" not in page


def test_templates_are_edited_for_unions_where_the_role_carries_that_alone(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    both, shipyard = world.people.other_town_reviewer, world.unions.shipyard
    with database.transaction() as session:
        give_role(session, both, Role.ENTERPRISE_REVIEWER, shipyard)
        seed_reply_templates(session, shipyard, now=datetime.now(UTC))
    desk, (template, *_) = desk_of(both), kept(database)
    page = desk.get(PAGE).ok().text
    assert template.title in page
    assert f"edit={template.id}" not in page
    assert [str(union) in page for union in (shipyard, world.unions.hillside)] == [False, True]
    assert desk.post(PAGE, fields(shipyard)).status == 404
    assert desk.post(f"{PAGE}/{template.id}", fields(shipyard)).status == 404
    assert desk.post(PAGE, fields(world.unions.hillside)).status == 303


def test_a_template_is_changed_and_laid_aside(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    desk = desk_of(world.people.city_reviewer)
    desk.post(PAGE, fields(world.unions.city)).ok()
    (template,) = kept(database)
    desk.post(f"{PAGE}/{template.id}", fields(world.unions.city, title="改过", is_active="1")).ok()
    assert [(each.title, each.is_active) for each in kept(database)] == [("改过", True)]
    desk.post(f"{PAGE}/{template.id}", fields(world.unions.city)).ok()
    assert [each.is_active for each in kept(database)] == [False]
    assert "已停用" in desk.get(PAGE).text


def test_nobody_writes_for_a_union_that_is_not_theirs(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    city, town = desk_of(world.people.city_reviewer), desk_of(world.people.town_reviewer)
    assert town.post(PAGE, fields(world.unions.city)).status == 404
    city.post(PAGE, fields(world.unions.city)).ok()
    (template,) = kept(database)
    assert town.post(f"{PAGE}/{template.id}", fields(world.unions.seaside)).status == 404
    enterprise = desk_of(world.people.enterprise_reviewer)
    assert enterprise.post(PAGE, fields(world.unions.shipyard)).status == 403


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"text": " "}, {"move": "claim"}, {"move": "x"}, {"title": "长" * 51}]
)
def test_a_form_not_filled_in_keeps_what_was_typed(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, wrong: dict[str, str]
) -> None:
    typed = {"text": "写了一半", **wrong}
    answer = desk_of(world.people.city_reviewer).post(PAGE, fields(world.unions.city, **typed))
    assert answer.status == 422
    assert typed["text"] in answer.text
    assert kept(database) == []
