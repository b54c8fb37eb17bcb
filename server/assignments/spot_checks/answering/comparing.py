"""What a union found where it looked itself, beside what it had been told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from server.assignments.forms.schemas import CheckField, CheckResult, Definition
from server.assignments.forms.texts import RESULT_NAMES
from server.assignments.responses.answering.answer_files import SENT, list_by_field
from server.assignments.responses.queries import answers_of
from server.assignments.spot_checks.answering.photos import CHECK
from server.assignments.spot_checks.models import SpotCheck
from server.assignments.spot_checks.queries import read_form
from server.kit.files.models import AttachedFile

NOT_ASKED = "不涉及（整个部分）"


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of an item, with its pictures."""

    result: str
    words: str
    files: Sequence[AttachedFile]


@dataclass(frozen=True, slots=True)
class Compared:
    """One item: what those who were asked said, what the union found."""

    label: str
    section: str
    theirs: Said
    ours: Said

    @property
    def differs(self) -> bool:
        return self.theirs.result != self.ours.result


Side = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Sequence[AttachedFile]]]
"""Answers, parts that were left out, files by field."""


def compare(session: Session, check: SpotCheck) -> list[Compared]:
    """Item by item, those that differ first."""
    sent = answers_of(session, [check.recipient_id]).get(check.recipient_id)
    theirs: Side = ({}, {}, {})
    if sent is not None:
        theirs = (sent.answers, sent.skipped, list_by_field(session, SENT, sent.id))
    ours = (check.answers, check.skipped, list_by_field(session, CHECK, check.id))
    return sorted(_rows(read_form(session, check), theirs, ours), key=lambda row: not row.differs)


def _rows(form: Definition, theirs: Side, ours: Side) -> Iterator[Compared]:
    for section in form.sections:
        for item in section.fields:
            if isinstance(item, CheckField):
                said, found = (_said(section.key, item.key, *side) for side in (theirs, ours))
                yield Compared(item.label, section.title, said, found)


def _said(
    section: str, item: str, answers: Mapping[str, Any], skipped: Mapping[str, Any],
    files: Mapping[str, Sequence[AttachedFile]],
) -> Said:  # fmt: skip
    if section in skipped:
        return Said(NOT_ASKED, str(skipped[section]), ())
    said = answers.get(item) or {}
    result = RESULT_NAMES[CheckResult(said["result"])] if said.get("result") else "没有填"
    return Said(result, said.get("words", ""), files.get(item, ()))
