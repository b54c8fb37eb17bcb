"""Reads of posters."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Conflict, Forbidden
from server.unions.actor import Actor
from server.unions.posters.models import Poster
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope
from server.unions.tree.rules import may_give_invite_code


def get_inviting_union(session: Session, union_id: UUID, actor: Actor) -> Union:
    """An enterprise that the actor may invite to. Raises NotFound, Forbidden, Conflict without an invite code."""
    union = get_union_in_scope(session, union_id, actor)
    if not may_give_invite_code(actor, union):
        raise Forbidden("您不能为这个工会做邀请海报。")
    if not union.invite_code:
        raise Conflict("这家企业还没有邀请码，请先在工会页面生成。", code="no_invite_code")
    return union


def find_poster(session: Session, union: Union) -> Poster | None:
    """The poster with the invite code of today; None if there is none or the code was renewed."""
    poster = session.get(Poster, union.id)
    return poster if poster is not None and poster.invite_code == union.invite_code else None
