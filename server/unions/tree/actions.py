"""Writes of the tree."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid
from server.core.events import publish
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.events import UnionMoved
from server.unions.tree.lookup.invites import new_invite_code
from server.unions.tree.lookup.traits import list_answers
from server.unions.tree.models import Union, UnionTrait
from server.unions.tree.queries import get_union, get_union_in_scope
from server.unions.tree.rules import (
    ANCESTOR_COLUMNS,
    OWN_COLUMN,
    PARENT_LEVELS,
    ancestors_of,
    editable_fields,
    fields_for,
    is_above,
    is_own,
    may_answer_traits,
    may_give_invite_code,
)
from server.unions.tree.schemas import NewUnionIn, UnionIn

TAKEN = "同一上级下已有同名工会，或者编号已被使用。"


def create_union(session: Session, content: NewUnionIn, *, actor: Actor, now: datetime) -> Union:
    """Add a union below one that the actor manages. Raises Forbidden, Invalid, Conflict `union_taken`."""
    parent = _lock_parent(session, content.parent_id)
    _check_parent(content.level, parent)
    get_union_in_scope(session, parent.id, actor)
    union_id = ids.new_id()
    union = Union(
        id=union_id,
        parent_id=parent.id,
        level=content.level,
        version=1,
        created_at=now,
        updated_at=now,
        invite_code=new_invite_code() if content.level is Level.ENTERPRISE else None,
        **_fitting(content, content.level),
        **ancestors_of(content.level, union_id, parent),
    )
    if not (is_above(actor, union) or (union.level is Level.TEAM and is_own(actor, union))):
        raise Forbidden("您不能在这里新建工会。")
    _insert(session, union)
    record(
        session,
        "union.created",
        subject_type="union",
        subject_id=union.id,
        actor_id=actor.person_id,
        at=now,
        detail={"level": union.level.value, "parent_id": str(parent.id)},
    )
    return union


def update_union(
    session: Session, union_id: UUID, content: UnionIn, *, version: int, actor: Actor, now: datetime
) -> Union:
    """Edit what the actor may edit of a union; other fields stay. Raises Conflict if somebody was faster."""
    union = get_union_in_scope(session, union_id, actor)
    allowed = editable_fields(actor, union)
    if not allowed:
        raise Forbidden("您不能修改这个工会的资料。")
    wanted = {key: value for key, value in _fitting(content, union.level).items() if key in allowed}
    changed = {key: value for key, value in wanted.items() if getattr(union, key) != value}
    if union.version != version:
        raise _stale()
    if not changed:
        return union
    _update(session, union, version, {**changed, "updated_at": now})
    record(
        session,
        "union.updated",
        subject_type="union",
        subject_id=union_id,
        actor_id=actor.person_id,
        at=now,
        detail={"changed": sorted(changed)},  # the fields, not what stands in them: names and phones among them
    )
    return union


def set_active(session: Session, union_id: UUID, active: bool, *, version: int, actor: Actor, now: datetime) -> Union:
    """Take a union out of use, or back: workers cannot choose an inactive one, and roles held at it rest."""
    union = get_union_in_scope(session, union_id, actor)
    if "is_active" not in editable_fields(actor, union):
        raise Forbidden("您不能停用或启用这个工会。")
    _update(session, union, version, {"is_active": active, "updated_at": now})
    record(
        session,
        "union.activated" if active else "union.deactivated",
        subject_type="union",
        subject_id=union_id,
        actor_id=actor.person_id,
        at=now,
    )
    return union


def move_union(
    session: Session, union_id: UUID, parent_id: UUID, *, version: int, actor: Actor, now: datetime
) -> Union:
    """Hang a town, an enterprise or a team under another parent, with everything below it.

    Raises Conflict, Invalid, Forbidden.
    """
    union = get_union_in_scope(session, union_id, actor)
    parent = _lock_parent(session, parent_id)
    _check_parent(union.level, parent)
    if not (is_above(actor, union) and is_above(actor, parent)):
        raise Forbidden("您不能移动这个工会。")
    previous = union.parent_id
    if previous == parent.id:
        return union
    above = ancestors_of(union.level, union.id, parent)
    _update(session, union, version, {"parent_id": parent.id, "updated_at": now, **above})
    if union.level in OWN_COLUMN:
        own = OWN_COLUMN[union.level]
        higher = {column: above[column] for column in ANCESTOR_COLUMNS[: ANCESTOR_COLUMNS.index(own)]}
        session.execute(
            update(Union).where(getattr(Union, own) == union.id, Union.id != union.id).values(**higher),
            execution_options={"synchronize_session": "fetch"},
        )
    record(
        session,
        "union.moved",
        subject_type="union",
        subject_id=union_id,
        actor_id=actor.person_id,
        at=now,
        detail={"from": str(previous), "to": str(parent.id)},
    )
    publish(session, UnionMoved(at=now, actor_id=actor.person_id, union_id=union_id))
    return union


def answer_traits(
    session: Session, union_id: UUID, answers: Mapping[str, bool], *, actor: Actor, now: datetime
) -> bool:
    """Note what an enterprise has and has not, as its own reviewer says or one above it. Returns whether that is new;
    what stays as it was keeps its date. Raises Forbidden."""
    union = session.scalars(select(Union).where(Union.id == union_id).with_for_update()).one_or_none()
    if union is None or not may_answer_traits(actor, get_union_in_scope(session, union_id, actor)):
        raise Forbidden("您不能填写这家企业的情况。")
    before = list_answers(session, union_id)
    return keep_traits(session, union_id, answers, before, actor_id=actor.person_id, now=now)


def keep_traits(
    session: Session,
    union_id: UUID,
    answers: Mapping[str, bool],
    before: Mapping[str, UnionTrait],
    *,
    actor_id: UUID,
    now: datetime,
) -> bool:
    """Write the answers that differ from those `before`. The union's row is locked."""
    changed = {trait: holds for trait, holds in answers.items() if trait not in before or before[trait].holds != holds}
    for trait in changed.keys() & before.keys():
        before[trait].replaced_at = now
    session.flush()
    for trait, holds in changed.items():
        session.add(
            UnionTrait(
                id=ids.new_id(), union_id=union_id, trait=trait, holds=holds, answered_by_id=actor_id, answered_at=now
            )
        )
    session.flush()
    if changed:
        record(
            session,
            "union.traits_answered",
            subject_type="union",
            subject_id=union_id,
            actor_id=actor_id,
            at=now,
            detail={
                "has": sorted(t for t in changed if changed[t]),
                "has_not": sorted(t for t in changed if not changed[t]),
            },
        )
    return bool(changed)


