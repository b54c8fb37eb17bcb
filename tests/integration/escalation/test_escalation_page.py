"""The dispatch page: scope, filters, counts, pages by key, the Excel sheet, no names."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from server.core.db import Database
from server.kit import listing
from server.kit.exports.ledgers import sending as ledger
from server.review.escalation.models import Overdue
from server.unions.tree.models import Ownership, Size, Union
from tests.integration.escalation.conftest import Late
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.figures import count_figures
from tests.support.ledgers import read_ledger
from tests.support.versions import version_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone | None], Desk]
PAGE = "/console/dispatch"


def rows_of(text: str) -> list[str]:
    return re.findall(r"data-open>([^<]*)<", text)


@pytest.mark.parametrize(
    ("who", "count"),
    [
        ("city_reviewer", 5), ("admin", 5), ("district_reviewer", 3), ("town_reviewer", 3), ("enterprise_reviewer", 2),
        ("other_district_reviewer", 2), ("other_town_reviewer", 2), ("other_enterprise_reviewer", 2),
    ],
)  # fmt: skip
def test_everybody_sees_what_is_late_in_their_own_scope(
    late_now: Late, desk_of: DeskOf, world: World, who: str, count: int
) -> None:
    late_now(2)
    late_now(1, union_id=world.unions.bakery)
    late_now(2, union_id=world.unions.brewery)
    desk = desk_of(getattr(world.people, who))
    assert len(rows_of(desk.get(PAGE).ok().text)) == count
    assert len(read_ledger(desk.get(f"{PAGE}/ledger.xlsx").ok().body)) == count


def test_a_union_outside_of_the_scope_is_not_found(late_now: Late, desk_of: DeskOf, world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    for page in (PAGE, f"{PAGE}/ledger.xlsx"):
        assert desk.get(f"{page}?union={world.unions.brewery}").status == 404


def test_filters_narrow_the_list_and_the_sheet(
    late_now: Late, desk_of: DeskOf, world: World, database: Database
) -> None:
    late_now(2)
    late_now(1, union_id=world.unions.bakery)
    with database.transaction() as session:
        session.execute(
            update(Union).where(Union.id == world.unions.bakery).values(is_chemical=True, is_high_risk=True)
        )
        session.execute(
            update(Union).where(Union.id == world.unions.shipyard).values(ownership=Ownership.PRIVATE, size=Size.SMALL)
        )
    desk = desk_of(world.people.city_reviewer)
    for query, count in (
        ("flag=chemical", 1), ("flag=high_risk", 1), ("flag=private_small", 2), ("kind=submission", 3),
        ("kind=rectification", 0), ("grade=1", 0), ("here=true", 3), (f"union={world.unions.bakery}", 1),
    ):  # fmt: skip
        assert len(rows_of(desk.get(f"{PAGE}?{query}").ok().text)) == count, query
        assert len(read_ledger(desk.get(f"{PAGE}/ledger.xlsx?{query}").ok().body)) == count, query


def test_private_small_enterprises_are_the_same_ones_in_dispatch_tree_and_figures(
    late_now: Late, desk_of: DeskOf, world: World, database: Database
) -> None:
    late_now(1, union_id=world.unions.bakery)
    desk = desk_of(world.people.city_reviewer)
    for ownership, size, count in (
        (Ownership.PRIVATE, Size.MICRO, 1), (Ownership.FOREIGN, Size.MEDIUM, 1), (Ownership.PRIVATE, Size.LARGE, 0),
        (Ownership.MIXED, Size.SMALL, 0), (Ownership.COLLECTIVE, Size.SMALL, 0), (Ownership.PRIVATE, None, 0),
    ):  # fmt: skip
        with database.transaction() as session:
            bakery = session.get_one(Union, world.unions.bakery)
            bakery.ownership, bakery.size = ownership, size
        assert len(rows_of(desk.get(f"{PAGE}?flag=private_small").ok().text)) == count, (ownership, size)
        assert desk.get("/console/unions?private_small=true").ok().text.count("麦香食品有限公司的情况") == count
        count_figures(database)
        figures = load_workbook(BytesIO(desk.get("/console/figures.xlsx?private_small=true").ok().body))
        assert [row[1] for row in figures["总览"].iter_rows(values_only=True) if row and row[0] == "上报"] == [count]


def test_pages_go_on_by_key(late_now: Late, desk_of: DeskOf, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    late_now(7)
    desk = desk_of(world.people.town_reviewer)
    seen, href = [], PAGE
    for _ in range(3):
        text = desk.get(href).ok().text
        seen += rows_of(text)
        following = re.search(r'href="(/console/dispatch\?after=[^"]+)" rel="next"', text)
        href = following[1] if following else ""
    assert seen == [f"第{number}处" for number in range(7)]
    assert not href


def test_more_rows_take_no_more_statements(late_now: Late, desk_of: DeskOf, world: World, database: Database) -> None:
    desk = desk_of(world.people.city_reviewer)
    late_now(1)
    desk.get(PAGE).ok()
    with count_statements(database.engine) as few:
        desk.get(PAGE).ok()
    late_now(30, union_id=world.unions.brewery)
    with count_statements(database.engine) as many:
        desk.get(PAGE).ok()
    assert len(many) == len(few)


def test_what_is_decided_leaves_the_list_at_once(late_now: Late, desk_of: DeskOf, world: World) -> None:
    (submission_id,) = late_now(1)
    desk = desk_of(world.people.town_reviewer)
    sent = {"version": version_of(desk, submission_id), "reply": "不是隐患"}
    answer = desk.post(f"/console/submissions/{submission_id}/decline", sent)
    assert answer.status == 303, answer.text[:3000]
    assert rows_of(desk.get(PAGE).ok().text) == []


def test_neither_page_nor_sheet_names_the_reporter(late_now: Late, desk_of: DeskOf, world: World) -> None:
    late_now(1)
    desk = desk_of(world.people.enterprise_reviewer)
    assert world.people.worker.name not in desk.get(PAGE).ok().text
    assert world.people.worker.name not in str(read_ledger(desk.get(f"{PAGE}/ledger.xlsx").ok().body))


def test_too_large_a_sheet_is_left_to_a_job(
    late_now: Late, desk_of: DeskOf, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MAX_ROWS", 2)
    late_now(3)
    answer = desk_of(world.people.city_reviewer).get(f"{PAGE}/ledger.xlsx")
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/console/exports/")


def test_texts_that_look_like_formulas_are_written_as_text(late_now: Late, desk_of: DeskOf, world: World) -> None:
    late_now(1, excerpt="=1+1")
    [row] = read_ledger(desk_of(world.people.city_reviewer).get(f"{PAGE}/ledger.xlsx").ok().body)
    assert row["内容"] == "=1+1"


def test_workers_have_no_business_here(phone: Phone, database: Database) -> None:
    assert phone.get(PAGE).status in (302, 303, 401, 403)
    with database.reading() as session:
        assert session.scalars(select(Overdue.id)).all() == []
