"""Answers that the console's page posts, read into the shape that `rules.check_answers` takes.

Inputs are called by the path of what they hold: `f1`, `f2.result`, `f3.0.c1`, `skip.s1`; answers keep what was typed,
right or not, so that a refused page can show it again.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from server.assignments.forms.schemas import (
    CheckField,
    Column,
    Definition,
    Field,
    FigureField,
    FileField,
    PersonField,
    PhotoField,
    SeveralOfField,
    TableField,
    YesNoField,
)

Posted = MultiDict[str, str]
NO_FILE = str(UUID(int=0))  # stands for one
_YES_NO = {"yes": True, "no": False}


def read_posted(form: Definition, posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers, reasons of the sections that are skipped)."""
    answers = {field.key: _value(field, field.key, posted) for field in form.fields()}
    skipped = {
        section.key: posted.get(f"skip.{section.key}.reason", "")
        for section in form.sections
        if posted.get(f"skip.{section.key}")
    }
    return {key: value for key, value in answers.items() if value is not None}, skipped


def as_if_with_files(form: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with a photo or file wherever one may be asked for: where a form is tried out, none can be sent."""
    with_files = dict(answers)
    for field in form.fields():
        if isinstance(field, PhotoField | FileField):
            with_files[field.key] = [NO_FILE]
        elif isinstance(field, CheckField) and field.key in answers:
            with_files[field.key] = {**answers[field.key], "photos": [NO_FILE]}
    return with_files


def _value(field: Field | Column, name: str, posted: Posted) -> Any:
    match field:
        case PhotoField() | FileField():
            return None  # files come by themselves, and are answered by their ids
        case FigureField():
            return None
        case SeveralOfField():
            return posted.getlist(name) or None
        case YesNoField():
            text = posted.get(name)
            return _YES_NO.get(text, text) if text else None
        case PersonField():
            person = {"name": posted.get(f"{name}.name", ""), "phone": posted.get(f"{name}.phone", "")}
            return person if any(person.values()) else None
        case CheckField():
            found = {"result": posted.get(f"{name}.result", ""), "words": posted.get(f"{name}.words", "")}
            return found if any(found.values()) else None
        case TableField():
            return list(_rows(field, name, posted)) or None
        case _:
            return posted.get(name) or None


def _rows(field: TableField, name: str, posted: Posted) -> Iterator[dict[str, Any]]:
    for number in range(field.most):
        row = {column.key: _value(column, f"{name}.{number}.{column.key}", posted) for column in field.columns}
        if kept := {key: value for key, value in row.items() if value is not None}:
            yield kept
