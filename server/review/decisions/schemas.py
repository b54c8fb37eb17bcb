"""Forms of the moves. `reply` is read by the reporter, `note` by reviewers alone; `version` is the one on the page."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.core.slice import declared
from server.core.web.schemas import In, Line
from server.review.submissions.kinds.registry import all_kinds, kind_of
from server.review.submissions.models import Kind, Move
from server.review.submissions.schemas import MoveIn, Required, Text, VersionedIn
from server.review.submissions.texts import numbers_meant


class HoldIn(MoveIn):
    """Of claim and release. `quietly`: the page does it by itself, while a decision is being written and after that."""

    quietly: bool = False


class AcceptIn(VersionedIn):
    """Of what gets a grade. What the enterprise is advised to do goes along; no days: as many as the grade allows."""

    grade: Annotated[int, Field(ge=1, le=4)]
    measures: Text = ""
    responsible: Annotated[Line, StringConstraints(max_length=50)] = ""
    rectify_days: Annotated[int, Field(ge=1, le=180)] | None = None

    @field_validator("rectify_days", mode="before")
    @classmethod
    def _empty_is_by_grade(cls, value: object) -> object:
        return None if value == "" else value


class DeclineIn(VersionedIn):
    reply: Required


class ReturnIn(VersionedIn):
    """`reply` is the question."""

    reply: Required


class DuplicateIn(VersionedIn):
    """`target_id` is the id of the other one, or its number as people write it."""

    target_id: Annotated[UUID | Annotated[Line, StringConstraints(max_length=40)], Field(union_mode="left_to_right")]

    @field_validator("target_id", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("target_id")
    @classmethod
    def _is_one(cls, value: UUID | str) -> UUID | str:
        if isinstance(value, str) and not numbers_meant(value):
            raise ValueError("这不是编号，编号如 2026-000123")
        return value


class PassUpIn(VersionedIn):
    """`note` tells the level above why."""

    note: Required


class PassDownIn(VersionedIn):
    union_id: UUID


class NoteIn(MoveIn):
    note: Required


class DiscloseIn(MoveIn):
    """`reply` is the reason, which the reporter is told."""

    reply: Required


FORMS: Mapping[Move, type[MoveIn]] = {
    Move.CLAIM: HoldIn,
    Move.RELEASE: HoldIn,
    Move.DECLINE: DeclineIn,
    Move.RETURN: ReturnIn,
    Move.MARK_DUPLICATE: DuplicateIn,
    Move.PASS_UP: PassUpIn,
    Move.PASS_DOWN: PassDownIn,
    Move.REOPEN: VersionedIn,
    Move.NOTE: NoteIn,
    Move.DISCLOSE: DiscloseIn,
}
"""Of the moves that every kind has in the same form. The others are declared with their kind."""


def form_of(move: Move, kind: Kind) -> type[MoveIn] | None:
    """The form of a move on a submission of that kind, None for moves that reviewers do not make with it."""
    return kind_of(kind).forms.get(move, FORMS.get(move))


def is_move(name: str) -> bool:
    """Whether reviewers make a move of that name on any kind of submission."""
    return name in FORMS or any(name in each.forms for each in all_kinds())


class TemplateIn(In):
    """A reply template. No category: good for all."""

    union_id: UUID
    move: Annotated[Line, StringConstraints(max_length=32)]
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    title: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    text: Required
    is_active: bool = True

    @field_validator("category", mode="before")
    @classmethod
    def _empty_is_any(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("move")
    @classmethod
    def _has_a_reply(cls, value: str) -> str:
        if value not in declared().reply_uses:
            raise ValueError("这种处理没有回复")
        return value


class EditQuery(In):
    """Which ready reply is open for editing."""

    edit: UUID | None = None
