"""The large screen: sums within one's scope, renewed by its script, and nothing of any person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.reports.screen.console import MOST_UNIONS
from server.unions.people.models import Person
from server.unions.roles import Level
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk, Phone
from tests.support.figures import count_figures
from tests.support.images import jpeg
from tests.support.world import Someone, World, make_union

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
SCREEN = "/console/screen"


def test_it_shows_sums_of_ones_own_union_and_names_nobody(
    database: Database, world: World, phone: Phone, desk_of: Callable[[Someone], Desk]
) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    phone.report(jpeg(5), enterprise_id=world.unions.brewery)
    count_figures(database)
    page = desk_of(world.people.city_reviewer).get(SCREEN).ok().text
    assert "<dd>2</dd>" in page
    assert 'data-refresh="60"' in page
    with database.reading() as session:
        names = {name for name in session.scalars(select(Person.name)) if name}
    assert names
    assert not any(name in page for name in names)
    assert "配电箱门敞开" not in page
    assert "<dd>1</dd>" in desk_of(world.people.district_reviewer).get(SCREEN).ok().text


def test_it_says_how_many_unions_found_no_place_without_counting_what_is_ones_own(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as session:
        for number in range(MOST_UNIONS - 2):  # the city has two districts already
            make_union(session, Level.DISTRICT, f"第{number}区总工会", world.unions.city)
        insert_submissions(session, world, 1, clock.now() - timedelta(days=1), union_id=world.unions.city)
    count_figures(database)
    desk = desk_of(world.people.city_reviewer)
    assert "还有" not in desk.get(SCREEN).ok().text
    with database.transaction() as session:
        make_union(session, Level.DISTRICT, "又一区总工会", world.unions.city)
    assert "还有 1 家" in desk.get(SCREEN).ok().text


def test_it_stays_within_the_scope_and_behind_the_sign_in(
    world: World, desk_of: Callable[[Someone | None], Desk]
) -> None:
    desk = desk_of(world.people.district_reviewer)
    assert desk.get(f"{SCREEN}?union={world.unions.north}").status == 404
    assert desk.get(f"{SCREEN}?union={world.unions.shipyard}").ok().text.count("今年办到哪一步") == 1
    assert desk.get(f"{SCREEN}?union=x").status == 200
    assert "data-refresh" not in desk_of(None).get(SCREEN).text
