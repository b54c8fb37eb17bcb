"""Whose part in a submission is anonymous: anonymity goes with what a person sent, not with what became of it.

An anonymous report that is merged into another one makes its reporter a joint reporter there. Lists, sheets and public
pages name people beside the submission that was decided on, so each asks here whether this person's part in it may be
named: by what they sent themselves, also after the merge was undone or led on.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.review.submissions.anonymity.identity import may_see_reporter
from server.review.submissions.models import Move, Submission, SubmissionStep
from server.unions.actor import Actor

LEADS_ON = (Move.MARK_DUPLICATE, Move.RELINK)
_SENT = (
    select(
        Submission.id, Submission.reporter_id, Submission.duplicate_of_id, Submission.is_anonymous,
        Submission.disclosed_at, Submission.city_id, Submission.district_id, Submission.town_id,
        Submission.enterprise_id, SubmissionStep.data,
    )
    .outerjoin(
        SubmissionStep, (SubmissionStep.submission_id == Submission.id) & SubmissionStep.move.in_(LEADS_ON)
    )
    .where(Submission.is_anonymous.is_(True))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in a submission: they sent it, or one that was merged into it."""

    submission_id: UUID
    person_id: UUID


def find_unnamed(session: Session, parts: Collection[Part], actor: Actor | None) -> set[Part]:
    """Those of `parts` whose person this viewer may not know. No actor: everybody may read it, and nothing opens it."""
    hidden = map_unnamed(session, {part.person_id for part in parts}, actor)
    return {part for part in parts if part.submission_id in hidden.get(part.person_id, ())}


def map_unnamed(session: Session, people: Collection[UUID], actor: Actor | None) -> dict[UUID, set[UUID]]:
    """The submissions in which this viewer may not know that these people had a part, by person."""
    hidden: dict[UUID, set[UUID]] = {}
    if people:
        for row in session.execute(_SENT.where(Submission.reporter_id.in_(people))):
            if actor is None or not may_see_reporter(actor, row):
                hidden.setdefault(row.reporter_id, set()).update(_where(row))
    return hidden


def _where(row: Row[*tuple[Any, ...]]) -> Iterator[UUID]:
    """The submissions in which the sender of this one has had a part by it."""
    yield row.id
    if row.duplicate_of_id is not None:
        yield row.duplicate_of_id
    if row.data is not None and "target_id" in row.data:
        yield UUID(row.data["target_id"])
