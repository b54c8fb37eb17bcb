"""What holds for every declared workflow, before anything moves."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from server.core.slice import declared
from server.kit.workflow import Workflow


@pytest.fixture(params=["draw"])
def workflow(request: pytest.FixtureRequest, app: Flask) -> Workflow[Any]:
    return next(each for each in declared().workflows if each.subject == request.param)


def test_every_declared_workflow_is_looked_at(app: Flask) -> None:
    assert {each.subject for each in declared().workflows} == {"draw"}


def test_every_move_has_a_party_words_and_a_word_for_the_audit_log(workflow: Workflow[Any]) -> None:
    for move in workflow.moves:
        assert move.party.name
        assert move.label
        assert declared().audit.actions[workflow.action(move.name)] == move.audit
    assert workflow.subject in declared().audit.subjects


def test_every_status_can_be_reached_and_only_known_ones_are_named(workflow: Workflow[Any]) -> None:
    known = set(workflow.statuses)
    assert {status for move in workflow.moves for status in (*move.before, move.after)} - {None} <= known
    reached = set(_first(workflow))
    while more := {move.after for move in workflow.moves if move.after and reached & set(move.before)} - reached:
        reached |= more
    assert reached == known


def test_no_two_edges_of_one_party_lead_from_one_status_by_one_move(workflow: Workflow[Any]) -> None:
    edges = [(status, move.name, move.party.name) for move in workflow.moves for status in move.before]
    assert len(edges) == len(set(edges))


def _first(workflow: Workflow[Any]) -> Iterator[StrEnum]:
    for move in workflow.moves:
        if not move.before:
            assert move.after is not None
            yield move.after
