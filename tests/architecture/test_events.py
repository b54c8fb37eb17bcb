"""Events go up only and only announce; what a wing asks of those above goes through a port that has a name."""

import ast
import re
from collections.abc import Callable
from configparser import ConfigParser
from importlib import import_module
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Table

from server import wiring
from server.core.db import Base
from server.core.events import Event, subscriptions
from server.core.ports import Port
from server.core.slice import declared
from tests.support.sources import ROOT, module_of, named, server_modules, server_nodes

NAMING = {"ForeignKey", "ForeignKeyConstraint", "Table", "literal_column", "table", "text"}
"""What takes the name of a table."""
DERIVED = re.compile(r"class \w+\(\w*Event\)")


@pytest.fixture(scope="module")
def every_event() -> set[type[Event]]:
    """Every event of the service that can be published, wherever it stands."""
    modules = [import_module(module_of(path)) for path, text in server_modules() if DERIVED.search(text)]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    return {each for each in classes if issubclass(each, Event) and "name" in vars(each)}


def _heard() -> list[tuple[type[Event], Callable[..., Any]]]:
    """Who listens to what, without the tests' own."""
    return [(kind, each) for kind, each in subscriptions() if each.__module__.startswith("server.")]


def test_every_event_is_declared_by_the_slice_in_whose_events_it_stands(
    app: Flask, every_event: set[type[Event]]
) -> None:
    assert every_event == declared().events
    for slice_ in wiring.rooms("slice"):
        own = slice_.__name__.removesuffix(".slice")
        assert [each.__module__ for each in slice_.SLICE.events if each.__module__ != f"{own}.events"] == []


def test_every_event_has_a_listener_and_nobody_waits_for_another(app: Flask, every_event: set[type[Event]]) -> None:
    kinds = [kind for kind, _ in _heard()]
    assert {each for each in every_event if not any(issubclass(each, kind) for kind in kinds)} == set()
    assert {kind for kind in kinds if not any(issubclass(each, kind) for each in every_event)} == set()


def _height(module: str) -> int:
    """How high its wing stands."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:wings"]["layers"].strip().splitlines()
    wings = [set(re.findall(r"\w+", layer)) for layer in reversed(layers)]
    return next(height for height, names in enumerate(wings) if module.split(".")[1] in names)


def test_events_go_up_only(app: Flask) -> None:
    """Downwards a slice calls. Whoever tells people of an event by the inbox hears it too."""
    hearing = [(kind, each.__module__) for kind, each in _heard()]
    hearing += [(kind, each.__module__) for kind, writers in declared().messages.items() for each in writers]
    assert [(kind.__name__, module) for kind, module in hearing if _height(module) < _height(kind.__module__)] == []


def test_an_event_is_called_by_one_name_that_is_spelt_out_where_it_is_declared(every_event: set[type[Event]]) -> None:
    spelt = [
        str(statement.value.value)
        for path, text in server_modules() if path.name == "events.py"
        for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Constant)
        and isinstance(statement.target, ast.Name) and statement.target.id == "name"
    ]  # fmt: skip
    assert sorted(spelt) == sorted(each.name for each in every_event)
    assert len(set(spelt)) == len(spelt)


def test_a_subscriber_names_the_class_of_what_it_hears() -> None:
    """No name put together from parts, no table of names."""
    asked = [
        (named(path), node.args[0])
        for path, node in server_nodes(r"\bsubscribe\(")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "subscribe"
    ]
    assert asked
    assert [where for where, first in asked if not isinstance(first, ast.Name)] == []


def _ports() -> dict[str, Port[Any]]:
    modules = [
        import_module(module_of(path))
        for path, text in server_modules() if "Port(" in text
    ]  # fmt: skip
    found = [each for module in modules for each in vars(module).values() if isinstance(each, Port)]
    return {port.name: port for port in found}


def test_every_port_is_answered_from_above_and_stands_in_the_list_of_the_architecture(app: Flask) -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    ports = _ports()
    assert ports
    assert [name for name, port in ports.items() if not port.answers] == []
    assert [name for name in ports if f"`{name}`" not in page] == []


def test_no_wing_names_a_table_of_one_above(app: Flask) -> None:
    """Neither as the goal of a foreign key nor in a piece of SQL."""
    home = {cast(Table, mapper.local_table).name: mapper.class_.__module__ for mapper in Base.registry.mappers}
    upward = [
        f"{named(path)}:{node.lineno} {table}"
        for path, node in server_nodes(rf"\b(?:{'|'.join(NAMING)})\(") if "migrations" not in path.parts
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMING
        for argument in node.args if isinstance(argument, ast.Constant)
        for table in re.findall(r"\w+", str(argument.value))
        if table in home and _height(module_of(path)) < _height(home[table])
    ]  # fmt: skip
    assert upward == []
