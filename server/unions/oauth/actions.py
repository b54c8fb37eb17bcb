"""Writes of ways to WeChat and back. Each step is one conditional UPDATE: of two at once, one does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.unions.accounts.sessions.tokens import hash_token, new_token
from server.unions.oauth.models import OauthVisit
from server.unions.people.models import Person
from server.unions.people.profile.actions import admit_wechat_user

LIFETIME = timedelta(minutes=10)  # to WeChat's page and back
HAND_OVER = timedelta(minutes=2)  # from the way back to the page that takes the token


@dataclass(frozen=True, slots=True, repr=False)
class NewVisit:
    """What goes along: `state` to WeChat and back, `browser` into the cookie."""

    state: str
    browser: str


def begin_visit(session: Session, *, now: datetime) -> NewVisit:
    """Somebody sets out for WeChat's page."""
    visit = NewVisit(new_token(), new_token())
    session.execute(
        insert(OauthVisit).values(
            id=ids.new_id(),
            state_hash=hash_token(visit.state),
            browser_hash=hash_token(visit.browser),
            expires_at=now + LIFETIME,
        )
    )
    return visit


def come_back(session: Session, state: str, browser: str, *, now: datetime) -> UUID | None:
    """The visit that this very browser began with this state; None for any other, and from the second time on."""
    return session.scalar(
        update(OauthVisit)
        .where(
            OauthVisit.state_hash == hash_token(state),
            OauthVisit.browser_hash == hash_token(browser),
            OauthVisit.expires_at > now,
            OauthVisit.returned_at.is_(None),
        )
        .values(returned_at=now)
        .returning(OauthVisit.id)
    )


def is_recognised(session: Session, state: str, browser: str, *, now: datetime) -> bool:
    """Whether this browser has come back with this state already, as when a page is loaded twice."""
    return (
        session.scalar(
            select(OauthVisit.id).where(
                OauthVisit.recognised.is_not(None),
                OauthVisit.state_hash == hash_token(state),
                OauthVisit.browser_hash == hash_token(browser),
                OauthVisit.expires_at > now,
                OauthVisit.taken_at.is_(None),
            )
        )
        is not None
    )


def recognise(
    session: Session, visit_id: UUID, app_id: str, openid: str, unionid: str | None, *, now: datetime
) -> None:
    """Note whom WeChat recognised, for the page that takes the token. Nobody is admitted yet."""
    known = {"app_id": app_id, "openid": openid, "unionid": unionid}
    session.execute(
        update(OauthVisit).where(OauthVisit.id == visit_id).values(recognised=known, expires_at=now + HAND_OVER)
    )


def take_visit(session: Session, browser: str, *, now: datetime) -> Person | None:
    """The person to hand a token to, once; admitted at the first sight. None if nobody came back with that cookie."""
    taken = session.execute(
        select(OauthVisit.id, OauthVisit.recognised)
        .where(
            OauthVisit.browser_hash == hash_token(browser),
            OauthVisit.expires_at > now,
            OauthVisit.recognised.is_not(None),
        )
        .with_for_update()
    ).one_or_none()
    if taken is None or not taken.recognised:
        return None
    person = admit_wechat_user(session, **taken.recognised, now=now)
    session.execute(
        update(OauthVisit).where(OauthVisit.id == taken.id).values(taken_at=now, recognised=None, person_id=person.id)
    )
    detail = {"app_id": taken.recognised["app_id"]}
    record(
        session, "sign_in.recognised", subject_type="person", subject_id=person.id, actor_id=person.id, at=now,
        detail=detail,
    )  # fmt: skip
    return person


def forget_visits(session: Session, now: datetime) -> None:
    """Remove visits that are over."""
    session.execute(delete(OauthVisit).where(OauthVisit.expires_at < now))
