"""What enterprises have, such as 管道气: said once, kept with its date, changed by its own reviewer or one above."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.tree.lookup.traits import read_traits, traits, with_traits
from server.unions.tree.models import Union, UnionTrait
from tests.integration.unions.test_imports import commit_path, complaints, sheet, upload
from tests.support.callers import Desk
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
HEADINGS = ["编号", "名称", "级别", "上级工会", "企业情况"]


def answer(desk: Desk, union_id: UUID, **said: str) -> int:
    return desk.post(f"/console/unions/{union_id}/traits", said, form="/console/").status


def known(database: Database, union_id: UUID, at: datetime | None = None) -> dict[str, bool]:
    with database.reading() as session:
        return read_traits(session, [union_id], at)[union_id]


def test_an_enterprise_is_asked_once_and_what_it_said_stays_with_its_date(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk, yard = desk_of(world.people.enterprise_reviewer), world.unions.shipyard
    assert "还没问全" in desk.get(f"/console/unions/{yard}").ok().text
    before = datetime.now(UTC)
    assert answer(desk, yard, coal_boiler="no", piped_gas="yes") == 303
    between = datetime.now(UTC)
    assert answer(desk, yard, coal_boiler="yes", piped_gas="yes") == 303
    assert known(database, yard) == {"coal_boiler": True, "piped_gas": True}
    assert known(database, yard, between) == {"coal_boiler": False, "piped_gas": True}
    assert known(database, yard, before - timedelta(seconds=5)) == {}
    with database.reading() as session:
        rows = session.scalars(select(UnionTrait).where(UnionTrait.union_id == yard)).all()
        logged = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "union.traits_answered")).all()
    assert len(rows) == 3  # what did not change was not written again
    assert {row.answered_by_id for row in rows} == {world.people.enterprise_reviewer.id}
    assert [entry["has"] for entry in logged] == [["piped_gas"], ["coal_boiler"]]


def test_all_said_nothing_is_left_to_ask(desk_of: Opens, world: World) -> None:
    desk, yard = desk_of(world.people.town_reviewer), world.unions.shipyard
    assert answer(desk, yard, **dict.fromkeys(traits(), "no")) == 303
    page = desk.get(f"/console/unions/{yard}").ok().text
    assert "还没问全" not in page
    assert 'id="traits"' in page


def test_nobody_answers_for_an_enterprise_that_is_not_theirs(desk_of: Opens, world: World, database: Database) -> None:
    yard = world.unions.shipyard
    for stranger in (world.people.other_enterprise_reviewer, world.people.other_town_reviewer):
        assert answer(desk_of(stranger), yard, coal_boiler="yes") in (403, 404)
    own = desk_of(world.people.enterprise_reviewer)
    assert answer(own, world.unions.bakery, coal_boiler="yes") in (403, 404)
    assert answer(own, world.unions.seaside, coal_boiler="yes") in (403, 404)  # a town has no boiler
    assert answer(own, yard, nonsense="yes") == 422
    assert answer(own, yard, coal_boiler="maybe") == 303  # no answer at all: nothing changes
    assert known(database, yard) == {}


def test_a_rule_finds_those_who_have_it_and_those_who_were_not_asked(
    desk_of: Opens, world: World, database: Database
) -> None:
    town = desk_of(world.people.town_reviewer)
    answer(town, world.unions.shipyard, piped_gas="yes", bottled_gas="no")
    answer(town, world.unions.bakery, piped_gas="no", bottled_gas="no")
    wanted = {world.unions.shipyard: "shipyard", world.unions.bakery: "bakery", world.unions.brewery: "brewery"}

    def found(*codes: str) -> set[str]:
        with database.reading() as session:
            ids = session.scalars(select(Union.id).where(Union.id.in_(wanted), with_traits(codes)))
            return {wanted[union_id] for union_id in ids}

    assert found("piped_gas") == {"shipyard", "brewery"}  # the brewery was never asked
    assert found("bottled_gas") == {"brewery"}
    assert found("piped_gas", "bottled_gas") == {"shipyard", "brewery"}
    assert found("coal_boiler") == set(wanted.values())


def test_traits_come_in_with_a_sheet_of_unions(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.district_reviewer)
    rows = (
        ["E1", "新甲公司", "企业", "海滨街道", "管道气、餐饮"],
        ["E2", "新乙公司", "企业", "海滨街道", "无"],
        ["E3", "新丙公司", "企业", "海滨街道", None],
    )
    with database.reading() as session:
        town = session.scalars(select(Union.name).where(Union.id == world.unions.seaside)).one()
    shown = upload(desk, "unions", sheet(HEADINGS, *[[*row[:3], town, row[4]] for row in rows]))
    assert complaints(shown) == []
    desk.post(commit_path(shown)).ok()
    with database.reading() as session:
        made = dict(session.execute(select(Union.code, Union.id).where(Union.code.in_(["E1", "E2", "E3"]))).all())
    has = {code: {trait for trait, holds in known(database, made[code]).items() if holds} for code in made}
    assert has == {"E1": {"piped_gas", "catering"}, "E2": set(), "E3": set()}
    assert (len(known(database, made["E2"])), known(database, made["E3"])) == (len(traits()), {})
    again = upload(desk, "unions", sheet(HEADINGS, ["E1", "新甲公司", "企业", town, "餐饮"]))
    desk.post(commit_path(again)).ok()
    assert known(database, made["E1"])["piped_gas"] is False


def test_a_sheet_with_an_unknown_trait_is_refused_in_words(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.district_reviewer)
    with database.reading() as session:
        town = session.scalars(select(Union.name).where(Union.id == world.unions.seaside)).one()
    wrong = upload(desk, "unions", sheet(HEADINGS, ["E1", "新甲公司", "企业", town, "核电站"]))
    assert any("不认识“核电站”" in words for words in complaints(wrong))
