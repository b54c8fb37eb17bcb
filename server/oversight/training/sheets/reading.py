"""A workbook of a paper sheet: read, reviewed, kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import Invalid
from server.core.text import search_key
from server.core.web.messages import explain
from server.oversight.training import rules
from server.oversight.training.check_in.corrections import find_enterprise_called, hold_open, new_attendance
from server.oversight.training.models import Attendance, CheckInMeans, ConfirmedBy, TrainingSession
from server.oversight.training.sheets.matching import Candidate, Written, match_all
from server.oversight.training.sheets.shapes import COLUMNS, MOST_LINES, NOT_STAYED, LineIn
from server.unions.actor import Actor
from server.unions.imports.sheets.workbook import read_rows
from server.unions.people.models import Person
from server.unions.tree.models import Union

OWN_COLUMNS = ("name", "enterprise", "phone", "post")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A line under review: where it stands on the sheet, whom it may mean, what is wrong with it."""

    number: int
    line: LineIn | None
    raw: Mapping[str, str]
    enterprise_name: str = ""
    candidates: Sequence[Candidate] = ()
    problem: str = ""
    is_known: bool = False  # on the list already

    @property
    def picked(self) -> UUID | None:
        """Whom the page proposes: the one of whom there can be little doubt."""
        sure = [each for each in self.candidates if each.is_sure]
        return sure[0].person_id if len(sure) == 1 else None


@dataclass(slots=True)
class Kept:
    """What became of the lines that were taken."""

    added: int = 0
    known: list[str] = field(default_factory=list)


def read_sheet(content: bytes) -> list[tuple[int, dict[str, str], LineIn | None, str]]:
    """The lines of a workbook: number, text by field, the line, or else what is wrong. Raises Invalid, TooLarge."""
    lines: list[tuple[int, dict[str, str], LineIn | None, str]] = []
    for raw in read_rows(content, COLUMNS):
        cells = {name: raw.cells.get(name, "") for name in OWN_COLUMNS}
        if not any(cells.values()):
            continue
        stayed = raw.cells.get("stayed", "").strip() not in NOT_STAYED
        try:
            lines.append((raw.number, cells, LineIn.model_validate({**cells, "stayed": stayed}), ""))
        except ValidationError as error:
            lines.append((raw.number, cells, None, explain(error.errors()[0])))
    if len(lines) > MOST_LINES:
        raise Invalid(f"一次最多 {MOST_LINES} 行，请分开上传。", code="too_many_rows")
    return lines


def review(session: Session, row: TrainingSession, content: bytes) -> list[Reviewed]:
    """What would be kept of a workbook, line by line."""
    lines = read_sheet(content)
    places = _enterprises(session, row, {line.enterprise for _, _, line, _ in lines if line is not None})
    read = [(number, cells, line) for number, cells, line, _ in lines if line is not None]
    found = match_all(
        session,
        [
            Written(line.name, line.phone, place.id if (place := places[line.enterprise]) else None)
            for _, _, line in read
        ],
    )
    known = set(session.scalars(select(Attendance.who).where(Attendance.session_id == row.id)))
    good = [
        _reviewed(number, cells, line, places[line.enterprise], candidates, known)
        for (number, cells, line), candidates in zip(read, found, strict=True)
    ]
    bad = [Reviewed(number, None, cells, problem=problem) for number, cells, line, problem in lines if line is None]
    return [*bad, *good]


def _reviewed(
    number: int, cells: Mapping[str, str], line: LineIn, place: Union | None, candidates: Sequence[Candidate],
    known: set[str],
) -> Reviewed:  # fmt: skip
    shown = Reviewed(number, line, cells, place.name if place else "", candidates)
    name, enterprise_id, phone = line.name, place.id if place else None, line.phone or None
    who = rules.identify(
        person_id=shown.picked, enterprise_id=enterprise_id, enterprise=line.enterprise, name=name, phone=phone
    )
    return Reviewed(number, line, cells, shown.enterprise_name, candidates, is_known=who in known)


def _enterprises(session: Session, row: TrainingSession, names: set[str]) -> dict[str, Union | None]:
    return {name: find_enterprise_called(session, row, name) for name in names}


def keep_sheet(session: Session, session_id: UUID, lines: Sequence[LineIn], *, actor: Actor, now: datetime) -> Kept:
    """Write down the lines that the trainer took. Who is on the list already stays as they are. Raises Invalid for a
    person of another enterprise than the line's."""
    row = hold_open(session, session_id, actor)
    taken = [line for line in lines if line.take]
    places = _enterprises(session, row, {line.enterprise for line in taken})
    wanted = {line.person for line in taken if line.person is not None}
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(wanted)))}
    known = set(session.scalars(select(Attendance.who).where(Attendance.session_id == row.id)))
    named = select(Attendance.name_key, Attendance.phone).where(Attendance.session_id == row.id)
    by_phone = session.execute(named.where(Attendance.phone.is_not(None)))
    came = {(each.name_key, each.phone) for each in by_phone}  # by whatever way
    home, kept = session.get_one(Union, row.organiser_id), Kept()
    for line in taken:
        place, person = places[line.enterprise], people.get(line.person) if line.person is not None else None
        if line.person is not None and (person is None or place is None or person.enterprise_id != place.id):
            raise Invalid(f"“{line.name}”选的人不在这家单位，请重新核对。", code="not_theirs")
        made = new_attendance(
            row, name=person.name or line.name if person else line.name, phone=line.phone or None, enterprise=place,
            enterprise_name=line.enterprise, person=person, means=CheckInMeans.SHEET, at=row.starts_at, place=home,
            actor=actor, now=now,
        )  # fmt: skip
        if made.who in known or (search_key(made.name), made.phone) in came:
            kept.known.append(line.name)
            continue
        known.add(made.who)
        _complete(made, line, now)
        session.add(made)
        kept.added += 1
    session.flush()
    record(
        session, "training.sheet_taken", subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now,
        detail={"rows": kept.added},
    )  # fmt: skip
    return kept


def _complete(made: Attendance, line: LineIn, now: datetime) -> None:
    made.post = line.post
    if line.stayed:
        made.confirmed_by, made.confirmed_at = ConfirmedBy.TRAINER, now
    rules.settle(made)
