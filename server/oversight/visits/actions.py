"""Beginning a visit."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.forms.models import FormVersion
from server.core import ids
from server.core.errors import Forbidden, Invalid
from server.core.periods import refuse_period
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin
from server.oversight.visits.models import Visit, VisitMode, VisitStatus
from server.oversight.visits.permissions import MAY_LEAD
from server.oversight.visits.schemas import MemberIn
from server.oversight.visits.workflow import WORKFLOW, write_team
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.tree.models import Union
from server.unions.tree.queries import get_enterprise
from server.unions.tree.rules import RANK


def open_visit(
    session: Session, *, actor: Actor, now: datetime, enterprise_id: UUID, mode: VisitMode, occasion: str,
    planned_from: date, planned_to: date, team: Sequence[MemberIn], basis: str = "", team_name: str = "",
    form_version_id: UUID | None = None, organizer_id: UUID | None = None, source_id: UUID | None = None,
) -> Visit:  # fmt: skip
    """Plan a visit at an enterprise, in the name of a union of the actor's that stands above it: `organizer_id`, or the
    highest one. `source_id`: the row of the slice above that asks for it.

    Raises NotFound for what is no enterprise, Forbidden outside of the actor's subtrees, Invalid naming the field.
    """
    enterprise = get_enterprise(session, enterprise_id)
    led_by = _organizing(actor, enterprise, organizer_id)
    if (words := refuse_period(planned_from, planned_to)) is not None:
        raise Invalid(fields={"planned_to": words})
    if form_version_id is not None and session.get(FormVersion, form_version_id) is None:
        raise Invalid(fields={"form_version_id": "没有这张检查表"})
    check_team(session, team)
    visit = Visit(
        id=ids.new_id(), status=VisitStatus.PLANNED, version=1, mode=mode, occasion=occasion, source_id=source_id,
        organizer_id=led_by.union_id, organizer_level=led_by.level, team_name=team_name, basis=basis,
        planned_from=planned_from, planned_to=planned_to, form_version_id=form_version_id,
        opened_by_id=actor.person_id, created_at=now, updated_at=now, **ancestors_of(enterprise),
    )  # fmt: skip
    begin(WORKFLOW, session, visit, actor=actor, now=now, said=StepData(data={"mode": mode}))
    write_team(session, visit.id, team)
    return visit


def _organizing(actor: Actor, enterprise: Union, organizer_id: UUID | None) -> RoleAt:
    over = [each for each in actor.reviewing_over(enterprise) if each.role in MAY_LEAD]
    fitting = [each for each in over if organizer_id in (None, each.union_id)]
    if not fitting:
        raise Forbidden("这家企业不在您的管理范围内。", code="not_above_the_enterprise")
    return min(fitting, key=lambda role_at: RANK[role_at.level])


def check_team(session: Session, team: Sequence[MemberIn]) -> None:
    """Raises Invalid for somebody who reviews nowhere, or who is nobody; and without anybody."""
    named = {each.person_id for each in team if each.person_id is not None}
    known = set(
        session.scalars(
            select(RoleAssignment.person_id)
            .join(Person, Person.id == RoleAssignment.person_id)
            .where(RoleAssignment.person_id.in_(named), RoleAssignment.role.in_(MAY_LEAD), Person.is_active.is_(True))
        )
    )
    if not team or named - known or any(each.person_id is None and not each.words for each in team):
        raise Invalid("督导组的人请从各级工会审核员里选；外请的专家写明身份。", fields={"team": "请选择督导组的人"})
