"""Writes of reply templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import NotFound
from server.review.decisions.models import ReplyTemplate
from server.review.decisions.permissions import PERMISSIONS
from server.review.decisions.schemas import TemplateIn
from server.review.submissions.models import Move
from server.unions.actor import Actor

DEFAULTS: tuple[tuple[Move, str, str], ...] = (
    (Move.ACCEPT, "受理并通知企业", "谢谢你的发现。我们已经通知企业整改，会跟进到底。"),
    (Move.ACCEPT, "受理并现场核实", "谢谢你的发现。工会将到现场核实，并督促整改。请先远离危险处。"),
    (Move.DECLINE, "不属于安全隐患", "谢谢你的关注。经核实，这里不属于安全隐患。今后发现可疑之处，欢迎继续上报。"),
    (Move.DECLINE, "照片看不出隐患", "从照片上看不出隐患在哪里。如果问题还在，请换个角度重新拍一张再报。"),
    (Move.DECLINE, "已经整改", "谢谢提醒。现场已经整改完毕，如果再次出现，请继续上报。"),
    (Move.RETURN, "问清地点", "请问具体在哪个位置？比如几号楼、几层、靠近什么设备。"),
    (Move.RETURN, "补拍照片", "请再补拍一张能看清隐患和周围环境的照片。拍照时请注意自身安全。"),
    (Move.RETURN, "问清现状", "请问现在的情况怎么样？隐患还在吗？"),
    (Move.MARK_DUPLICATE, "同一处隐患", "谢谢你的发现。同一处隐患已有人上报，我们会一并处理。"),
)


def seed_reply_templates(session: Session, union_id: UUID, *, now: datetime) -> int:
    """Give a union the ready replies to start from, unless it has some. Returns how many were made."""
    if session.scalar(select(exists().where(ReplyTemplate.union_id == union_id))):
        return 0
    for move, title, text in DEFAULTS:
        session.add(
            ReplyTemplate(
                id=ids.new_id(), union_id=union_id, move=move, category=None, title=title, text=text, updated_at=now
            )
        )
    session.flush()
    return len(DEFAULTS)


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
