"""The record as the console's page posts it, and as the page shows it: what was typed, or what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from server.assignments.forms.building.posted_answers import read_posted
from server.assignments.forms.schemas import Definition
from server.assignments.responses.answering.answer_files import name_files
from server.core import ids
from server.oversight.visits.models import Side, SignedBy, Visit
from server.oversight.visits.queries import list_findings, list_signatures, list_talks
from server.oversight.visits.recording.visit_files import Files, finding_field
from server.oversight.visits.schemas import MOST_FINDINGS, MOST_TALKS

Posted = MultiDict[str, str]
TALK = ("people", "topics", "words")
FINDING = (
    "id", "place", "description", "basis", "kind", "grade", "suspected_major", "suggestion", "due_on", "owner",
    "measures", "funds", "emergency_plan",
)  # fmt: skip
SIGNATURE = ("way", "name", "post", "reason", "witness", "file_id", "signed_at")
SPARE_TALKS, SPARE_FINDINGS = 2, 3


@dataclass(slots=True)
class Shown:
    """A record on the page, right or not."""

    version: int = 1
    visited_on: str = ""
    situation: str = ""
    activities: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    skipped: Mapping[str, Any] = field(default_factory=dict)
    talks: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    signatures: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""

    def place_of(self, side: str) -> int:
        """Where a side's signature stands among those that are posted: by that its errors are told."""
        sides = list(self.signatures)
        return sides.index(side) if side in sides else 0

    def with_spare(self) -> "Shown":
        """With some empty rows to fill in; a finding has its id from the beginning, so that photos have a place."""
        talks, findings = MOST_TALKS - len(self.talks), MOST_FINDINGS - len(self.findings)
        self.talks += [{} for _ in range(min(SPARE_TALKS, talks))]
        self.findings += [{"id": str(ids.new_id())} for _ in range(min(SPARE_FINDINGS, findings))]
        return self


def shown_record(session: Session, visit: Visit, now: datetime) -> Shown:
    """The record as it is kept."""
    return Shown(
        version=visit.version,
        visited_on=f"{visit.visited_on or ''}",
        situation=visit.situation,
        activities=visit.activities,
        answers=visit.answers,
        skipped=visit.skipped,
        talks=[{name: getattr(each, name) for name in TALK} for each in list_talks(session, visit.id)],
        findings=[{name: getattr(each, name) for name in FINDING} for each in list_findings(session, visit.id)],
        signatures={
            side: {name: getattr(each, name) for name in SIGNATURE} | {"signed_at": each.signed_at.isoformat()}
            for side, each in list_signatures(session, visit.id).items()
        },
    )


def read_record(form: Definition | None, posted: Posted, files: Files) -> Shown:
    """What was typed, with the photos that were added beside it."""
    version = posted.get("version", "")
    shown = Shown(
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 1,
        visited_on=posted.get("visited_on", ""), situation=posted.get("situation", ""),
        activities=posted.get("activities", ""), talks=_rows(posted, "t", TALK, TALK, MOST_TALKS),
        findings=[
            each | {"id": _id_of(each)}
            for each in _rows(posted, "f", FINDING, ("place", "description", "suggestion"), MOST_FINDINGS)
        ],
        signatures={side: row for side in Side if (row := _row(posted, f"s.{side}", SIGNATURE)).get("way")},
    )  # fmt: skip
    if form is not None:
        answers, shown.skipped = read_posted(form, posted)
        name_files(form, answers, files)
        shown.answers = answers
    return shown


def _rows(posted: Posted, prefix: str, names: Sequence[str], telling: Sequence[str], most: int) -> list[dict[str, Any]]:
    rows = (_row(posted, f"{prefix}.{number}", names) for number in range(most))
    return [row for row in rows if any(row.get(name) for name in telling)]


def _id_of(finding: Mapping[str, Any]) -> str:
    """The id that the page gave it; another where somebody put something else there."""
    try:
        return str(UUID(finding.get("id", "")))
    except ValueError:
        return str(ids.new_id())


def _row(posted: Posted, prefix: str, names: Sequence[str]) -> dict[str, Any]:
    values = {name: posted.get(f"{prefix}.{name}", "") for name in names}
    return {name: value for name, value in values.items() if value}


def fields_of(shown: Shown, key: str, files: Files) -> dict[str, Any]:
    """What `schemas.RecordIn` takes."""
    findings = [
        each | {"photos": [file.id for file in files.get(f"finding.{each.get('id')}", ())]} for each in shown.findings
    ]
    signatures = []
    for side, each in shown.signatures.items():
        kept = {name: value for name, value in each.items() if name != "file_id" or each["way"] == SignedBy.DRAWN}
        signatures.append({"side": side, **kept})
    return {
        "key": key, "version": shown.version, "visited_on": shown.visited_on, "answers": dict(shown.answers),
        "skipped": dict(shown.skipped), "situation": shown.situation, "activities": shown.activities,
        "talks": shown.talks, "findings": findings, "signatures": signatures,
    }  # fmt: skip


def field_of(finding: Mapping[str, Any]) -> str:
    """Where the photos of a finding on the page lie."""
    return finding_field(UUID(str(finding["id"])))
