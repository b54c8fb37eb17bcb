"""A field as the console's page edits it: what is posted, read into its shape, and the shape as the page shows it.

Choices stand one a line. Columns of a table too: “持证人数 | 整数 | 必填”, “单位性质 | 单选 国有、民营”. What keeps
its words keeps its key, so that answers stay with it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from server.assignments.forms.ports import figure_words
from server.assignments.forms.schemas import (
    FIELD,
    Choice,
    Column,
    Field,
    FieldKind,
    OneOfField,
    SeveralOfField,
    TableField,
)
from server.assignments.forms.texts import COLUMN_KINDS
from server.core.errors import Invalid
from server.core.text import clean_line
from server.core.web.errors import invalid_from

COMMON = ("label", "hint", "basis")
OWN = {
    FieldKind.TEXT: ("max_length",),
    FieldKind.PROSE: ("max_length",),
    FieldKind.INTEGER: ("least", "most", "unit"),
    FieldKind.DECIMAL: ("least", "most", "places", "unit"),
    FieldKind.MONEY: ("least", "most"),
    FieldKind.DATE: ("least", "most"),
    FieldKind.ONE_OF: ("choices",),
    FieldKind.SEVERAL_OF: ("choices", "most"),
    FieldKind.CHECK: ("place", "criterion", "suspected_major", "grade"),
    FieldKind.PHOTO: ("most",),
    FieldKind.FILE: ("most",),
    FieldKind.TABLE: ("columns", "most"),
    FieldKind.FIGURE: ("figure",),
}
"""What is set beside name, hint, basis, condition and whether it must be filled in."""

_BAR = re.compile(r"\s*[|｜\t]\s*")
_MUST = ("必填", "是", "*")
_SEVERAL = re.compile(r"[、/，,]")


def read_field(kind: FieldKind, key: str, raw: Mapping[str, Any], before: Field | None) -> Field:
    """The field that was posted. Raises Invalid by name of the posted field."""
    data: dict[str, Any] = {"kind": kind, "key": key, "required": bool(raw.get("required"))}
    data |= {name: raw.get(name, "") for name in COMMON}
    data |= {name: raw[name] for name in OWN.get(kind, ()) if raw.get(name) not in (None, "")}
    if kind in (FieldKind.INTEGER, FieldKind.MONEY) and not raw.get("least"):
        data["least"] = None
    asked, _, equals = str(raw.get("condition", "")).partition("=")
    if asked:
        data["shown_if"] = {"field": asked, "equals": equals}
    if "choices" in data:
        kept = before.choices if isinstance(before, OneOfField | SeveralOfField) else ()
        data["choices"] = read_choices(str(data["choices"]), kept)
    if "columns" in data:
        data["columns"] = _read_columns(str(data["columns"]), before.columns if isinstance(before, TableField) else ())
    if kind is FieldKind.FIGURE and data.get("figure") not in {each.key for each in figure_words()}:
        raise Invalid(fields={"figure": "请从列出的数字里选"})
    try:
        return FIELD.validate_python(data)
    except ValidationError as error:
        raise Invalid(fields=_by_input(invalid_from(error).fields)) from error


def show_field(field: Field) -> dict[str, Any]:
    """The field as its page shows it: name of the input to value."""
    shown: dict[str, Any] = {name: getattr(field, name) for name in (*COMMON, *OWN.get(field.kind, ()))}
    shown["required"] = field.required
    shown["condition"] = f"{field.shown_if.field}={field.shown_if.equals}" if field.shown_if else ""
    if isinstance(field, OneOfField | SeveralOfField):
        shown["choices"] = "\n".join(choice.label for choice in field.choices)
    if isinstance(field, TableField):
        shown["columns"] = "\n".join(_column_line(column) for column in field.columns)
    return shown


def read_choices(text: str, kept: Sequence[Choice]) -> list[dict[str, str]]:
    """One choice a line; those that were there keep their keys."""
    keys = {choice.label: choice.key for choice in kept}
    labels = list(dict.fromkeys(line for line in map(clean_line, text.split("\n")) if line))
    return [{"key": key, "label": label} for key, label in zip(_keys(labels, keys, "c"), labels, strict=True)]


def _keys(labels: Sequence[str], kept: Mapping[str, str], prefix: str) -> list[str]:
    numbers = [int(key[1:]) for key in kept.values() if key[0] == prefix and key[1:].isdigit() and len(key) < 9]
    following = max(numbers, default=0)
    keys = []
    for label in labels:
        if label in kept:
            keys.append(kept[label])
        else:
            following += 1
            keys.append(f"{prefix}{following}")
    return keys


def _read_columns(text: str, kept: Sequence[Column]) -> list[dict[str, Any]]:
    before = {column.label: column for column in kept}
    parts = [_BAR.split(line) for line in map(_with_bars, text.split("\n")) if line]
    keys = _keys([part[0] for part in parts], {label: column.key for label, column in before.items()}, "c")
    return [_read_column(part, key, before.get(part[0])) for part, key in zip(parts, keys, strict=True)]


def _with_bars(line: str) -> str:
    """One line, its tabs kept as bars."""
    return clean_line(line.replace("\t", "|"))


def _read_column(parts: Sequence[str], key: str, before: Column | None) -> dict[str, Any]:
    word, _, choices = (parts[1] if len(parts) > 1 else "文字").partition(" ")
    if word not in COLUMN_KINDS:
        raise Invalid(fields={"columns": f"“{parts[0]}”的类型“{word}”不认识，可以写：{'、'.join(COLUMN_KINDS)}"})
    data: dict[str, Any] = {}
    if before is not None and before.kind is COLUMN_KINDS[word]:
        data = before.model_dump(mode="json")  # the limits that came with a sheet: no line says them
    data |= {"kind": COLUMN_KINDS[word], "key": key, "label": parts[0]}
    data["required"] = len(parts) > 2 and parts[2] in _MUST
    if COLUMN_KINDS[word] is FieldKind.ONE_OF:
        kept = before.choices if isinstance(before, OneOfField) else ()
        data["choices"] = read_choices(_SEVERAL.sub("\n", choices), kept)
    return data


def _column_line(column: Column) -> str:
    word = next(word for word, kind in COLUMN_KINDS.items() if kind is column.kind)
    if isinstance(column, OneOfField):
        word += f" {'、'.join(choice.label for choice in column.choices)}"
    return " | ".join([column.label, word, *(["必填"] if column.required else [])])


def _by_input(fields: Mapping[str, str]) -> dict[str, str]:
    """Complaints by the input that they are about: `text.choices.0.label` is about `choices`."""
    by_input: dict[str, str] = {}
    for path, words in fields.items():
        parts = path.split(".")
        name = parts[1] if len(parts) > 1 else "most"  # of the whole field only the two ends can be wrong
        by_input.setdefault("condition" if name == "shown_if" else name, words)
    return by_input
