"""Two answers of one recipient, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.assignments.forms.schemas import Definition
from server.assignments.forms.showing.answer_words import say_answer
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.rules import changed_paths
from server.assignments.responses.schemas import FORMLESS


@dataclass(frozen=True, slots=True)
class Line:
    """A field, or a part that was skipped, in both."""

    label: str
    left: str
    right: str
    is_changed: bool
    remark: str  # what was to be corrected in the left one


def compare(form: Definition | None, left: ResponseVersion, right: ResponseVersion) -> Sequence[Line]:
    """Every field in its order, then the words beside the form."""
    changed, lines = changed_paths(left, right), list[Line]()
    for section in form.sections if form is not None else ():
        if section.key in left.skipped or section.key in right.skipped:
            reasons = [each.skipped.get(section.key) for each in (left, right)]
            said = [f"不涉及：{reason}" if reason else "" for reason in reasons]
            lines.append(_line(section.title, said, section.key in changed, left, section.key))
        for asked in section.fields:
            said = [say_answer(asked, each.answers.get(asked.key)) for each in (left, right)]
            lines.append(_line(asked.label, said, asked.key in changed, left, asked.key))
    if left.text or right.text:
        lines.append(_line("说明", [left.text, right.text], FORMLESS in changed, left, FORMLESS))
    return [line for line in lines if line.left or line.right or line.remark]


def _line(label: str, said: Sequence[str], is_changed: bool, version: ResponseVersion, key: str) -> Line:
    remarks = [words for path, words in version.remarks.items() if path.partition(".")[0] == key]
    return Line(label, said[0], said[1], is_changed, "；".join(remarks))
