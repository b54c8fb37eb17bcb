"""Reads around decisions."""

from collections.abc import Collection
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.prepared import PreparedIn
from server.core.slice import declared
from server.kit.workflow import MoveContext
from server.review.decisions.models import ReplyTemplate
from server.review.submissions.anonymity.identity import may_see_traces
from server.review.submissions.models import Submission, SubmissionStep
from server.review.submissions.texts import HIDDEN_FROM_REPORTER, MOVE_TITLES, day_text, moment_text
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.queries import line_of

_LAST_CHANGE = (
    select(SubmissionStep.move, SubmissionStep.at, SubmissionStep.actor_id, Person.name)
    .outerjoin(Person, Person.id == SubmissionStep.actor_id)
    .where(SubmissionStep.move.not_in(HIDDEN_FROM_REPORTER))
    .order_by(SubmissionStep.id.desc())
    .limit(1)
)


def say_last_change(context: MoveContext[Submission]) -> str:
    """Who did what meanwhile, for somebody whose page is out of date."""
    submission, actor = context.row, context.actor
    row = context.session.execute(_LAST_CHANGE.where(SubmissionStep.submission_id == submission.id)).one_or_none()
    if row is None or actor is None:
        return "这条内容已有变化，请重新查看后再处理。"
    if row.actor_id in (submission.reporter_id, None):  # the system acts when the reporter's photos are here
        when = moment_text(row.at) if may_see_traces(actor, submission) else day_text(row.at)
        return f"报告人在 {when} 作了改动：{MOVE_TITLES[row.move]}。请重新查看后再处理。"
    who = "您" if row.actor_id == actor.person_id else row.name or "有人"
    return f"{who}在 {moment_text(row.at)} 已把这条改为“{MOVE_TITLES[row.move]}”，请重新查看后再处理。"


class ReadyReply(NamedTuple):
    """A reply that is kept ready, as pages offer it."""

    id: UUID
    title: str
    text: str


def list_templates(
    session: Session, union_ids: Collection[UUID], category: str, *, above: bool = False
) -> dict[str, list[ReadyReply]]:
    """The ready replies that any of the unions keeps for this category or for every one, by move; with those of all
    unions above them if wanted."""
    statement = _READY_OF_LINE if above else _READY
    rows = statement.execute(session.connection(), list(union_ids), {"category": category})
    found: dict[str, list[ReadyReply]] = {}
    for move, *reply in rows:
        found.setdefault(move, []).append(ReadyReply(*reply))
    return found


_KEPT = cast(Table, ReplyTemplate.__table__).c
_OFFERED = (
    select(_KEPT.move, _KEPT.id, _KEPT.title, _KEPT.text)
    .where(_KEPT.is_active.is_(True), _KEPT.category.is_(None) | (_KEPT.category == bindparam("category")))
    .order_by(_KEPT.move, _KEPT.title)
)  # prepared, as lists with a bar of decisions ask for them with each page
_READY = PreparedIn(lambda ids: _OFFERED.where(_KEPT.union_id.in_(ids)))
_READY_OF_LINE = PreparedIn(lambda ids: _OFFERED.where(_KEPT.union_id.in_(line_of(ids))))


def list_inherited_templates(session: Session, union_ids: set[UUID]) -> list[tuple[ReplyTemplate, str]]:
    """What the unions above these keep in use, each with its union's name: offered here as well."""
    statement = (
        select(ReplyTemplate, Union.name)
        .join(Union, Union.id == ReplyTemplate.union_id)
        .where(ReplyTemplate.union_id.in_(line_of(union_ids)), ReplyTemplate.union_id.not_in(union_ids))
        .where(ReplyTemplate.is_active.is_(True))
        .order_by(ReplyTemplate.move, ReplyTemplate.title, ReplyTemplate.id)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def list_kept_templates(session: Session, union_ids: set[UUID]) -> list[ReplyTemplate]:
    """Every template that the unions keep, used or laid aside, in the order of moves and titles."""
    statement = select(ReplyTemplate).where(ReplyTemplate.union_id.in_(union_ids))
    found = session.scalars(statement.order_by(ReplyTemplate.title, ReplyTemplate.id)).all()
    order = list(declared().reply_uses)
    return sorted(found, key=lambda template: order.index(template.move))
