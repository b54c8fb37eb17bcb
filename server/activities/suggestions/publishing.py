"""Published suggestions are seen by others, who may complain."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.suggestions.models import CoAuthor, ImplementationMove, Suggestion
from server.activities.suggestions.queries import is_public
from server.activities.suggestions.workflow import IMPLEMENTATION
from server.core.errors import NotFound
from server.kit.published import Published, above_enterprises
from server.kit.workflow import perform
from server.review.submissions.models import Submission
from server.unions.actor import Actor

_SHOWN = select(Submission.routed_union_id).join(Suggestion, Suggestion.submission_id == Submission.id)


def _find_shown(session: Session, suggestion_id: UUID) -> UUID | None:
    return session.scalar(_SHOWN.where(Submission.id == suggestion_id, is_public()))


def _answering_union(session: Session, suggestion_id: UUID, _actor: Actor) -> UUID:
    """Enterprises do not publish."""
    routed_union_id = _find_shown(session, suggestion_id)
    if routed_union_id is None:
        raise NotFound
    return above_enterprises(session, routed_union_id)


def _names(session: Session, suggestion_ids: Collection[UUID]) -> Mapping[UUID, str]:
    titles = select(Suggestion.submission_id, Suggestion.title).where(Suggestion.submission_id.in_(suggestion_ids))
    return {row.submission_id: row.title for row in session.execute(titles)}


def _owners(session: Session, suggestion_id: UUID) -> Collection[UUID]:
    named = select(CoAuthor.person_id).where(CoAuthor.submission_id == suggestion_id, CoAuthor.person_id.is_not(None))
    wrote = select(Submission.reporter_id).where(Submission.id == suggestion_id)
    return set(session.scalars(wrote.union_all(named)))


def _take_down(session: Session, suggestion_id: UUID, _reason: str, actor: Actor, now: datetime) -> None:
    if _find_shown(session, suggestion_id) is not None:
        perform(IMPLEMENTATION, session, suggestion_id, ImplementationMove.UNPUBLISH, actor=actor, now=now)


PUBLISHED = Published(
    subject="suggestion",
    label="公开的建议",
    shown_at=("/api/v1/suggestions", "/api/v1/suggestions/{suggestion_id}"),
    path="/console/suggestions",
    answering_union=_answering_union,
    names=_names,
    owners=_owners,
    take_down=_take_down,
)
