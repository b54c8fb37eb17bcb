"""Writes of suggestions from the workers' side."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from server.activities.suggestions.messages import co_author_named
from server.activities.suggestions.models import CoAuthor, ImplementationStatus, Suggestion, Support
from server.activities.suggestions.queries import is_public
from server.activities.suggestions.schemas import CoAuthorIn, SuggestionIn, SupportOut
from server.core import ids
from server.core.audit.actions import record
from server.core.db import settings_of
from server.core.errors import Conflict, Invalid, NotFound
from server.core.ids import is_uuid7
from server.core.new_rows import insert_unless_known
from server.notifications.inbox.actions import deliver
from server.photos.actions import check_manifest, declare_photos
from server.review.submissions.actions import (
    TAKES_NEW,
    NewSubmission,
    check_replay,
    complete_photos,
    hash_content,
    require_open,
    row_of_submission,
    rows_of_creation,
)
from server.review.submissions.models import Kind, Submission
from server.review.submissions.routing.answering_union import Route, find_route
from server.unions.actor import Actor
from server.unions.campaigns.queries import CampaignFacts, current_campaign
from server.unions.people.selves.queries import known_by_phones

CLOCK_TOLERANCE = timedelta(hours=48)  # how far a phone's clock may run ahead


def submit_suggestion(
    session: Session, suggestion_id: UUID, body: SuggestionIn, *, actor: Actor, now: datetime
) -> bool:
    """Write a suggestion, or find that it was written before. Returns whether it is new.

    Without photos it enters the queue at once. Raises Invalid naming the field, Conflict if other content stands under
    that id or the campaign takes no suggestions.
    """
    new = _prepare(session, suggestion_id, body, actor, now)
    if not insert_unless_known(session, row_of_submission(new, now), rows_of_creation(new, now), only_if=TAKES_NEW):
        check_replay(session, new)
        return False
    words = body.model_dump(include={"title", "present_state", "proposal", "benefit", "may_publish"})
    session.add(
        Suggestion(
            submission_id=new.id, status=ImplementationStatus.PENDING, version=1, risk="", supporters=0, **words
        )
    )  # fmt: skip
    session.flush()
    _name_co_authors(session, new.id, body.co_authors, actor, now)
    declare_photos(session, new.id, new.reporter_id, body.photos)
    if not body.photos:
        complete_photos(session, new.id, now)
    return True


def _prepare(session: Session, suggestion_id: UUID, body: SuggestionIn, actor: Actor, now: datetime) -> NewSubmission:
    _check_id(suggestion_id, now)
    check_manifest(body.photos, settings_of(session))
    campaign = current_campaign(session)
    require_open(session, campaign, suggestion_id, actor.person_id, now)
    _check_campaign(campaign, body.category)
    return NewSubmission(
        id=suggestion_id,
        kind=Kind.SUGGESTION,
        campaign_id=campaign.id,
        reporter_id=actor.person_id,
        content_hash=hash_content(body.model_dump_json(exclude_defaults=True)),
        category=body.category,
        excerpt=body.title,
        place="",
        photos_expected=len(body.photos),
        route=_route(session, body, actor),
    )


def _check_id(suggestion_id: UUID, now: datetime) -> None:
    if not is_uuid7(suggestion_id):
        raise Invalid("编号格式不对。", fields={"id": "要用 UUIDv7"})
    if suggestion_id.int >> 80 > (now + CLOCK_TOLERANCE).timestamp() * 1000:
        message = "手机的时间不对，请打开“自动设置时间”后再试。"
        raise Invalid(message, code="clock_ahead", fields={"id": "来自未来的编号"})


def _check_campaign(campaign: CampaignFacts, category: str) -> None:
    if Kind.SUGGESTION.value not in campaign.activities:
        raise Conflict("现在没有开展“合理化建议”。", code="activity_disabled")
    if category not in campaign.suggestion_categories:
        raise Invalid("请重新选择建议类别。", fields={"category": "没有这个类别，请重新选择"})


def _route(session: Session, body: SuggestionIn, actor: Actor) -> Route:
    enterprise_id = body.enterprise_id or actor.enterprise_id
    if enterprise_id is None:
        raise Invalid("请先选好你的企业。", fields={"enterprise_id": "请选择企业"})
    return find_route(session, enterprise_id=enterprise_id, area_id=None, place="")


def _name_co_authors(
    session: Session, suggestion_id: UUID, named: Sequence[CoAuthorIn], actor: Actor, now: datetime
) -> None:
    """Ask those who can be found by phone number; the author is no co-author."""
    known = known_by_phones(session, {each.phone for each in named if each.phone is not None})
    people = {phone: several[0].id for phone, several in known.items() if not actor.is_own(several[0].id)}
    for each in named:
        person_id = people.get(each.phone) if each.phone is not None else None
        row = CoAuthor(id=ids.new_id(), submission_id=suggestion_id, name=each.name, person_id=person_id)
        session.add(row)
        session.flush()
        if row.person_id is not None:
            deliver(session, co_author_named(row), now=now)


def answer_co_authorship(session: Session, suggestion_id: UUID, *, accept: bool, actor: Actor, now: datetime) -> None:
    """Somebody named as co-author agrees or not; they may change their mind. Raises NotFound for everybody else."""
    mine = select(CoAuthor).where(CoAuthor.submission_id == suggestion_id, CoAuthor.person_id == actor.person_id)
    row = session.scalars(mine.with_for_update()).first()
    if row is None:
        raise NotFound
    if row.is_confirmed is not accept:
        row.is_confirmed = accept
        record(
            session,
            "suggestion.co_authorship",
            subject_type="submission",
            subject_id=suggestion_id,
            actor_id=actor.person_id,
            at=now,
            detail={"accept": accept},
        )


def support(session: Session, suggestion_id: UUID, *, actor: Actor, now: datetime) -> SupportOut:
    """Support a published suggestion; doing it twice changes nothing. Raises NotFound, Conflict for one's own."""
    suggestion = _lock_published(session, suggestion_id, actor)
    if not session.scalar(select(exists().where(*_mine(suggestion_id, actor)))):
        session.add(Support(submission_id=suggestion_id, person_id=actor.person_id, created_at=now))
    return _count(session, suggestion, is_supported=True)


def withdraw_support(session: Session, suggestion_id: UUID, *, actor: Actor) -> SupportOut:
    """Take support back; doing it twice changes nothing. Raises NotFound."""
    suggestion = _lock_published(session, suggestion_id, actor)
    session.execute(delete(Support).where(*_mine(suggestion_id, actor)))
    return _count(session, suggestion, is_supported=False)


def _mine(suggestion_id: UUID, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Support.submission_id == suggestion_id, Support.person_id == actor.person_id


def _lock_published(session: Session, suggestion_id: UUID, actor: Actor) -> Suggestion:
    """The row, locked: supporters take turns, so that the count is right."""
    statement = (
        select(Suggestion, Submission.reporter_id)
        .join(Submission, Submission.id == Suggestion.submission_id)
        .where(
            Suggestion.submission_id == suggestion_id,
            is_public(),
        )
        .with_for_update(of=Suggestion)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    if actor.is_own(row.reporter_id):
        raise Conflict("这是你自己的建议。", code="own_submission")
    suggestion: Suggestion = row.Suggestion
    return suggestion


def _count(session: Session, suggestion: Suggestion, *, is_supported: bool) -> SupportOut:
    session.flush()
    of_it = Support.submission_id == suggestion.submission_id
    suggestion.supporters = session.scalar(select(func.count()).select_from(Support).where(of_it)) or 0
    return SupportOut(supporters=suggestion.supporters, is_supported=is_supported)
