"""What a slice above declares of its kind of assignment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.forms.schemas import Definition
from server.core.slice import declared
from server.kit.documents.papers.kinds import DocumentKind
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a kind says of an assignment, beside what all of them have: 文号, 紧急程度, 联系人. `href`: a page
    or file of the console that it leads to; one that does nothing but lead there `is_link`, and phones leave it out.
    `is_for_sender`: whoever is asked may not open it."""

    label: str
    value: str
    href: str = ""
    is_link: bool = False
    is_for_sender: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What somebody is asked for before they answer, and the page where they say it."""

    words: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a field of an answer, and the page that it leads to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ReadyForm:
    """What a kind always asks."""

    title: str
    definition: Definition


def _whole(_session: Session, _assignment: Assignment, _recipient: Recipient, form: Definition) -> Definition:
    return form


def _begin_empty(_session: Session, _sender: Union) -> Mapping[str, Any]:
    return {}


def _nothing_else(_session: Session, _assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    return None


def _no_facts(_session: Session, _assignment: Assignment) -> Sequence[Fact]:
    return ()


def _ask_nothing(_session: Session, _recipient: Recipient) -> Prompt | None:
    return None


def _no_notes(_session: Session, _recipient: Recipient) -> Mapping[str, Note]:
    return {}


def _any(_details: Any) -> Mapping[str, str]:
    return {}


def _start_empty(_session: Session, _recipient: Recipient) -> Mapping[str, Any]:
    return {}


def _find_nothing(_answers: Mapping[str, Any], _day: date) -> Mapping[str, str]:
    return {}


class BeforeSending(Protocol):
    """Called with the assignment as it will be: with its number, status and time."""

    def __call__(self, session: Session, assignment: Assignment, /, *, actor: Actor, now: datetime) -> None: ...


def _all_time(_assignment: Assignment) -> tuple[date | None, date | None]:
    return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentKind:
    """A kind of assignment.

    `details`: the shape of what it keeps in `Assignment.details`; `details_template` fills it in on the draft's page.
    `narrow`: the part of the form that concerns one recipient. `words`: what its detail is called on pages, by key.
    `begin_details`: what the details of a new draft of that sender start from. `check_details`: what is wrong with
    those of a draft, by field, beyond what their shape tells. `before_sending`: what else happens in the transaction
    that sends one, or passes one on, once all else is done but before anything is told; it may refuse by an AppError.
    `facts`: what else both sides are shown of one. `ask_first`: what a recipient is to say before it answers; it may
    answer all the same. `beside`: what is known of items of its answer, by the key of the field.
    `period`: the first and the last day of the figures in its form. `may_correct`: what was accepted may be corrected,
    with a reason. `categories`: the categories of the hazard that a failed check item of a part becomes, by the key of
    the part, of which the first that a campaign has is taken; without, nothing becomes of it. `may_be_drawn`:
    unions may draw some of those who handed something in, and look themselves. `level`: of whom it is mostly asked;
    without, the level right below the sender's. `document`: the paper that the first sender's may have, which goes to
    phones too. `form`: what it always asks, of that sender: nobody chooses a form. `start_answer`: what the answer of
    a union that has not begun starts from, as far as that is known. `find_faults`: what of an answer is wrong, by the
    key of the field, that a form cannot know, as of that day. `is_for_level`: unions of another level are not asked.
    `is_compiled`: what was accepted is added up by itself (rollup/counting/kept_totals.py).
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
    begin_details: Callable[[Session, Union], Mapping[str, Any]] = _begin_empty
    check_details: Callable[[Any], Mapping[str, str]] = _any
    before_sending: BeforeSending = _nothing_else
    facts: Callable[[Session, Assignment], Sequence[Fact]] = _no_facts
    ask_first: Callable[[Session, Recipient], Prompt | None] = _ask_nothing
    beside: Callable[[Session, Recipient], Mapping[str, Note]] = _no_notes
    period: Callable[[Assignment], tuple[date | None, date | None]] = _all_time
    may_correct: bool = False
    categories: Callable[[str], Sequence[str]] | None = None
    may_be_drawn: bool = False
    level: Level | None = None
    document: DocumentKind | None = None
    is_compiled: bool = False
    form: Callable[[Session, Union], ReadyForm] | None = None
    start_answer: Callable[[Session, Recipient], Mapping[str, Any]] = _start_empty
    find_faults: Callable[[Mapping[str, Any], date], Mapping[str, str]] = _find_nothing
    is_for_level: bool = False

    def asks(self, level: Level) -> bool:
        """Whether unions of that level may be asked."""
        return not self.is_for_level or level is self.level

    def facts_of_task(self, session: Session, assignment: Assignment) -> list[Fact]:
        """Its facts as whoever is asked reads them."""
        return [each for each in self.facts(session, assignment) if not each.is_for_sender]

    def read_details(self, assignment: Assignment) -> Any:
        """Its own details; None for a kind without."""
        return None if self.details is None else self.details.model_validate(assignment.details)


def all_kinds() -> tuple[AssignmentKind, ...]:
    """Every kind that a slice declares, in the order of the slices."""
    return declared().assignments


def kind_of(name: str) -> AssignmentKind:
    """What is declared of the kind."""
    return next(each for each in all_kinds() if each.name == name)
