"""What others reported near by, as hints and followers see it, may be complained about."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.published import Published
from server.review.followers.actions import HIDDEN
from server.review.followers.models import Follow
from server.review.safety.actions import hold
from server.review.safety.queries import find_held
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Submission
from server.unions.actor import Actor


def _answering_union(session: Session, submission_id: UUID, actor: Actor) -> UUID:
    found = session.get(Submission, submission_id)
    if found is None or found.status in HIDDEN or not kind_of(found.kind).is_followable:
        raise NotFound
    if actor.is_own(found.reporter_id) or find_held(session, [submission_id]):
        raise NotFound
    if found.kept_from_id is not None and not _follows(session, submission_id, actor):
        raise NotFound
    return found.routed_union_id


def _follows(session: Session, submission_id: UUID, actor: Actor) -> bool:
    mine = select(Follow.id).where(Follow.submission_id == submission_id, Follow.person_id == actor.person_id)
    return session.scalar(mine.limit(1)) is not None


def _names(session: Session, submission_ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(Submission.id, Submission.number).where(Submission.id.in_(submission_ids)))
    return {row.id: row.number or "" for row in rows}


def _owners(session: Session, submission_id: UUID) -> Collection[UUID]:
    return set(session.scalars(select(Submission.reporter_id).where(Submission.id == submission_id)))


def _take_down(session: Session, submission_id: UUID, _reason: str, actor: Actor, now: datetime) -> None:
    hold(session, submission_id, actor=actor, now=now)


PUBLISHED = Published(
    subject="submission",
    label="别人上报的隐患",
    shown_at=("/api/v1/hazards/hints", "/api/v1/follows", "/api/v1/follows/{submission_id}"),
    path="/console/submissions",
    answering_union=_answering_union,
    names=_names,
    owners=_owners,
    take_down=_take_down,
)
