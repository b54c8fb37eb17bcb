"""Changes of a form's definition. Pure: one in, another out. Raise Invalid where it does not hang together."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from server.assignments.forms.schemas import Definition, Field, FormSection
from server.core.errors import Invalid, NotFound
from server.core.web.errors import invalid_from

P = TypeVar("P", FormSection, Field)


def add_section(form: Definition, title: str) -> Definition:
    """One more part at the end."""
    key = _new_key("s", [section.key for section in form.sections])
    return _with_sections(form, [*form.sections, FormSection(key=key, title=title)])


def change_section(form: Definition, key: str, **changes: object) -> Definition:
    """Another title, intro, or whether it may be skipped."""
    return _replace_section(form, key, lambda section: section.model_copy(update=changes))


def remove_section(form: Definition, key: str) -> Definition:
    """Without the part and its fields."""
    _find(form.sections, key)
    return _with_sections(form, [section for section in form.sections if section.key != key])


def move_section(form: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down."""
    return _with_sections(form, _moved(form.sections, key, steps))


def new_field_key(form: Definition) -> str:
    """A key that no field has, nor had as long as the one with the highest number stays."""
    return _new_key("f", [field.key for field in form.fields()])


def put_field(form: Definition, section_key: str, field: Field) -> Definition:
    """The field in the place of the one with its key, else at the end of the part."""

    def put(section: FormSection) -> FormSection:
        if any(each.key == field.key for each in section.fields):
            fields = tuple(field if each.key == field.key else each for each in section.fields)
        else:
            fields = (*section.fields, field)
        return section.model_copy(update={"fields": fields})

    return _replace_section(form, section_key, put)


def remove_field(form: Definition, key: str) -> Definition:
    """Without the field."""
    section = section_of(form, key)
    kept = tuple(field for field in section.fields if field.key != key)
    return _replace_section(form, section.key, lambda each: each.model_copy(update={"fields": kept}))


def move_field(form: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down within its part."""
    section = section_of(form, key)
    moved = tuple(_moved(section.fields, key, steps))
    return _replace_section(form, section.key, lambda each: each.model_copy(update={"fields": moved}))


def section_of(form: Definition, field_key: str) -> FormSection:
    """The part in which a field is. Raises NotFound."""
    for section in form.sections:
        if any(field.key == field_key for field in section.fields):
            return section
    raise NotFound


def field_of(form: Definition, key: str) -> Field:
    """The field with this key. Raises NotFound."""
    return _find(tuple(form.fields()), key)


def _new_key(prefix: str, taken: Sequence[str]) -> str:
    numbers = [int(key[1:]) for key in taken if key[0] == prefix and key[1:].isdigit() and len(key) < 9]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _find(parts: Sequence[P], key: str) -> P:
    for part in parts:
        if part.key == key:
            return part
    raise NotFound


def _moved(parts: Sequence[P], key: str, steps: int) -> list[P]:
    part = _find(parts, key)
    others = [each for each in parts if each.key != key]
    others.insert(max(0, list(parts).index(part) + steps), part)
    return others


def _replace_section(form: Definition, key: str, change: Callable[[FormSection], FormSection]) -> Definition:
    _find(form.sections, key)
    return _with_sections(form, [change(section) if section.key == key else section for section in form.sections])


def _with_sections(form: Definition, sections: Sequence[FormSection]) -> Definition:
    """Checked anew, since fields hang on each other."""
    return read_definition({"sections": [section.model_dump(mode="json") for section in sections]})


def read_definition(kept: Any) -> Definition:
    """The definition in what was kept or came in. Raises Invalid in the words of what does not fit."""
    try:
        return Definition.model_validate(kept)
    except ValidationError as error:
        fields = invalid_from(error).fields
        raise Invalid("；".join(dict.fromkeys(fields.values())), fields=fields, code="form_does_not_fit") from error
