"""What an answer is, apart from the database: its hash, the places in it, what differs between two."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.assignments.forms.rules import check_answers
from server.assignments.forms.schemas import Definition
from server.assignments.responses.schemas import FORMLESS, ResponseIn


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody says: as it is kept, and what of it was not taken, by path."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    skipped: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    def is_same(self, other: Any) -> bool:
        """Whether it says the same as another, or as a row that keeps one."""
        return (self.answers, self.skipped, self.text) == (other.answers, other.skipped, other.text)


def read_content(form: Definition | None, body: ResponseIn, *, final: bool) -> Content:
    """What was filled in, checked by the form; without a form there are only words."""
    if form is None:
        errors = {key[:40]: "表单里没有这一项" for key in (*body.answers, *body.skipped)}
        if final and not body.text:
            errors[FORMLESS] = "请写明办理情况"
        return Content(text=body.text, errors=errors)
    checked = check_answers(form, body.answers, body.skipped, final=final)
    return Content(checked.answers, checked.skipped, body.text, checked.errors)


def hash_content(content: Content, answers: Mapping[str, Any]) -> str:
    """Of what is sent, the same on every machine. `answers`: with what their files hold in place of their ids."""
    said = {"answers": answers, "skipped": content.skipped, "text": content.text}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def unknown_paths(form: Definition | None, paths: Iterable[str]) -> list[str]:
    """Those that lead to no field, part or cell of the form, nor to the words beside it."""
    known = {FORMLESS}
    if form is not None:
        known |= {each.key for each in form.fields()} | {section.key for section in form.sections}
    return [path for path in paths if path.partition(".")[0] not in known]


def changed_paths(one: Any, other: Any) -> set[str]:
    """The fields, parts and words in which two answers differ."""
    changed = {FORMLESS} if one.text != other.text else set()
    for before, after in ((one.answers, other.answers), (one.skipped, other.skipped)):
        changed |= {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return changed
