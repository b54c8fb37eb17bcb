"""Unions stand in the order in which the federation lists them."""

import re
from collections.abc import Callable

from tests.support.callers import Desk
from tests.support.world import Someone, World


def test_districts_stand_by_their_administrative_division_not_by_their_names(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    page = desk_of(world.people.city_reviewer).get("/console/figures").ok().text
    names = re.findall(r"市[南北]区总工会", page)
    assert names[:2] == ["市南区总工会", "市北区总工会"]
