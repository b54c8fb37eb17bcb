"""What a slice above declares of its kind of assignment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.forms.schemas import Definition
from server.core.slice import declared


def _whole(_session: Session, _assignment: Assignment, _recipient: Recipient, form: Definition) -> Definition:
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentKind:
    """A kind of assignment.

    `details`: the shape of what it keeps in `Assignment.details`; `details_template` fills it in on the draft's page.
    `narrow`: the part of the form that concerns one recipient. `words`: what its detail is called on pages, by key.
    """

    name: str
    label: str  # what pages call it: 任务, 通知, 专项检查, 总结
    letter: str  # what its numbers end with
    path: str  # where the console lists it
    wants_form: bool | None = None  # None: as its sender likes
    wants_reply: bool | None = None
    may_pass_on: bool = True
    details: type[BaseModel] | None = None
    details_template: str = ""
    narrow: Callable[[Session, Assignment, Recipient, Definition], Definition] = _whole
    words: Mapping[str, str] | None = None

    def read_details(self, assignment: Assignment) -> Any:
        """Its own details; None for a kind without."""
        return None if self.details is None else self.details.model_validate(assignment.details)


def all_kinds() -> tuple[AssignmentKind, ...]:
    """Every kind that a slice declares, in the order of the slices."""
    return declared().assignments


def kind_of(name: str) -> AssignmentKind:
    """What is declared of the kind."""
    return next(each for each in all_kinds() if each.name == name)
