"""What accepted answers say, union by union: to pick passages and photos from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.assignments.dispatch.models import Recipient
from server.assignments.dispatch.recipients.listing import assignment_of, of_units
from server.assignments.excerpts.queries import Passage, excerpts_of, form_of, is_passage, passages_of
from server.assignments.responses.answering.answer_files import SENT
from server.assignments.rollup.counting.accepted import is_accepted, read_accepted, read_reported, were_asked
from server.core.web.schemas import Code, Line
from server.kit.files.queries import list_files
from server.kit.filters import Control, ListFilter, search_control, select_control, union_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request
from server.kit.scope import name_of, union_choices, union_names
from server.unions.roles import CONSOLE

TABLE = cast(Table, Recipient.__table__)


class PassageFilter(ListFilter):
    """Of which assignment; of which part of the form, all unless one is chosen."""

    assignment: UUID | None = None
    part: Annotated[Code, StringConstraints(max_length=40)] | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What one union says."""

    href: str
    unit: str
    passages: Sequence[Passage]


def _narrow(asked: Request[PassageFilter]) -> list[ColumnElement[bool]]:
    return [*were_asked(assignment_of(asked)), is_accepted(), *of_units(asked)]


def _controls(asked: Request[PassageFilter]) -> list[Control]:
    filters, form = asked.filters, form_of(asked.session, assignment_of(asked))
    parts = {each.key: each.title for each in form.sections if any(is_passage(field) for field in each.fields)}
    choices = union_choices(asked.session, asked.actor, CONSOLE, filters.union)
    return [
        select_control(filters, "part", "只看哪一部分", parts), union_control(choices),
        search_control(filters, "q", "单位名称"),
    ]  # fmt: skip


def _describe(asked: Request[PassageFilter], rows: Sequence[Any]) -> list[Row]:
    session, assignment = asked.session, assignment_of(asked)
    form, picks = form_of(session, assignment), excerpts_of(session, assignment.id)
    keys = {each.key for part in form.sections if asked.filters.part in (None, part.key) for each in part.fields}
    names = union_names(session, {row.union_id for row in rows})
    versions = read_accepted(session, read_reported(session, assignment), [row.id for row in rows])
    by_recipient = {each.recipient_id: each for each in versions}
    photos = list_files(session, SENT, [each.id for each in by_recipient.values()])
    return [
        Row(f"/console/tasks/{row.id}/check", unit, [each for each in said if each.field in keys])
        for row in rows
        for unit, version in [(name_of(names, row.union_id) or "", by_recipient[row.id])]
        for said in [passages_of(form, version, unit, photos[version.id], picks)]
    ]


PASSAGES: Listing[PassageFilter, Row] = Listing(
    name="excerpts",
    title="选段落和照片",
    path="/console/assignments/excerpts",
    filters=PassageFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.id,), (UUID,)),
    order_texts=("按下发的顺序", "后下发的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    place_names=("assignment",),
    lacks={"days": "all answers to one assignment came in the same days"},
)
