"""Writes of forms. All of it is audited; a form that was sent down is not touched by what is done to it afterwards."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.forms.models import FormRecord, FormVersion
from server.assignments.forms.queries import definition_of, get_form, get_own_form, own_unions
from server.assignments.forms.schemas import Definition, FormIn
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid
from server.unions.actor import Actor

COPY_OF = "（副本）"
MAX_TITLE = 100


def create_form(
    session: Session, union_id: UUID, body: FormIn, definition: Definition, *, actor: Actor, now: datetime
) -> FormRecord:
    """A form of the actor's union. Raises Forbidden for another's."""
    if union_id not in own_unions(actor):
        raise Forbidden("只能给自己的工会建表单。")
    form = FormRecord(
        id=ids.new_id(), union_id=union_id, title=body.title, about=body.about,
        edited_by_id=actor.person_id, edited_at=now, **_kept(definition),
    )  # fmt: skip
    session.add(form)
    session.flush()
    _record(session, "form.created", form, actor, now, {"title": form.title})
    return form


def make_form(
    session: Session,
    union_id: UUID,
    made_for: str,
    body: FormIn,
    definition: Definition,
    *,
    actor: Actor,
    now: datetime,
) -> FormRecord:
    """The form of a union by which a kind of assignment always asks, as it is to be now. There is one."""
    those = FormRecord.union_id == union_id, FormRecord.made_for == made_for
    form = session.scalar(select(FormRecord).where(*those).with_for_update())
    if form is None:
        form = create_form(session, union_id, body, definition, actor=actor, now=now)
        form.made_for = made_for
    elif definition_of(form) != definition:
        for name, value in _kept(definition).items():
            setattr(form, name, value)
        _touch(session, form, actor, now)
    session.flush()
    return form


def copy_form(session: Session, form_id: UUID, union_id: UUID, *, actor: Actor, now: datetime) -> FormRecord:
    """Another form with the same fields, for the actor's union; the form may be of a union above."""
    source = get_form(session, form_id, actor)
    title = source.title[: MAX_TITLE - len(COPY_OF)] + COPY_OF
    body = FormIn(title=title, about=source.about)
    return create_form(session, union_id, body, definition_of(source), actor=actor, now=now)


def edit_form(session: Session, form_id: UUID, version: int, body: FormIn, *, actor: Actor, now: datetime) -> None:
    """Another title or purpose. Raises Conflict if somebody was faster."""
    form = _lock(session, form_id, version, actor)
    form.title, form.about = body.title, body.about
    _touch(session, form, actor, now)
    _record(session, "form.edited", form, actor, now, {"title": form.title})


def change_definition(
    session: Session,
    form_id: UUID,
    version: int,
    change: Callable[[Definition], Definition],
    *,
    actor: Actor,
    now: datetime,
) -> FormRecord:
    """Change what the form asks. Raises Conflict if somebody was faster, Invalid if it would not hang together."""
    form = _lock(session, form_id, version, actor)
    for name, value in _kept(change(definition_of(form))).items():
        setattr(form, name, value)
    _touch(session, form, actor, now)
    _record(session, "form.edited", form, actor, now, {"field_count": form.field_count})
    return form


def set_in_use(session: Session, form_id: UUID, version: int, *, is_active: bool, actor: Actor, now: datetime) -> None:
    """Lay a form aside, or take it up again."""
    form = _lock(session, form_id, version, actor)
    form.is_active = is_active
    _touch(session, form, actor, now)
    _record(session, "form.resumed" if is_active else "form.retired", form, actor, now, {"title": form.title})


def freeze_form(session: Session, form: FormRecord, *, actor: Actor, now: datetime) -> FormVersion:
    """The version by which answers to what is sent now are read: the last one, unless the form changed since.

    Raises Invalid for a form that asks nothing. The form's row is locked until the transaction ends.
    """
    session.refresh(form, with_for_update=True)
    definition = definition_of(form)
    if not form.field_count:
        raise Invalid("这张表单还没有要填的项目。", code="form_is_empty")
    kept = definition.model_dump(mode="json")
    content_hash = hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    known = session.scalar(
        select(FormVersion).where(FormVersion.form_id == form.id, FormVersion.content_hash == content_hash)
    )
    if known is not None:
        return known
    last = session.scalar(select(func.max(FormVersion.number)).where(FormVersion.form_id == form.id)) or 0
    version = FormVersion(
        id=ids.new_id(), form_id=form.id, number=last + 1, title=form.title, definition=kept, content_hash=content_hash,
        frozen_by_id=actor.person_id, frozen_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def _kept(definition: Definition) -> dict[str, Any]:
    return {"definition": definition.model_dump(mode="json"), "field_count": sum(1 for _ in definition.fields())}


def _lock(session: Session, form_id: UUID, version: int, actor: Actor) -> FormRecord:
    form = get_own_form(session, form_id, actor, lock=True)
    if form.version != version:
        raise Conflict("这张表单刚刚有人改过，请看过再改。", code="stale")
    return form


def _touch(session: Session, form: FormRecord, actor: Actor, now: datetime) -> None:
    form.version += 1
    form.edited_by_id, form.edited_at = actor.person_id, now
    session.flush()


def _record(
    session: Session, action: str, form: FormRecord, actor: Actor, now: datetime, detail: dict[str, Any]
) -> None:
    record(
        session, action, subject_type="form", subject_id=form.id, actor_id=actor.person_id, at=now, detail=detail
    )  # fmt: skip
