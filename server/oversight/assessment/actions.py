"""Writes of schemes. All of it is audited; a version that was published is not touched by what is done afterwards."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid
from server.oversight.assessment.models import SchemeRecord, SchemeVersion
from server.oversight.assessment.queries import definition_of, get_own_scheme, get_scheme, own_unions
from server.oversight.assessment.schemas import Definition, PublishIn, SchemeIn
from server.oversight.assessment.schemes.editing import refuse_unfit
from server.unions.actor import Actor

COPY_OF, MAX_TITLE = "（副本）", 100


def create_scheme(
    session: Session, union_id: UUID, body: SchemeIn, definition: Definition, *, actor: Actor, now: datetime
) -> SchemeRecord:
    """A scheme of the actor's union. Raises Forbidden for another's."""
    if union_id not in own_unions(actor):
        raise Forbidden("只能给自己的工会建方案。")
    scheme = SchemeRecord(
        id=ids.new_id(), union_id=union_id, title=body.title, about=body.about, edited_by_id=actor.person_id,
        edited_at=now, **_kept(definition),
    )  # fmt: skip
    session.add(scheme)
    session.flush()
    _record(session, "assessment_scheme.created", scheme, actor, now, {"title": scheme.title})
    return scheme


def copy_scheme(session: Session, scheme_id: UUID, union_id: UUID, *, actor: Actor, now: datetime) -> SchemeRecord:
    """Another scheme with the same items, for the actor's union; the scheme may be of a union above."""
    source = get_scheme(session, scheme_id, actor)
    body = SchemeIn(title=source.title[: MAX_TITLE - len(COPY_OF)] + COPY_OF, about=source.about)
    return create_scheme(session, union_id, body, definition_of(source), actor=actor, now=now)


def edit_scheme(
    session: Session, scheme_id: UUID, version: int, body: SchemeIn, *, actor: Actor, now: datetime
) -> None:
    """Another title or purpose. Raises Conflict if somebody was faster."""
    scheme = _lock(session, scheme_id, version, actor)
    scheme.title, scheme.about = body.title, body.about
    _touch(session, scheme, actor, now)
    _record(session, "assessment_scheme.edited", scheme, actor, now, {"title": scheme.title})


def change_definition(
    session: Session, scheme_id: UUID, version: int, change: Callable[[Definition], Definition],
    *, actor: Actor, now: datetime,
) -> SchemeRecord:  # fmt: skip
    """Change what is assessed. Raises Conflict if somebody was faster, Invalid if it would not hang together."""
    scheme = _lock(session, scheme_id, version, actor)
    for name, value in _kept(change(definition_of(scheme))).items():
        setattr(scheme, name, value)
    _touch(session, scheme, actor, now)
    _record(session, "assessment_scheme.edited", scheme, actor, now, {"item_count": scheme.item_count})
    return scheme


def set_in_use(
    session: Session, scheme_id: UUID, version: int, *, is_active: bool, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Lay a scheme aside, or take it up again."""
    scheme = _lock(session, scheme_id, version, actor)
    scheme.is_active = is_active
    _touch(session, scheme, actor, now)
    action = "assessment_scheme.resumed" if is_active else "assessment_scheme.retired"
    _record(session, action, scheme, actor, now, {"title": scheme.title})


def publish_scheme(
    session: Session, scheme_id: UUID, body: PublishIn, *, actor: Actor, now: datetime
) -> SchemeVersion:  # fmt: skip
    """Freeze a scheme as its next version. Runs that began by an earlier one keep theirs.

    Raises Invalid for what cannot be assessed, or a change without a reason; Conflict where nothing changed.
    """
    scheme = _lock(session, scheme_id, body.version, actor)
    definition = definition_of(scheme)
    refuse_unfit(definition)
    kept = definition.model_dump(mode="json")
    content_hash = hash_definition(kept)
    those = SchemeVersion.scheme_id == scheme.id
    if session.scalar(select(SchemeVersion.id).where(those, SchemeVersion.content_hash == content_hash)) is not None:
        raise Conflict("和已经发布的一版一样，不用再发布。", code="published_already")
    number = (session.scalar(select(func.max(SchemeVersion.number)).where(those)) or 0) + 1
    if number > 1 and not body.reason:
        raise Invalid("发布过的方案要改，请写明为什么改。", fields={"reason": "请写明为什么改"})
    made = SchemeVersion(
        id=ids.new_id(), scheme_id=scheme.id, number=number, title=scheme.title, definition=kept,
        content_hash=content_hash, reason=body.reason if number > 1 else "", published_by_id=actor.person_id,
        published_at=now,
    )  # fmt: skip
    session.add(made)
    _touch(session, scheme, actor, now)
    detail = {"number": number, "content_hash": content_hash, "reason": made.reason}
    _record(session, "assessment_scheme.published", scheme, actor, now, detail)
    return made


def hash_definition(kept: dict[str, Any]) -> str:
    """The SHA-256 of a scheme as it is kept."""
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _kept(definition: Definition) -> dict[str, Any]:
    return {"definition": definition.model_dump(mode="json"), "item_count": sum(1 for _ in definition.items())}


def _lock(session: Session, scheme_id: UUID, version: int, actor: Actor) -> SchemeRecord:
    scheme = get_own_scheme(session, scheme_id, actor, lock=True)
    if scheme.version != version:
        raise Conflict("这个方案刚刚有人改过，请看过再改。", code="stale")
    return scheme


def _touch(session: Session, scheme: SchemeRecord, actor: Actor, now: datetime) -> None:
    scheme.version += 1
    scheme.edited_by_id, scheme.edited_at = actor.person_id, now
    session.flush()


def _record(
    session: Session, action: str, scheme: SchemeRecord, actor: Actor, now: datetime, detail: dict[str, Any]
) -> None:
    record(
        session, action, subject_type="assessment_scheme", subject_id=scheme.id, actor_id=actor.person_id, at=now,
        detail=detail,
    )  # fmt: skip
