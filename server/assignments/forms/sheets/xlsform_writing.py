"""A form as XLSForm."""

from collections.abc import Iterator
from typing import Any

import orjson

from server.assignments.forms.schemas import (
    CheckField,
    CheckResult,
    Column,
    Definition,
    Field,
    FieldKind,
    FormSection,
    OneOfField,
    PersonField,
    ProseField,
    SeveralOfField,
    ShownIf,
    TableField,
    YesNoField,
    possible_answers,
)
from server.assignments.forms.sheets.xlsform import (
    CHECK_LIST,
    CHOICES,
    EXTRAS,
    NAME_OF,
    OWN,
    PHONE_OF,
    PHOTO_OF,
    SETTINGS,
    SURVEY,
    TYPES,
    WORDS_OF,
    YES_NO_LIST,
)
from server.assignments.forms.texts import RESULT_NAMES
from server.core.sheets import Sheet, SheetColumn

Row = dict[str, str]
HEADS = {
    SURVEY: (
        "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance", OWN,
    ),
    CHOICES: ("list_name", "name", "label"),
    SETTINGS: ("form_title", "form_id", "version"),
}  # fmt: skip


def xlsform_of(form: Definition, *, title: str, form_id: str, version: int) -> list[Sheet[Row]]:
    """The three sheets. `version` is that of the form's row."""
    settings = {"form_title": title, "form_id": form_id, "version": str(version)}
    sheets = {SURVEY: [*_survey(form)], CHOICES: [*_choices(form)], SETTINGS: [settings]}
    return [Sheet(name, [_column(head) for head in HEADS[name]], rows) for name, rows in sheets.items()]


def _column(head: str) -> SheetColumn[Row]:
    return SheetColumn(head, lambda row: row.get(head, ""), width=24)


def _survey(form: Definition) -> Iterator[Row]:
    kinds = {field.key: field for field in form.fields()}
    for section in form.sections:
        yield {"type": "begin_group", "name": section.key, "label": section.title, OWN: _own_of_section(section)}
        for field in section.fields:
            yield from _rows(field, _relevant(field.shown_if, kinds))
        yield {"type": "end_group"}


def _own_of_section(section: FormSection) -> str:
    concerns = {"concerns": section.concerns} if section.concerns else {}
    return _json({"intro": section.intro, "may_be_skipped": section.may_be_skipped, **concerns})


def _rows(field: Field, relevant: str) -> Iterator[Row]:
    match field:
        case TableField():
            yield {"type": "begin_repeat", **_head(field, relevant)}
            for column in field.columns:
                yield from _column_rows(field, column)
            yield {"type": "end_repeat"}
        case PersonField():
            yield from _person(field, field.key, relevant)
        case CheckField():
            failed = f"${{{field.key}}} = '{CheckResult.FAILED}'"
            yield {"type": f"select_one {CHECK_LIST}", **_head(field, relevant)}
            yield {
                "type": "text", "name": field.key + WORDS_OF, "label": f"{field.label}：哪里不合格",
                "required": "yes", "relevant": failed,
            }  # fmt: skip
            yield {
                "type": "image", "name": field.key + PHOTO_OF, "label": f"{field.label}：照片",
                "required": "yes", "relevant": failed,
            }  # fmt: skip
        case _:
            yield {"type": _type(field, field.key), **_head(field, relevant)}


def _column_rows(table: TableField, column: Column) -> Iterator[Row]:
    """Names are unique in the whole of an XLSForm; columns only within their table."""
    name = f"{table.key}_{column.key}"
    if isinstance(column, PersonField):
        yield from _person(column, name, "")
    else:
        yield {"type": _type(column, name), **_head(column, ""), "name": name}


def _person(field: PersonField, name: str, relevant: str) -> Iterator[Row]:
    yield {"type": "begin_group", **_head(field, relevant), "name": name, "required": ""}
    yield {"type": "text", "name": name + NAME_OF, "label": "姓名", "required": _yes(field.required)}
    yield {"type": "text", "name": name + PHONE_OF, "label": "电话", "appearance": "numbers"}
    yield {"type": "end_group"}


def _type(field: Field | Column, name: str) -> str:
    match field:
        case YesNoField():
            return f"select_one {YES_NO_LIST}"
        case OneOfField() | SeveralOfField():
            return f"{TYPES[field.kind]} {name}"
    return TYPES[field.kind]


def _head(field: Field | Column, relevant: str) -> Row:
    extras: dict[str, Any] = {name: getattr(field, name) for name in EXTRAS if hasattr(field, name)}
    constraint, message = _constraint(field)
    return {
        "name": field.key,
        "label": field.label,
        "hint": _hint(field),
        "required": _yes(field.required),
        "relevant": relevant,
        "constraint": constraint,
        "constraint_message": message,
        "appearance": "multiline" if isinstance(field, ProseField) else "",
        OWN: _json({"kind": field.kind, "required": field.required, **extras}),
    }


def _hint(field: Field | Column) -> str:
    parts = [field.hint]
    if isinstance(field, CheckField):
        parts += [f"部位：{field.place}" if field.place else "", f"合格：{field.criterion}" if field.criterion else ""]
    parts.append(f"依据：{field.basis}" if field.basis else "")
    return "\n".join(part for part in parts if part)


def _constraint(field: Field | Column) -> tuple[str, str]:
    if field.kind not in (FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.DATE):
        return "", ""
    wrap = "date('{}')" if field.kind is FieldKind.DATE else "{}"
    ends = [
        f"{sign} {wrap.format(end)}"
        for sign, end in ((". >=", getattr(field, "least", None)), (". <=", getattr(field, "most", None)))
        if end is not None
    ]
    return " and ".join(ends), "超出了范围" if ends else ""


def _relevant(shown_if: ShownIf | None, kinds: dict[str, Field]) -> str:
    if shown_if is None:
        return ""
    name = f"${{{shown_if.field}}}"
    if isinstance(kinds[shown_if.field], SeveralOfField):
        return f"selected({name}, '{shown_if.equals}')"
    return f"{name} = '{shown_if.equals}'"


def _choices(form: Definition) -> Iterator[Row]:
    kinds = {field.kind for field in form.fields()}
    if FieldKind.CHECK in kinds:
        yield from _list(CHECK_LIST, {key.value: words for key, words in RESULT_NAMES.items()})
    if any(isinstance(each, YesNoField) for _, each in _choosing(form)):
        yield from _list(YES_NO_LIST, {"yes": "是", "no": "否"})
    for name, each in _choosing(form):
        if isinstance(each, OneOfField | SeveralOfField):
            yield from _list(name, possible_answers(each))


def _choosing(form: Definition) -> Iterator[tuple[str, Field | Column]]:
    for field in form.fields():
        yield field.key, field
        if isinstance(field, TableField):
            yield from ((f"{field.key}_{column.key}", column) for column in field.columns)


def _list(name: str, answers: dict[str, str]) -> Iterator[Row]:
    return ({"list_name": name, "name": key, "label": words} for key, words in answers.items())


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _json(data: dict[str, Any]) -> str:
    return orjson.dumps({key: value for key, value in data.items() if value not in ("", None)}, default=str).decode()
