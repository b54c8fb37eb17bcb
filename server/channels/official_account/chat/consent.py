"""Consent to the privacy policy in the chat: nothing that a follower sends is kept before it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.channels.official_account import texts
from server.channels.official_account.chat.followers import say
from server.channels.official_account.models import Follower
from server.core.settings import Settings
from server.unions.consents.actions import give_consent
from server.unions.consents.queries import find_consent
from server.unions.people.queries import find_person_by_unionid, find_person_by_wechat
from server.unions.policies.queries import current_name, list_holding

ASKED_ONCE_IN = timedelta(minutes=1)  # pictures come in bunches, and WeChat allows few answers


def has_agreed(session: Session, follower: Follower) -> bool:
    """Whether the present policy is agreed to: by the person, wherever they did, or here by somebody unknown."""
    person_id = _person_of(session, follower)
    if person_id is not None:
        return find_consent(session, person_id) is not None
    return follower.agreed_version in list_holding(session)


def ask_consent(session: Session, follower: Follower, settings: Settings, *, now: datetime) -> None:
    """Ask before anything is kept; once for what comes at about the same time."""
    if follower.consent_asked_at is not None and now - follower.consent_asked_at < ASKED_ONCE_IN:
        return
    follower.consent_asked_at = now
    say(session, follower, texts.consent_text(settings), now=now)


def take_consent(session: Session, follower: Follower, *, agrees: bool, now: datetime) -> None:
    """The answer to it. Taking back what was agreed to before is done where one's data is shown."""
    if agrees:
        person_id = _person_of(session, follower)
        version = current_name(session)
        follower.agreed_version, follower.agreed_at, follower.consent_asked_at = version, now, None
        session.flush()
        if person_id is not None:
            give_consent(session, person_id, version, now=now)
    say(session, follower, texts.AGREED if agrees else texts.REFUSED, now=now)


def _person_of(session: Session, follower: Follower) -> UUID | None:
    if follower.person_id is not None:
        return follower.person_id
    person = find_person_by_wechat(session, follower.app_id, follower.openid)
    if person is None and follower.unionid is not None:
        person = find_person_by_unionid(session, follower.unionid)
    return person.id if person is not None else None
