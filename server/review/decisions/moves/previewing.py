"""What people would be told of a decision, before it is made: by the very functions that tell them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from server.core import ids
from server.core.errors import NotFound
from server.core.messages import Message, PersonalMessage
from server.core.slice import declared
from server.kit.workflow import Step, require_possible
from server.review.decisions.actions import find_target
from server.review.decisions.moves.bulk import parse_form, refuse_kind
from server.review.decisions.schemas import DuplicateIn
from server.review.decisions.workflow import SUBMISSION_WORKFLOW
from server.review.submissions.announcing.moves import event_of
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind, Move, Submission
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS

OTHERS = "共同上报、关注这一条的职工"


@dataclass(frozen=True, slots=True)
class Preview:
    """A message: to whom, and whether it goes out by WeChat too, to those who agreed to that."""

    to: str
    message: Message
    by_wechat: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """What is told of one of many that are decided together, or why its kind is left out."""

    kind_name: str
    excerpt: str
    previews: list[Preview]
    refusal: str | None = None


def preview_move(
    session: Session, submission_id: UUID, move: Move, values: Mapping[str, str], *, actor: Actor, now: datetime
) -> list[Preview]:
    """What people would read if the move were made now with what is filled in. Raises what making it would raise.

    The session is one for reading, not used for anything else: what the move changes is changed in memory alone.
    """
    submission = session.scalars(
        select(Submission).where(Submission.id == submission_id, in_scope(actor, Submission, REVIEWERS))
    ).one_or_none()
    if submission is None:
        raise NotFound
    form = parse_form(move, submission.kind, values)
    if isinstance(form, DuplicateIn):
        form = form.model_copy(update={"target_id": find_target(session, submission_id, form, actor)})
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=actor, now=now, form=form)
    made = SUBMISSION_WORKFLOW.find(move, status=submission.status)
    require_possible(SUBMISSION_WORKFLOW, made, context)
    before, said = submission.status, made.effect(context)
    if said is None:
        return []
    submission.status = cast(Any, made.after or before)
    _take_as_read(submission)
    step = Step(ids.new_id(), submission.id, move, before, submission.status, actor.person_id, now, said)
    event = event_of(step, is_quiet=context.snapshot.is_untold)
    written = (each for write in declared().messages.get(type(event), ()) for each in write(session, event))
    told = [each for each in written if each.desk is None]  # what rings at the desks of reviewers is no worker's matter
    reporter = kind_of(submission.kind).words.reporter
    return [
        Preview(reporter, each.message, each.by_wechat is not None)
        if isinstance(each, PersonalMessage)
        else Preview(OTHERS, each.message, by_wechat=False)
        for each in told
        if isinstance(each, PersonalMessage) or each.people
    ]


def _take_as_read(row: Submission) -> None:
    """Let the row be as if it had been read like this: whoever reads on sees it so, and nothing is ever written."""
    for attribute in inspect(row).attrs:
        if attribute.history.has_changes():
            set_committed_value(row, attribute.key, attribute.value)


def preview_together(
    session: Session, chosen: Mapping[UUID, int], move: Move, values: Mapping[str, str], *, actor: Actor, now: datetime
) -> list[Sample]:
    """The first of each kind among `chosen` (id to the version on the page). Raises as `preview_move`."""
    rows = session.execute(
        select(Submission.id, Submission.kind, Submission.excerpt)
        .where(Submission.id.in_(chosen), in_scope(actor, Submission, REVIEWERS))
        .order_by(Submission.id)
    ).all()
    return [_sample(session, row, chosen[row.id], move, values, actor, now) for row in _first_of_each_kind(rows)]


def _sample(
    session: Session, row: Any, version: int, move: Move, values: Mapping[str, str], actor: Actor, now: datetime
) -> Sample:
    name, refusal = kind_of(row.kind).words.name, refuse_kind(move, row.kind, values)
    if refusal is not None:
        return Sample(name, row.excerpt, [], refusal)
    sent = {**values, "version": str(version)}
    return Sample(name, row.excerpt, preview_move(session, row.id, move, sent, actor=actor, now=now))


def _first_of_each_kind(rows: Iterable[Any]) -> list[Any]:
    first: dict[Kind, Any] = {}
    for row in rows:
        first.setdefault(row.kind, row)
    return list(first.values())
