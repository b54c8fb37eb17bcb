"""Which tests the second size is spared."""

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.second_size import FIRST, SECOND, SecondSize


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


def test_one_of_which_nothing_was_seen_is_run_on_both() -> None:
    assert runs_there(SecondSize(), "test_unseen")
    alone = item("test_alone", SECOND, "integration/letters")
    assert SecondSize().pytest_runtest_protocol(alone, None) is None


@pytest.mark.parametrize(
    "differing",
    [
        {"folder": "faults"},
        {"folder": "integration/photos"},
        {"fixturenames": ["service"]},
        {"get_closest_marker": lambda name: pytest.mark.settings().mark if name == "settings" else None},
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
