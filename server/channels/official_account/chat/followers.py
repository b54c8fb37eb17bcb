"""Followers: who they are, what may be said to them, and that they can be forgotten."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.orm import Session

from server.channels.official_account.models import ChatAnswer, Draft, DraftPhoto, Follower, Voice
from server.channels.official_account.voices.keeping import remove_voices
from server.core import ids
from server.core.db import upsert
from server.core.jobs.actions import enqueue
from server.review.submissions.models import Submission
from server.wechat.pushes import Push

SEND_JOB = "official_account.send_answer"
REMOVE_JOB = "official_account.remove_picture"

AFTER_WRITING = (timedelta(hours=48), 5)  # WeChat's limits: how long, and how many messages
AFTER_EVENT = (timedelta(minutes=1), 3)
EVENTS_THAT_ALLOW = frozenset({"subscribe", "scan", "click"})

_TABLE = cast(Table, Follower.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing(index_elements=["app_id", "openid"])


def lock_follower(session: Session, app_id: str, openid: str, *, now: datetime) -> Follower:
    """The follower, known from now on at the latest; nobody else changes what is theirs until the commit."""
    session.execute(
        _INSERT, {"id": ids.new_id(), "app_id": app_id, "openid": openid, "answers_left": 0, "created_at": now}
    )
    found = select(Follower).where(Follower.app_id == app_id, Follower.openid == openid).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def note_sign_of_life(follower: Follower, push: Push, now: datetime) -> None:
    """Writing allows five answers within two days; following, scanning or a tap in the menu three within a minute."""
    if push.kind != "event":
        lasts, number = AFTER_WRITING
    elif push.event in EVENTS_THAT_ALLOW:
        lasts, number = AFTER_EVENT
        if follower.answers_left > 0 and follower.answers_until and follower.answers_until > now + lasts:
            return  # what is left of the longer time is worth more
    else:
        return
    follower.answers_left, follower.answers_until = number, now + lasts


def say(session: Session, follower: Follower, text: str, *, now: datetime) -> None:
    """Have something said to a follower, as soon as this is committed."""
    answer = ChatAnswer(id=ids.new_id(), follower_id=follower.id, text=text, created_at=now)
    session.add(answer)
    session.flush()
    enqueue(session, SEND_JOB, answer_id=answer.id)


def forget_follower(session: Session, follower: Follower) -> None:
    """Delete everything that this channel knows of somebody; what they submitted stays with the union, and their voice
    with it."""
    drafts = select(Draft.id).where(Draft.follower_id == follower.id)
    remove_pictures(session, list(session.scalars(select(DraftPhoto.id).where(DraftPhoto.draft_id.in_(drafts)))))
    remove_voices(session, session.scalars(select(Voice.id).where(Voice.draft_id.in_(drafts))).all())
    session.execute(delete(Follower).where(Follower.id == follower.id).execution_options(synchronize_session=False))
    session.expunge(follower)


def forget_person(session: Session, person_id: UUID) -> None:
    """The same for all that is linked to a person whose account is being deleted, with the drafts that they opened, and
    their voice wherever it is: one can be known by it."""
    for follower in session.scalars(select(Follower).where(Follower.person_id == person_id)).all():
        forget_follower(session, follower)
    opened = list(session.scalars(select(Draft.id).where(Draft.person_id == person_id)))
    remove_pictures(session, list(session.scalars(select(DraftPhoto.id).where(DraftPhoto.draft_id.in_(opened)))))
    sent = select(Submission.id).where(Submission.reporter_id == person_id)
    theirs = or_(Voice.draft_id.in_(opened), Voice.submission_id.in_(sent))
    remove_voices(session, session.scalars(select(Voice.id).where(theirs)).all())
    session.execute(delete(Draft).where(Draft.id.in_(opened)).execution_options(synchronize_session=False))


def remove_pictures(session: Session, photo_ids: list[UUID]) -> None:
    """Have the files of these pictures removed once it is committed that nothing names them any more."""
    for photo_id in photo_ids:
        enqueue(session, REMOVE_JOB, photo_id=photo_id)
