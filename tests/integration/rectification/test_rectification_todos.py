"""What of rectification waits for a union stands on the home page of those whose turn it is, and leads to just that."""

from collections.abc import Callable
from html import unescape

from server.core.db import Database
from server.review.rectification.models import RectifyStatus
from tests.integration.rectification.test_rectification_list import LIST, NOW, fill
from tests.support.callers import Desk
from tests.support.world import Someone, World

STATUSES = {1: RectifyStatus.DISPUTED, 3: RectifyStatus.SUBMITTED}


def test_home_says_of_what_waits_for_ones_own_union_and_leads_to_just_that(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    with database.transaction() as writer:
        fill(
            writer, world, 5, NOW, grade=2, status=lambda number: STATUSES.get(number, RectifyStatus.OPEN),
            asked_days=lambda number: 5 if number == 0 else None,
            rest_days=lambda number: 3 if number in STATUSES else None,
            rectified_by_id=lambda number: world.people.enterprise_reviewer.id if number == 3 else None,
            enterprise_id=world.unions.shipyard, addressee_id=world.unions.shipyard, issuer_id=world.unions.seaside,
            town_id=world.unions.seaside, district_id=world.unions.south,
        )  # fmt: skip
    town, district, enterprise = (
        desk_of(each)
        for each in (world.people.town_reviewer, world.people.district_reviewer, world.people.enterprise_reviewer)
    )
    home = unescape(town.get("/console/").ok().text)
    for words, tab, number in (
        ("1 条延期申请要答复", "asked", 0),
        ("1 条整改异议要答复", "disputed", 1),
        ("1 条整改等复查", "submitted", 3),
    ):
        address = f"{LIST}?status={tab}&turn=answer"
        assert f'href="{address}">{words}' in home
        listed = town.get(address).ok().text
        assert {each for each in range(5) if f"第{each}处" in listed} == {number}
    assert "3 项等处理" in home, "the badge beside 整改 counts them, whatever filters their addresses have"
    assert "等本单位整改" not in home, "the enterprise works: it does not wait for the town"
    assert "2 条隐患等本单位整改" in enterprise.get("/console/").ok().text
    assert "要答复" not in district.get("/console/").ok().text, "the town answers: it does not wait for the district"
    assert "第1处" in district.get(f"{LIST}?status=disputed").ok().text
