"""Pages by key, on a table of three columns."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, insert, select

from server.kit.keyset import (
    Order,
    Turn,
    capped_count,
    counts_among,
    page_statement,
    parts_of,
    sample_text,
    sampled_counts,
    turn_page,
)

TABLE = Table(
    "rows", MetaData(), Column("id", Integer, primary_key=True), Column("town", Integer), Column("due", Integer)
)
ORDER = Order((TABLE.c.due, TABLE.c.id), (int, int))
SOURCE = select(TABLE)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with create_engine("sqlite://").begin() as connection:
        TABLE.metadata.create_all(connection)
        connection.execute(
            insert(TABLE), [{"id": number, "town": number % 3, "due": number // 2} for number in range(30)]
        )
        yield connection


def ids(rows: Any) -> list[int]:
    return [row.id for row in rows]


def test_somebody_without_a_scope_sees_nothing_and_counts_nothing(connection: Connection) -> None:
    assert connection.execute(page_statement(SOURCE, [], ORDER, limit=10)).all() == []
    assert connection.scalar(select(capped_count(SOURCE, [], ORDER))) == 0


def test_parts_give_one_list_in_order_and_no_row_twice(connection: Connection) -> None:
    parts = parts_of([(TABLE.c.town == 0,), (TABLE.c.town == 1,)], [()])
    found = connection.execute(page_statement(SOURCE, parts, ORDER, limit=100)).all()
    assert ids(found) == [number for number in range(30) if number % 3 != 2]
    twice = [(TABLE.c.town == 0,), (TABLE.c.id < 9,)]
    merged = connection.execute(page_statement(SOURCE, twice, ORDER, limit=100, is_disjoint=False)).all()
    assert ids(merged) == sorted({*range(9), *range(0, 30, 3)})


@pytest.mark.parametrize("descending", [False, True])
def test_pages_lead_on_and_back_over_equal_values(connection: Connection, descending: bool) -> None:
    order = Order(ORDER.columns, ORDER.kinds, descending=descending)

    def page(key: Any, *, back: bool) -> Turn:
        statement = page_statement(SOURCE, [()], order, limit=8, key=key, back=back)
        return turn_page(connection.execute(statement).all(), order, 7, key=key, back=back)

    pages = [page(None, back=False)]
    while pages[-1].after is not None:
        pages.append(page(order.parse(pages[-1].after), back=False))
    seen = [number for each in pages for number in ids(each.rows)]
    assert seen == sorted(range(30), reverse=descending)
    assert pages[0].before is None
    before = page(order.parse(pages[-1].before or ""), back=True)
    assert (ids(before.rows), before.after is None) == (ids(pages[-2].rows), False)


@pytest.mark.parametrize("descending", [False, True])
def test_pages_along_two_tables_lead_on_and_back_and_begin_at_the_key_of_the_first(
    connection: Connection, descending: bool
) -> None:
    owners = TABLE.alias("owners")
    order = Order((owners.c.id.label("owner"), TABLE.c.id), (int, int), descending=descending)
    source = select(order.columns[0], TABLE.c.id).select_from(
        owners.join(TABLE, TABLE.c.town == owners.c.id)  # ten rows each of the owners 0, 1 and 2
    )
    everything = connection.execute(page_statement(source, [()], order, limit=100)).all()
    assert everything == sorted(everything, reverse=descending)
    seen: list[Any] = []
    key = None
    while rows := connection.execute(page_statement(source, [()], order, limit=7, key=key)).all():
        seen += rows
        key = order.key_of(rows[-1])
    assert seen == everything
    back = page_statement(source, [()], order, limit=5, key=order.key_of(everything[20]), back=True)
    assert connection.execute(back).all() == everything[15:20][::-1]
    bound = str(order.beyond((1, 1), back=False))
    assert ("owners.id <= " if descending else "owners.id >= ") in bound
    assert "=" not in str(ORDER.beyond((1, 1), back=False))


def test_counting_stops_at_the_cap(connection: Connection) -> None:
    assert connection.scalar(select(capped_count(SOURCE, [()], ORDER, cap=20))) == 20
    assert connection.scalar(select(capped_count(SOURCE, [(TABLE.c.town == 2,)], ORDER, cap=20))) == 10


def test_counts_of_a_sample_say_how_many_rows_were_looked_at(connection: Connection) -> None:
    towns = {"0": ([(TABLE.c.town == 0,)], ORDER), "both": ([(TABLE.c.town == 0,), (TABLE.c.town == 1,)], ORDER)}
    counts = sampled_counts(SOURCE, (TABLE.c.id < 12,), towns, sample=5)
    assert {row.tab: (row.hits, row.seen) for row in connection.execute(counts)} == {"0": (4, 5), "both": (8, 10)}


def test_what_was_found_elsewhere_is_counted_by_tab(connection: Connection) -> None:
    found = select(TABLE.c.id).where(TABLE.c.id.in_([0, 1, 3, 6, 29]))
    tabs: Any = {"0": ([(TABLE.c.town == 0,)], (TABLE.c.due < 2,)), "all": ([()], ()), "none": ([], ())}
    counts = connection.execute(counts_among(SOURCE, found, tabs))
    assert {row.tab: (row.hits, row.seen) for row in counts} == {"0": (2, 5), "all": (5, 5), "none": (0, 5)}


@pytest.mark.parametrize(
    ("hits", "seen", "text"), [(12, 30, "12"), (12, 2000, "12+"), (0, 2000, ""), (0, 30, "0"), (1500, 2000, "999+")]
)
def test_a_sample_says_at_least_where_there_may_be_more(hits: int, seen: int, text: str) -> None:
    assert sample_text(hits, seen) == text
