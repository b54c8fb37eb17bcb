"""Unions get tags in words of one's own, on their page or by a sheet; lists and recipients are narrowed by them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core.db import Database
from server.unions.tree.lookup.tags import LONGEST, MOST, list_tags, read_tags
from server.unions.tree.models import Union
from tests.integration.assignments.sending import Hands
from tests.integration.unions.test_imports import commit_path, complaints, sheet, upload
from tests.integration.unions.test_tree_pages import form_of, load, names
from tests.support.callers import Desk
from tests.support.world import Someone, World

embedded = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Opens = Callable[[Someone | None], Desk]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("试点", "试点"),
        (" 试点， 老旧厂房;试点\n园区", "试点、老旧厂房、园区"),
        ("、、", ""),
        ("无", ""),
        ("100%_", "100%_"),
    ],
)
def test_tags_are_read_as_they_are_typed(typed: str, said: str) -> None:
    kept = read_tags(typed)
    assert list_tags(kept) == [word for word in said.split("、") if word]
    assert read_tags(said) == kept


@pytest.mark.parametrize("typed", ["长" * (LONGEST + 1), "、".join(map(str, range(MOST + 1)))])
def test_too_long_or_too_many_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="最多"):
        read_tags(typed)


def test_who_stands_above_tags_a_union_and_finds_it_again(desk_of: Opens, world: World, database: Database) -> None:
    """A whole tag, never a part of one; what somebody typed into it means nothing to the search."""
    desk, own = desk_of(world.people.town_reviewer), desk_of(world.people.enterprise_reviewer)
    shipyard, bakery = (load(database, each) for each in (world.unions.shipyard, world.unions.bakery))
    assert desk.post(f"/console/unions/{shipyard.id}", form_of(shipyard, tags="试点，100%")).status == 303
    assert desk.post(f"/console/unions/{bakery.id}", form_of(bakery, tags="试点园区")).status == 303
    assert 'value="试点、100%"' in desk.get(f"/console/unions/{shipyard.id}").ok().text
    assert names(desk, "?tag=试点") == [shipyard.name]
    assert names(desk, "?tag=100%25") == [shipyard.name]
    assert names(desk, "?tag=%25") == []
    assert 'value="试点园区"' in desk.get("/console/unions").ok().text
    assert 'value="试点园区"' not in desk_of(world.people.other_town_reviewer).get("/console/unions").ok().text
    refused = desk.post(f"/console/unions/{bakery.id}", form_of(load(database, bakery.id), tags="长" * 21))
    assert (refused.status, "最多 20 个字" in refused.text) == (422, True)
    own.post(f"/console/unions/{shipyard.id}", form_of(load(database, shipyard.id), tags="自己改的"))
    assert load(database, shipyard.id).tags == "、试点、100%、"


@embedded
def test_tags_come_with_a_sheet_and_empty_cells_leave_them(desk_of: Opens, world: World, database: Database) -> None:
    desk, headings = desk_of(world.people.district_reviewer), ["编号", "名称", "级别", "上级工会", "标签"]
    with database.reading() as session:
        town = session.scalars(select(Union.name).where(Union.id == world.unions.seaside)).one()

    def put(tags: str) -> str | None:
        shown = upload(desk, "unions", sheet(headings, ["E1", "新甲公司", "企业", town, tags]))
        assert complaints(shown) == []
        desk.post(commit_path(shown)).ok()
        with database.reading() as session:
            return session.scalars(select(Union.tags).where(Union.code == "E1")).one()

    assert put("试点、园区") == "、试点、园区、"
    shown = upload(desk, "unions", sheet(headings, ["E1", "新甲公司", "企业", town, None]))
    assert "没有变化 1" in shown.text
    assert put("无") is None


def test_a_rule_means_those_of_any_level_with_one_of_the_tags(
    database: Database, world: World, run_jobs: Callable[..., int], desk_of: Opens
) -> None:
    """With every other part of the rule, plus and minus single ones."""
    unions, hands = world.unions, Hands(database, world, run_jobs)
    with database.transaction() as session:
        for union_id, tags in ((unions.south, "试点"), (unions.shipyard, "试点、园区"), (unions.brewery, "园区")):
            session.execute(update(Union).where(Union.id == union_id).values(tags=read_tags(tags)))
        session.execute(update(Union).where(Union.id == unions.brewery).values(is_chemical=True))

    def meant(**rule: Any) -> set[UUID]:
        return set(hands.rows(hands.sent(**rule)))

    assert meant(tags=("试点",), levels=("district", "enterprise")) == {unions.south, unions.shipyard}
    assert meant(tags=("试点", "园区"), levels=("enterprise",)) == {unions.shipyard, unions.brewery}
    assert meant(tags=("园区",), levels=("enterprise",), chemical=True) == {unions.brewery}
    assert meant(tags=("园区",), within=unions.south) == {unions.shipyard}
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == unions.bakery).values(tags=read_tags("A类")))
        session.execute(update(Union).where(Union.id == unions.north).values(tags=read_tags("a类")))
    assert meant(tags=("a类",), levels=("district", "enterprise")) == {unions.north}
    assert meant(tags=("园区",), plus=(unions.bakery,), minus=(unions.brewery,)) == {unions.shipyard, unions.bakery}
    city = desk_of(world.people.city_reviewer)
    draft_id = hands.draft(tags=("A类",))
    with database.transaction() as session:  # nobody has it any more
        session.execute(update(Union).where(Union.id == unions.bakery).values(tags=None))
    page = city.get(f"/console/assignments/{draft_id}").ok().text
    assert [f'value="{tag}"' in page for tag in ("试点", "园区", "A类")] == [True] * 3
