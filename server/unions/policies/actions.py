"""Writes of the privacy policy."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import in_shanghai
from server.core.errors import Conflict
from server.core.settings import Settings
from server.unions.actor import Actor
from server.unions.policies.models import DRAFT, PolicyVersion
from server.unions.policies.queries import find_draft, get_policy
from server.unions.policies.schemas import PolicyIn
from server.unions.policies.texts import NOTHING_TO_PUBLISH, SECTIONS, STALE, changes_text, outsiders


def save_draft(session: Session, content: PolicyIn, *, version: int, actor: Actor, now: datetime) -> PolicyVersion:
    """Write the draft down; `version` is that of the draft on the page, 0 where there was none. Raises Conflict if
    somebody was faster."""
    draft = find_draft(session, lock=True)
    if (draft.version if draft is not None else 0) != version:
        raise Conflict(STALE, code="stale")
    written = {**content.model_dump(), "edited_by_id": actor.person_id, "edited_at": now}
    if draft is None:
        draft = PolicyVersion(id=ids.new_id(), name=DRAFT, version=1, **written)
        session.add(draft)
    else:
        for name, value in {**written, "version": version + 1}.items():
            setattr(draft, name, value)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else began a draft at this very moment
        raise Conflict(STALE, code="stale") from error
    _record(session, "policy.drafted", draft, actor, now)
    return draft


def drop_draft(session: Session, *, version: int, actor: Actor, now: datetime) -> None:
    """Throw the draft away. Raises Conflict if it is not the one on the page."""
    draft = _draft(session, version)
    _record(session, "policy.dropped", draft, actor, now)
    session.delete(draft)
    session.flush()


def publish_policy(session: Session, *, version: int, actor: Actor, now: datetime) -> PolicyVersion:
    """Make the draft the policy, named by the day. Raises Conflict if it is not the one on the page."""
    draft = _draft(session, version)
    draft.by_settings = get_policy(session).by_settings
    draft.name, draft.published_at = _next_name(session, now), now
    session.flush()
    _record(session, "policy.published", draft, actor, now)
    return draft


def follow_settings(session: Session, settings: Settings, *, now: datetime) -> PolicyVersion | None:
    """Publish a version that names those outside whom the settings bring in, if the present one names others: whoever
    agreed is asked anew when somebody is new. Returns it, None if nothing has changed."""
    session.execute(select(PolicyVersion.id).where(PolicyVersion.published_at.is_not(None)).with_for_update())
    present = get_policy(session)
    named, lines = present.by_settings.splitlines(), list(outsiders(settings).values())
    if named == lines:
        return None
    added = [line for line in lines if line not in named]
    policy = PolicyVersion(
        id=ids.new_id(), name=_next_name(session, now), version=1, edited_at=now, published_at=now,
        **{part: getattr(present, part) for part in (*SECTIONS, "processor", "contact")},
        by_settings="\n".join(lines), widens=bool(added),
        changes=changes_text(added, [line for line in named if line not in lines]),
    )  # fmt: skip
    session.add(policy)
    session.flush()
    _record(session, "policy.followed_settings", policy, None, now)
    return policy


def _next_name(session: Session, now: datetime) -> str:
    """By the day."""
    day = in_shanghai(now).date().isoformat()
    that_day = session.scalar(select(func.count()).where(PolicyVersion.name.startswith(day))) or 0
    return f"{day}.{that_day + 1}" if that_day else day


def _draft(session: Session, version: int) -> PolicyVersion:
    draft = find_draft(session, lock=True)
    if draft is None:
        raise Conflict(NOTHING_TO_PUBLISH, code="stale")
    if draft.version != version:
        raise Conflict(STALE, code="stale")
    return draft


def _record(session: Session, action: str, policy: PolicyVersion, actor: Actor | None, now: datetime) -> None:
    record(
        session, action, subject_type="policy", subject_id=policy.id, at=now,
        actor_id=actor.person_id if actor is not None else None,
        detail={"policy": policy.name, "widens": policy.widens} if policy.name != DRAFT else {},
    )  # fmt: skip
