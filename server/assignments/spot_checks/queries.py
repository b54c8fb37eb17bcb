"""Reads of spot checks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import all_kinds, kind_of
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.queries import LATEST, form_for, get_recipient, get_sent
from server.assignments.dispatch.rules import HANDED_IN
from server.assignments.forms.schemas import Definition
from server.assignments.spot_checks.models import SpotCheck, SpotDraw
from server.assignments.spot_checks.permissions import MAY_LEAD
from server.core.errors import Forbidden, NotFound
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt, in_scope
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK


def leading_role(actor: Actor) -> RoleAt:
    """The highest union in whose name the actor checks. Raises Forbidden."""
    leading = [role for role in actor.roles if role.role in MAY_LEAD]
    if not leading:
        raise Forbidden("由上级工会抽查。")
    return min(leading, key=lambda role: RANK[role.level])


def get_drawable(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    """Something that was sent, of a kind of which some are drawn. Raises NotFound."""
    return get_sent(session, assignment_id, actor, [each.name for each in all_kinds() if each.may_be_drawn])


def handed_in(assignment: Assignment, role: RoleAt) -> Select[UUID]:
    """Enterprises of a union's subtree that handed something in: of them some are drawn."""
    return select(Recipient.id).where(
        Recipient.root_id == assignment.root_id, Recipient.level == Level.ENTERPRISE,
        Recipient.status.in_(HANDED_IN), getattr(Recipient, SCOPE_COLUMNS[role.level]) == role.union_id,
    )  # fmt: skip


def may_prepare(session: Session, assignment: Assignment, actor: Actor) -> bool:
    """Whether there is somebody to be drawn for the actor."""
    leads = any(role.role in MAY_LEAD for role in actor.roles)
    return leads and session.scalar(handed_in(assignment, leading_role(actor)).limit(1)) is not None


def get_draw(session: Session, draw_id: UUID, actor: Actor, *, lock: bool = False) -> SpotDraw:
    """A draw of a union of the actor's subtrees. Raises NotFound: whom another union looks up is not theirs to know."""
    draw = session.get(SpotDraw, draw_id, with_for_update=lock, populate_existing=lock)
    if draw is None or session.scalar(_unions_of(actor).where(Union.id == draw.union_id)) is None:
        raise NotFound
    get_drawable(session, draw.assignment_id, actor)
    return draw


def list_draws(session: Session, assignment: Assignment, actor: Actor) -> Sequence[SpotDraw]:
    """The latest draws of an assignment by unions of the actor's subtrees."""
    return session.scalars(
        select(SpotDraw)
        .where(SpotDraw.assignment_id == assignment.id, SpotDraw.union_id.in_(_unions_of(actor)))
        .order_by(SpotDraw.id.desc())
        .limit(LATEST)
    ).all()


def path_of(session: Session, draw: SpotDraw) -> str:
    """The page of what is drawn from, where its kind has it."""
    return f"{kind_of(session.get_one(Assignment, draw.assignment_id).kind).path}/{draw.assignment_id}"


def list_checks(session: Session, draw: SpotDraw) -> Sequence[SpotCheck]:
    """Those who were drawn, in the order of the draw."""
    return session.scalars(select(SpotCheck).where(SpotCheck.draw_id == draw.id).order_by(SpotCheck.place)).all()


def get_check(session: Session, check_id: UUID, actor: Actor, *, lock: bool = False) -> tuple[SpotCheck, SpotDraw]:
    """A spot check with its draw. Raises NotFound."""
    check = session.get(SpotCheck, check_id, with_for_update=lock, populate_existing=lock)
    if check is None:
        raise NotFound
    return check, get_draw(session, check.draw_id, actor)


def read_form(session: Session, check: SpotCheck) -> Definition:
    """The form as those who were drawn were asked it."""
    row = get_recipient(session, check.recipient_id, None)
    return form_for(session, session.get_one(Assignment, row.assignment_id), row) or Definition()


def _unions_of(actor: Actor) -> Select[UUID]:
    return select(Union.id).where(in_scope(actor, Union, MAY_LEAD))
