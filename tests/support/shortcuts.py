"""What tests share, so that an application for each of them costs little. Nothing here changes what code does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.environment import Environment
from werkzeug.routing import Rule


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


def share_pages(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep the code of compiled templates, by their text."""
    create: Callable[[Flask], Environment] = Flask.create_jinja_environment
    cache = FileSystemBytecodeCache(str(folder))

    def create_with_cache(app: Flask) -> Environment:
        environment = create(app)
        environment.bytecode_cache = cache
        return environment

    patch.setattr(Flask, "create_jinja_environment", create_with_cache)
