"""Changes of a form's definition. Pure: one in, another out. Raise Invalid where it does not hang together."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from server.assignments.forms.schemas import Definition, Field, FormSection
from server.core.errors import Invalid, NotFound
from server.core.web.errors import invalid_from
from server.kit import keyed


def add_section(form: Definition, title: str) -> Definition:
    """One more part at the end."""
    return _with_sections(form.sections, FormSection(key=keyed.new_key("s", form.sections), title=title))


def change_section(form: Definition, key: str, **changes: object) -> Definition:
    """Another title, intro, or whether it may be skipped."""
    return _with_sections(form.sections, keyed.find_keyed(form.sections, key).model_copy(update=changes))


def remove_section(form: Definition, key: str) -> Definition:
    """Without the part and its fields."""
    return _with_sections(keyed.remove(form.sections, key))


def move_section(form: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down."""
    return _with_sections(keyed.move(form.sections, key, steps))


def new_field_key(form: Definition) -> str:
    """A key that no field has."""
    return keyed.new_key("f", tuple(form.fields()))


def put_field(form: Definition, section_key: str, field: Field) -> Definition:
    """The field in the place of the one with its key, else at the end of the part."""
    section = keyed.find_keyed(form.sections, section_key)
    return _with_fields(form, section, keyed.put(section.fields, field))


def remove_field(form: Definition, key: str) -> Definition:
    """Without the field."""
    section = section_of(form, key)
    return _with_fields(form, section, keyed.remove(section.fields, key))


def move_field(form: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down within its part."""
    section = section_of(form, key)
    return _with_fields(form, section, keyed.move(section.fields, key, steps))


def section_of(form: Definition, field_key: str) -> FormSection:
    """The part in which a field is. Raises NotFound."""
    for section in form.sections:
        if any(field.key == field_key for field in section.fields):
            return section
    raise NotFound


def field_of(form: Definition, key: str) -> Field:
    """The field with this key. Raises NotFound."""
    return keyed.find_keyed(tuple(form.fields()), key)


def _with_fields(form: Definition, section: FormSection, fields: Sequence[Field]) -> Definition:
    return _with_sections(form.sections, section.model_copy(update={"fields": tuple(fields)}))


def _with_sections(sections: Sequence[FormSection], changed: FormSection | None = None) -> Definition:
    """Checked anew, since fields hang on each other."""
    kept = sections if changed is None else keyed.put(sections, changed)
    return read_definition({"sections": [section.model_dump(mode="json") for section in kept]})


def read_definition(kept: Any) -> Definition:
    """The definition in what was kept or came in. Raises Invalid in the words of what does not fit."""
    try:
        return Definition.model_validate(kept)
    except ValidationError as error:
        fields = invalid_from(error).fields
        raise Invalid("；".join(dict.fromkeys(fields.values())), fields=fields, code="form_does_not_fit") from error
