"""Which tests the second size is spared."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.second_size import FIRST, SECOND, SHARED, SecondSize, deeds_of, parts_of


def item(name: str, size: str, folder: str, **differing: Any) -> pytest.Item:
    plain: dict[str, Any] = {
        "nodeid": f"tests/{folder}/test_letters.py::{name}[{size}-3]",
        "callspec": SimpleNamespace(params={"backend": size}),
        "session": SimpleNamespace(_setupstate=SimpleNamespace(teardown_exact=lambda _following: None)),
        "fixturenames": [],
        "get_closest_marker": lambda _name: None,
    }
    return cast(pytest.Item, SimpleNamespace(**{**plain, **differing}))


def runs_there(
    choice: SecondSize, name: str, *deeds: str, folder: str = "integration/letters", **differing: Any
) -> bool:
    """Whether a test that does this on the first size is run on the second."""
    choice.pytest_runtest_protocol(item(name, FIRST, folder, **differing), None)
    for deed in deeds:
        choice._note(deed)
    return choice.pytest_runtest_protocol(item(name, SECOND, folder, **differing), None) is None


def test_every_statement_is_tried_on_the_second_size_and_no_test_that_adds_none() -> None:
    choice = SecondSize()
    assert runs_there(choice, "test_one", "SELECT 1")
    assert not runs_there(choice, "test_the_same", "SELECT 1")
    assert runs_there(choice, "test_more", "SELECT 1", "SELECT 2")
    assert not runs_there(choice, "test_both", "SELECT 2", "SELECT 1")
    assert not runs_there(choice, "test_elsewhere", "SELECT 2", folder="integration/awards")
    assert choice.passed_over == 3


def test_what_another_process_of_the_run_did_on_both_is_not_new() -> None:
    node = SimpleNamespace(workerinput=dict[str, str]())
    beginning = SecondSize()
    beginning.pytest_configure_node(node)
    assert Path(node.workerinput[SHARED]).exists()
    one, other = SecondSize(node.workerinput[SHARED]), SecondSize(node.workerinput[SHARED])
    assert runs_there(one, "test_one", "SELECT 1", "SELECT 2")
    assert not runs_there(other, "test_the_same", "SELECT 2")
    assert runs_there(other, "test_more", "SELECT 3")
    assert not runs_there(one, "test_the_same", "SELECT 3", "SELECT 1")


def test_statements_put_together_from_parts_that_were_tried_are_not_new() -> None:
    tried = parts_of("SELECT a.x FROM a WHERE a.y = ? ORDER BY a.x DESC") | parts_of("SELECT a.z FROM a WHERE a.t > ?")
    assert parts_of("SELECT a.z, a.x \nFROM a \nWHERE a.t > ? AND a.y = ? ORDER BY a.x DESC") <= tried
    assert parts_of("UPDATE a SET x=?, y=? WHERE a.id = ?") == parts_of("UPDATE a SET z=? WHERE a.id = ?")
    assert parts_of("SELECT anon_1.x FROM anon_1") == parts_of("SELECT anon_2.z FROM anon_2")


@pytest.mark.parametrize(
    "new",
    [
        "SELECT a.x FROM b",
        "SELECT a.x FROM a WHERE a.x = ?",
        "SELECT a.x FROM a WHERE a.y < ?",
        "SELECT lower(a.x) FROM a",
        "SELECT a.x FROM a ORDER BY a.x ASC",
        "SELECT a.x FROM a JOIN c ON c.x = a.x",
        "UPDATE a SET x=(a.x + ?)",
    ],
)
def test_a_new_table_condition_order_join_or_expression_is_new(new: str) -> None:
    assert not parts_of(new) <= parts_of("SELECT a.x, a.y FROM a WHERE a.y = ? ORDER BY a.x DESC")


def test_what_is_grouped_is_told_as_a_whole() -> None:
    tried = parts_of("SELECT a.x FROM a GROUP BY a.x") | parts_of("SELECT a.y FROM a")
    assert not parts_of("SELECT a.x, a.y FROM a GROUP BY a.x") <= tried  # PostgreSQL refuses it, SQLite does not


def test_columns_of_one_type_are_alike_whatever_their_table_is_called() -> None:
    tried = parts_of(
        "SELECT people.name FROM people WHERE people.name = ? AND people.team_id = unions.id AND unions.level IN (?)"
    )
    assert parts_of("SELECT people.id FROM people WHERE people.phone = ? AND unions.parent_id = people.id") <= tried
    assert parts_of("SELECT p.id FROM people AS p WHERE p.name = ?") <= tried
    for new in ("people.created_at = ?", "people.name < ?", "people.team_id = ?", "lower(people.name) = ?"):
        assert not parts_of(f"SELECT people.id FROM people WHERE {new}") <= tried
    assert not parts_of("SELECT unions.name FROM unions WHERE unions.name = ?") <= tried  # a table that is new
    ordered = parts_of("SELECT people.id FROM people ORDER BY people.name_key DESC")
    assert not parts_of("SELECT people.id FROM people ORDER BY people.phone DESC") <= ordered  # where nothing stands


def test_what_is_grouped_is_known_by_its_shape() -> None:
    def grouped(read: str, by: str, label: str = "n") -> frozenset[str]:
        return parts_of(f"SELECT {read}, count(*) AS {label} FROM people GROUP BY {by} ORDER BY {label}")

    assert grouped("people.name", "people.name") == grouped("people.phone", "people.phone", "number")
    assert grouped("people.name", "people.name") != grouped("people.name", "people.phone")
    assert grouped("people.name", "people.id") != grouped("people.name", "people.team_id")  # hangs on a key, on none


def test_columns_that_are_filled_make_no_difference_but_where_one_is_there_already() -> None:
    assert parts_of("INSERT INTO a (x, y) VALUES (?, ?)") == parts_of("INSERT INTO a (z) VALUES (?)")
    conflict = "INSERT INTO a (x, y) VALUES (?, ?) ON CONFLICT ({}) DO NOTHING"
    assert parts_of(conflict.format("x")) != parts_of(conflict.format("y"))


def test_a_search_is_new_with_other_kinds_of_letters_not_with_other_words_or_ids() -> None:
    statement = "SELECT a.x FROM a WHERE a.y LIKE ? AND a.id = ? AND a.at > ?"
    tried = deeds_of(statement, ("%东门1%", "0" * 32, "2026-11-29 10:00:00"))
    assert deeds_of(statement, ("%南大街20%", "1" * 32, "2026-11-30 10:00:00")) <= tried
    for new in ("100/%%", "%Ost%", "%ост%", "1%1", "%_%"):
        assert not deeds_of(statement, (new, "0" * 32, "2026-11-29 10:00:00")) <= tried


def test_a_store_asked_in_another_order_is_new() -> None:
    choice = SecondSize()
    put, delete = (choice._watching(name, lambda _store, _key: None) for name in ("put", "delete"))

    def is_new(test: str, *asked: Callable[..., None], keys: str = "aa") -> bool:
        choice.pytest_runtest_protocol(item(test, FIRST, "integration/photos"), None)
        for each, key in zip(asked, keys, strict=False):
            each(None, key)
        return choice.pytest_runtest_protocol(item(test, SECOND, "integration/photos"), None) is None

    assert is_new("test_one", put)
    assert not is_new("test_several", put, put, keys="ab")
    assert is_new("test_two", put, delete)
    assert not is_new("test_again", put, delete)
    assert not is_new("test_less", put)
    assert is_new("test_turned", delete, put)


def test_one_of_which_nothing_was_seen_is_run_on_both() -> None:
    assert runs_there(SecondSize(), "test_unseen")
    alone = item("test_alone", SECOND, "integration/letters")
    assert SecondSize().pytest_runtest_protocol(alone, None) is None
    # An application works where it is seen: what is refused before it asks for anything is refused on both.
    assert not runs_there(SecondSize(), "test_refused", fixturenames=["app"])


@pytest.mark.parametrize(
    "differing",
    [
        {"folder": "faults"},
        {"folder": "integration/core"},
        {"fixturenames": ["service"]},
        {"get_closest_marker": lambda _name: pytest.mark.settings(rate_limits=True, day_photos=2).mark},
    ],
)
def test_what_is_about_the_machinery_is_run_on_both_every_time(differing: dict[str, Any]) -> None:
    choice = SecondSize()
    assert [runs_there(choice, name, "SELECT 1", **differing) for name in ("test_one", "test_two")] == [True, True]


def test_one_in_several_threads_is_run_on_both_every_time() -> None:
    choice = SecondSize()
    for name in ("test_one", "test_two"):
        choice.pytest_runtest_protocol(item(name, FIRST, "integration/letters"), None)
        thread = threading.Thread(target=choice._note, args=["SELECT 1"])
        thread.start()
        thread.join()
        assert choice.pytest_runtest_protocol(item(name, SECOND, "integration/letters"), None) is None