def renew_invite_code(session: Session, union_id: UUID, *, actor: Actor, now: datetime) -> Union:
    """Give an enterprise a new invite code; the old one is dead at once."""
    union = get_union_in_scope(session, union_id, actor)
    if not may_give_invite_code(actor, union):
        raise Forbidden("您不能更换这家企业的邀请码。")
    union.invite_code = new_invite_code()
    union.updated_at = now
    session.flush()
    record(
        session,
        "union.invite_code_renewed",
        subject_type="union",
        subject_id=union_id,
        actor_id=actor.person_id,
        at=now,
    )
    return union


def _lock_parent(session: Session, parent_id: UUID) -> Union:
    """The parent, held so that it is not moved while a child takes over its ancestors."""
    parent = session.scalar(select(Union).where(Union.id == parent_id).with_for_update(read=True))
    return parent if parent is not None else get_union(session, parent_id)


def _check_parent(level: Level, parent: Union) -> None:
    if parent.level not in PARENT_LEVELS[level] or not parent.is_active:
        raise Invalid("上级工会选得不对，请重新选择。", fields={"parent_id": "不能做它的上级"})


def _fitting(content: UnionIn, level: Level) -> dict[str, object]:
    """The fields of `content` that fit `level`. Raises Invalid if another one says something."""
    plain = content.model_dump(exclude={"level", "parent_id"})
    fitting = fields_for(level)
    strange = {key: "这一级工会没有这一项" for key, value in plain.items() if value and key not in fitting}
    if strange:
        raise Invalid(fields=strange)
    return {key: value for key, value in plain.items() if key in fitting}


def _insert(session: Session, union: Union) -> None:
    try:
        with session.begin_nested():
            session.add(union)
    except IntegrityError as error:
        raise Conflict(TAKEN, code="union_taken") from error


def _update(session: Session, union: Union, version: int, values: dict[str, object]) -> None:
    statement = (
        update(Union)
        .where(Union.id == union.id, Union.version == version)
        .values(**values, version=Union.version + 1)
        .returning(Union.id)
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            changed = session.execute(statement).first()
    except IntegrityError as error:
        raise Conflict(TAKEN, code="union_taken") from error
    if changed is None:
        raise _stale()
    session.refresh(union)


def _stale() -> Conflict:
    return Conflict("这个工会的资料刚被别人改过，请刷新后再改。", code="stale")
