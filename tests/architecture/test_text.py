"""Whatever people fill in is cleaned at the door, by the one module that knows how."""

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, get_args, get_origin

import pytest
from flask import Flask
from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from server.core.text import clean_line, clean_prose, fold_width, read_phone
from server.core.web.schemas import AsTyped, In
from tests.support.sources import named, server_modules
from tests.support.sources import texts as texts_of

CLEANERS = {clean_line, clean_prose, fold_width, read_phone}
UNSEEN = ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\u200b", "\u202e", "\u2066", "\ufeff"]


def shapes(shape: type[In] = In) -> Iterator[type[In]]:
    for each in shape.__subclasses__():
        yield each
        yield from shapes(each)


def texts(annotation: Any, marks: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """What is said of each text within an annotation: lists, choices and dictionaries are looked into."""
    if annotation is str:
        yield marks
    elif hasattr(annotation, "__metadata__"):
        yield from texts(get_args(annotation)[0], (*annotation.__metadata__, *marks))
    elif get_origin(annotation) is not None:
        for inner in get_args(annotation):
            yield from texts(inner)


def is_clean(marks: tuple[Any, ...]) -> bool:
    """Cleaned, never stored or shown, or held to a pattern that lets nothing unseen through."""
    if any(isinstance(mark, AsTyped) or (isinstance(mark, AfterValidator) and mark.func in CLEANERS) for mark in marks):
        return True
    patterns = [str(mark.pattern) for mark in marks if isinstance(mark, StringConstraints) and mark.pattern]
    return any(
        pattern.startswith("^") and pattern.endswith("$") and not any(re.search(pattern, bad) for bad in UNSEEN)
        for pattern in patterns
    )


def bare_texts(field: FieldInfo) -> list[tuple[Any, ...]]:
    return [marks for marks in texts(field.annotation, tuple(field.metadata)) if not is_clean(marks)]


def test_every_text_that_people_fill_in_is_cleaned(app: Flask) -> None:
    assert app.view_functions  # the application is loaded, and every shape with it
    bare = [
        f"{shape.__module__}.{shape.__name__}.{name}"
        for shape in set(shapes())
        for name, field in shape.model_fields.items()
        if bare_texts(field)
    ]
    assert sorted(bare) == []
    assert len(set(shapes())) > 80


def test_every_day_and_moment_that_people_fill_in_can_be_meant(app: Flask) -> None:
    assert app.view_functions
    bare = [
        f"{shape.__module__}.{shape.__name__}.{name}"
        for shape in set(shapes())
        for name, field in shape.model_fields.items()
        if {date, datetime} & {field.annotation, *get_args(field.annotation)} and not field.metadata
    ]
    assert sorted(bare) == []


def test_a_line_break_counts_as_one_character_in_whatever_people_fill_in(app: Flask) -> None:
    """Browsers send two for it, and count one."""
    assert app.view_functions
    refused, tried = [], 0
    for shape in set(shapes()):
        for name, field in shape.model_fields.items():
            most = [mark.max_length for mark in field.metadata if isinstance(mark, StringConstraints)]
            is_prose = any(isinstance(mark, AfterValidator) and mark.func is clean_prose for mark in field.metadata)
            if is_prose and most and most[-1]:
                tried += 1
                full, text = "\r\n".join("字" * ((most[-1] + 1) // 2)), field.annotation
                marked: Any = Annotated[(text, *field.metadata)]
                try:
                    TypeAdapter(marked).validate_python(full)
                except ValidationError:
                    refused.append(f"{shape.__module__}.{shape.__name__}.{name}")
    assert refused == []
    assert tried > 20


@pytest.mark.parametrize("annotation", [str, str | None, list[str], dict[str, int]])
def test_a_bare_text_is_noticed(annotation: Any) -> None:
    assert not all(is_clean(marks) for marks in texts(annotation))


def test_query_strings_and_forms_are_read_by_one_module() -> None:
    reading = re.compile(r"\brequest\.(form|args|values|json|get_json)\b")
    readers = {named(path) for path, text in server_modules() if reading.search(text)}
    assert readers == {
        "server/core/web/forms.py",
        "server/channels/official_account/api.py",  # hands WeChat's signed parameters on as they came
    }


JARGON = re.compile(r"SUISHOUPAI_|_KEY_PREVIOUS|LibreOffice|环境变量|GCJ-?02|WGS-?84", re.IGNORECASE)
FOR_OPERATORS = re.compile(r"^server/(cli|checkup|supervisor)\.py$|^server/core/(ops/|settings)")


def test_what_clerks_and_workers_read_names_no_variable_program_or_datum() -> None:
    """Chinese words of the service, and its pages; only commands and checks speak to who runs the server."""
    said = [
        f"{named(path)}: {node.value[:40]}"
        for path, text in server_modules() if not FOR_OPERATORS.search(named(path))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and re.search("[\\u4e00-\\u9fff]", node.value) and JARGON.search(node.value)
    ]  # fmt: skip
    pages = [named(path) for path, text in texts_of() if "/templates/" in named(path) and JARGON.search(_shown(text))]
    assert (said, pages) == ([], [])


def _shown(page: str) -> str:
    """The words of a template, without its tags and its code."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", page, flags=re.DOTALL)
