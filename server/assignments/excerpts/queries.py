"""Reads of excerpts: what can be picked of accepted answers, and what is picked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import names_of_recipients
from server.assignments.excerpts.models import Excerpt
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import Definition, Field, PhotoField, ProseField
from server.assignments.forms.showing.answer_words import with_figures
from server.assignments.responses.answering.answer_files import SENT
from server.assignments.responses.models import ResponseVersion
from server.assignments.rollup.counting.accepted import Reported, read_accepted
from server.core.slice import ERASED_NAME
from server.kit.files.models import AttachedFile
from server.kit.files.queries import list_files
from server.unions.people.models import Person


def form_of(session: Session, assignment: Assignment) -> Definition:
    """What was asked; without a form nothing that could be picked."""
    return find_frozen(session, assignment.form_version_id) or Definition()


def is_passage(asked: Field) -> bool:
    """What can be picked: words, and photos."""
    return isinstance(asked, ProseField | PhotoField)


@dataclass(frozen=True, slots=True)
class Passage:
    """Words or photos of one union's answer. `excerpt`: None as long as it is not picked."""

    recipient_id: UUID
    field: str
    label: str
    unit: str
    text: str
    photos: Sequence[AttachedFile]
    excerpt: Excerpt | None
    picked_by: str = ""


def passages_of(
    form: Definition, version: ResponseVersion, unit: str, photos: Sequence[AttachedFile],
    picks: Mapping[tuple[UUID, str], Excerpt],
) -> Iterator[Passage]:  # fmt: skip
    """What an answer says that can be picked, as it is read."""
    answers = with_figures(form, version.answers)
    for asked in form.fields():
        shown = [each for each in photos if each.field == asked.key] if isinstance(asked, PhotoField) else []
        text = answers.get(asked.key) or "" if isinstance(asked, ProseField) else ""
        if text or shown:
            pick = picks.get((version.recipient_id, asked.key))
            yield Passage(version.recipient_id, asked.key, asked.label, unit, text, shown, pick)


def list_picked(
    session: Session, assignment: Assignment, form: Definition, reported: Reported
) -> dict[str, list[Passage]]:  # fmt: skip
    """What is picked, by part and in its order, as the accepted answers have it now. Five statements."""
    picks = excerpts_of(session, assignment.id)
    by_field: dict[tuple[UUID, str], Passage] = {}
    wanted = {each.recipient_id for each in picks.values()}
    versions = list(read_accepted(session, reported, wanted))
    photos = list_files(session, SENT, [each.id for each in versions])
    names = names_of_recipients(session, wanted)
    for version in versions:
        for each in passages_of(form, version, names[version.recipient_id], photos[version.id], picks):
            by_field[each.recipient_id, each.field] = each
    people = _names_of(session, {each.picked_by_id for each in picks.values()})
    picked = [
        replace(by_field[key], picked_by=people[pick.picked_by_id]) for key, pick in picks.items() if key in by_field
    ]
    by_part = ((section.title, {each.key for each in section.fields}) for section in form.sections)
    return {title: found for title, keys in by_part if (found := [each for each in picked if each.field in keys])}


def excerpts_of(session: Session, assignment_id: UUID) -> dict[tuple[UUID, str], Excerpt]:
    """By recipient and field, in their order."""
    those = select(Excerpt).where(Excerpt.assignment_id == assignment_id)
    found = session.scalars(those.order_by(Excerpt.place, Excerpt.id))
    return {(each.recipient_id, each.field): each for each in found}


def _names_of(session: Session, person_ids: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name or ERASED_NAME for row in rows}
