"""What holds for every declared workflow, before anything moves."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from server.core.slice import declared
from server.kit.workflow import Workflow
from tests.support.sources import ROOT, named, server_nodes

NAMES = (
    "assessment", "assignment", "award", "complaint", "draw", "held_system", "letter", "prize", "recipient",
    "rectification", "story", "submission", "suggestion", "supervision_draw", "supervision_plan", "training", "visit",
)  # fmt: skip


@pytest.fixture(params=NAMES)
def workflow(request: pytest.FixtureRequest, app: Flask) -> Workflow[Any]:
    return next(each for each in declared().workflows if _name(each) == request.param)


def test_every_declared_workflow_is_looked_at(app: Flask) -> None:
    assert sorted(_name(each) for each in declared().workflows) == sorted(NAMES)


def _name(workflow: Workflow[Any]) -> str:
    """What the audit log calls its moves by: two workflows may be about one subject."""
    return workflow.prefix or workflow.subject


def test_every_move_has_a_party_words_and_a_word_for_the_audit_log(workflow: Workflow[Any]) -> None:
    for move in workflow.moves:
        assert move.party.name
        assert move.label
        assert declared().audit.actions[workflow.action(move.name)] == move.audit
    assert workflow.subject in declared().audit.subjects


def test_what_cannot_be_taken_back_is_asked_first_on_its_page(workflow: Workflow[Any]) -> None:
    folder = ROOT.joinpath(*workflow.lock.__module__.split(".")[:3], "templates")
    pages = "".join(path.read_text() for path in folder.rglob("*.html"))
    asked = {move.name for move in workflow.moves if move.asks}
    assert {name for name in asked if f"questions.{name}" not in pages and "questions[move]" not in pages} == set()
    if workflow.subject in ("award_batch", "draw", "letter"):
        assert asked


def test_whatever_a_history_can_tell_has_words_for_the_audit_log(workflow: Workflow[Any]) -> None:
    """Moves, and what else is kept beside them."""
    names = {name for move in workflow.moves for name in type(move.name)}
    assert {workflow.action(name) for name in names} - set(declared().audit.actions) == set()


def test_every_status_can_be_reached_and_only_known_ones_are_named(workflow: Workflow[Any]) -> None:
    known = set(workflow.statuses)
    assert {status for move in workflow.moves for status in (*move.before, move.after, move.last)} - {None} <= known
    reached = set(_first(workflow))
    edges = [(set(move.before), {status for status in (move.after, move.last) if status}) for move in workflow.moves]
    while more := {status for before, after in edges if reached & before for status in after} - reached:
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


def test_the_status_of_what_moves_is_changed_by_its_moves_alone(app: Flask) -> None:
    """Else a change would miss its guards, its step and its audit row."""
    names = {workflow.statuses.__name__ for workflow in declared().workflows}
    naming = server_nodes(rf"\b(?:{'|'.join(names)})\b")
    past_the_moves = [f"{named(path)}: {ast.unparse(node)}" for path, node in naming if _sets_status(node, names)]
    assert past_the_moves == []


def _sets_status(node: ast.AST, names: set[str]) -> bool:
    """`row.status = SomeStatus.X`, and `.values(status=SomeStatus.X)`."""
    if isinstance(node, ast.Assign):
        targets = [each for target in node.targets for each in getattr(target, "elts", (target,))]
        to_status = any(isinstance(each, ast.Attribute) and each.attr == "status" for each in targets)
        return to_status and _named_in(node.value, names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
        return any(each.arg == "status" and _named_in(each.value, names) for each in node.keywords)
    return False


def _named_in(value: ast.expr, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(value))
