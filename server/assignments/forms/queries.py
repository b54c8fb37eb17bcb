"""Reads of forms: those of the actor's unions, and of the unions above, which may be copied."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.assignments.forms.building.editing import read_definition
from server.assignments.forms.models import FormRecord, FormVersion
from server.assignments.forms.permissions import MAY_EDIT, MAY_READ
from server.assignments.forms.schemas import Definition
from server.core.errors import Forbidden, NotFound
from server.unions.actor import Actor
from server.unions.tree.models import Union
from server.unions.tree.queries import line_of


def own_unions(actor: Actor, roles: Collection[str] = MAY_EDIT) -> list[UUID]:
    """The unions for which the actor may write forms."""
    return actor.union_ids(roles)


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Forms of the actor's unions and of those above."""
    return FormRecord.union_id.in_(line_of(own_unions(actor, MAY_READ)))


def get_form(session: Session, form_id: UUID, actor: Actor, *, lock: bool = False) -> FormRecord:
    """A form in the actor's reach. Raises NotFound."""
    statement = select(FormRecord).where(FormRecord.id == form_id, in_reach(actor))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    form = session.scalar(statement)
    if form is None:
        raise NotFound
    return form


def get_own_form(session: Session, form_id: UUID, actor: Actor, *, lock: bool = False) -> FormRecord:
    """A form of one of the actor's own unions. Raises NotFound out of reach, Forbidden for one of a union above."""
    form = get_form(session, form_id, actor, lock=lock)
    if not may_edit(actor, form):
        raise Forbidden("这张表单由系统做好，不用改。" if form.made_for else "这是上级工会的表单，可以复制一份再改。")
    return form


def may_edit(actor: Actor, form: FormRecord) -> bool:
    """Whether a form is of one of the actor's own unions, and not made by the service."""
    return form.made_for is None and form.union_id in own_unions(actor)


def definition_of(form: FormRecord) -> Definition:
    """What it asks now."""
    return read_definition(form.definition)


def find_frozen(session: Session, version_id: UUID | None) -> Definition | None:
    """What a frozen form asks; None where there is no form."""
    return read_definition(session.get_one(FormVersion, version_id).definition) if version_id is not None else None


def list_owners(session: Session, actor: Actor) -> list[Union]:
    """The unions for which the actor may write forms, the highest first."""
    wanted = own_unions(actor)
    found = session.scalars(select(Union).where(Union.id.in_(wanted))).all()
    return sorted(found, key=lambda union: wanted.index(union.id))
