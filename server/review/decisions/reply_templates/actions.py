"""Writes of reply templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import NotFound
from server.core.slice import declared
from server.review.decisions.models import ReplyTemplate
from server.review.decisions.permissions import PERMISSIONS
from server.review.decisions.schemas import TemplateIn
from server.unions.actor import Actor


def seed_reply_templates(session: Session, union_id: UUID, *, now: datetime) -> int:
    """Give a union the ready replies to start from, unless it has some. Returns how many were made."""
    if session.scalar(select(exists().where(ReplyTemplate.union_id == union_id))):
        return 0
    made = [
        ReplyTemplate(
            id=ids.new_id(), union_id=union_id, move=move, category=None, title=title, text=text, updated_at=now
        )
        for move, use in declared().reply_uses.items()
        for title, text in use.starts
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def save_template(
    session: Session, template_id: UUID | None, form: TemplateIn, *, actor: Actor, now: datetime
) -> ReplyTemplate:
    """Create a template (no id) or change one, for a union where the actor edits them. Raises NotFound."""
    own = {held.union_id for held in actor.carrying(PERMISSIONS["reply_template.edit"]).roles}
    if form.union_id not in own:
        raise NotFound
    template = ReplyTemplate(id=ids.new_id()) if template_id is None else session.get(ReplyTemplate, template_id)
    if template is None or (template_id is not None and template.union_id not in own):
        raise NotFound
    for name, value in form.model_dump().items():
        setattr(template, name, value)
    template.updated_at = now
    session.add(template)
    session.flush()
    record(
        session, "reply_template.create" if template_id is None else "reply_template.edit",
        subject_type="reply_template", subject_id=template.id, actor_id=actor.person_id, at=now,
        detail={"union": str(template.union_id), "move": template.move, "active": template.is_active},
    )  # fmt: skip
    return template
