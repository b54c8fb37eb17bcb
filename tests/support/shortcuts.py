"""What tests share, so that an application for each of them costs little. Nothing here changes what code does."""

import os
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.environment import Environment
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from server.core import db
from server.core.settings import Settings
from server.photos.copies import finding
from server.photos.copies.limited import Picture, Prints, look_limited

PAGES = "PAGES_OF_TESTS"  # the variable that names the folder


def share_routes(patch: pytest.MonkeyPatch) -> None:
    """Compile the function that builds a route's addresses once: it depends on nothing but the words of the rule."""
    compile_anew: Callable[[Rule, bool], Any] = Rule._compile_builder
    known: dict[object, Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # their values are built into the function
            return compile_anew(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    patch.setattr(Rule, "_compile_builder", compile_once)


def share_pages(patch: pytest.MonkeyPatch) -> None:
    """Keep the code of compiled templates, by their text, for all processes of a run: compiling all of them takes five
    seconds."""
    create: Callable[[Flask], Environment] = Flask.create_jinja_environment
    cache = FileSystemBytecodeCache(os.environ[PAGES])

    def create_with_cache(app: Flask) -> Environment:
        environment = create(app)
        environment.bytecode_cache = cache
        return environment

    patch.setattr(Flask, "create_jinja_environment", create_with_cache)


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """Compile a statement once for each kind of database, not once for each of a thousand copies."""
    make_engine: Callable[[Settings, float | None], Engine] = db.make_engine
    compiled = _Compiled(2000)

    def make_with_cache(settings: Settings, statement_seconds: float | None) -> Engine:
        engine = make_engine(settings, statement_seconds)
        engine._compiled_cache = compiled
        return engine

    patch.setattr(db, "make_engine", make_with_cache)


def share_prints(patch: pytest.MonkeyPatch) -> None:
    """Look for the striking spots of a picture once: it takes 20 to 40 ms, and most tests send the same few photos.
    They depend on nothing but the picture."""
    known = LRUCache[bytes, Prints](200)

    def look_once(display: Picture) -> Prints:
        key = blake2b(display if isinstance(display, bytes) else display.read_bytes()).digest()
        found = known.get(key)
        if found is None:
            found = known[key] = look_limited(display)
        return found

    patch.setattr(finding, "look_limited", look_once)


class _Compiled(LRUCache[Any, Any]):
    """SQLAlchemy's cache, whose keys begin with the engine's dialect: with the dialect's name in its place."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._common(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(self._common(key), value)

    @staticmethod
    def _common(key: Any) -> Any:
        dialect, *others = key
        return (dialect.name, *others)
