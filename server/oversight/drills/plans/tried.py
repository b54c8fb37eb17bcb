"""Which plans a drill tried, and which of them it showed to be in need of revision."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Invalid
from server.oversight.drills.models import EmergencyPlan, TriedPlan
from server.oversight.drills.plans.queries import list_tried, offered_plans
from server.oversight.drills.plans.revisions import settle_revisions
from server.oversight.drills.queries import enterprises_of
from server.oversight.drills.schemas import DrillIn
from server.oversight.training.models import TrainingSession


def keep_tried(session: Session, row: TrainingSession, form: DrillIn) -> None:
    """Put down the plans that were tried in place of those before. Raises Invalid where none is said, or not which of
    several have to be revised."""
    before = list_tried(session, row.id)
    known = [each.plan_id for each in before if each.plan_id is not None]
    offered = offered_plans(session, enterprises_of(session, row), known)
    tried = [*_chosen(form, offered, before), *_typed(form, offered)]
    tried = list({each.plan_id: each for each in tried}.values())  # what is typed may be one of those chosen
    _mark(tried, form)
    session.execute(delete(TriedPlan).where(TriedPlan.session_id == row.id))
    for each in tried:
        each.id, each.session_id = ids.new_id(), row.id
    session.add_all(tried)
    session.flush()
    settle_revisions(session, {*known, *(each.plan_id for each in tried if each.plan_id is not None)})


def _chosen(form: DrillIn, offered: Iterable[EmergencyPlan], before: Iterable[TriedPlan]) -> list[TriedPlan]:
    """Those of the register, called as they were when this drill first named them."""
    plans, kept = {plan.id: plan for plan in offered}, {each.plan_id: each for each in before}
    if not set(form.plans) <= plans.keys():
        raise Invalid(fields={"plans": "请重新选择预案"})
    called = {plan_id: (kept.get(plan_id) or plans[plan_id]) for plan_id in form.plans}
    return [
        TriedPlan(plan_id=plan_id, name=each.name, edition=each.edition, kind=each.kind)
        for plan_id, each in called.items()
    ]


def _typed(form: DrillIn, offered: Iterable[EmergencyPlan]) -> list[TriedPlan]:
    """What was typed: the only plan of the register that is called so, or one of no register."""
    if not form.plan_name or not form.plan_kind:
        if form.plan_name or form.plan_kind or not form.plans:
            lacking = {"plan_name": form.plan_name, "plan_kind": form.plan_kind}
            raise Invalid(fields={name: "请选择登记的预案，或者自己填" for name, value in lacking.items() if not value})
        return []
    meant = [plan for plan in offered if (plan.name, plan.kind) == (form.plan_name, form.plan_kind)]
    plan_id = meant[0].id if len(meant) == 1 else None
    return [TriedPlan(plan_id=plan_id, name=form.plan_name, edition=form.plan_version, kind=form.plan_kind)]


def _mark(tried: Sequence[TriedPlan], form: DrillIn) -> None:
    """Those to be revised: the only one, those ticked; where none is ticked, the one that could not be."""
    unregistered = [each for each in tried if each.plan_id is None]
    ticked = [each for each in tried if each.plan_id in form.revise]
    to_revise = list(tried) if len(tried) == 1 else ticked or unregistered
    for each in tried:
        each.must_revise = form.must_revise == "1" and each in to_revise
    if form.must_revise == "1" and (not to_revise or len(ticked) < len(set(form.revise))):
        raise Invalid(fields={"revise": "请在演练过的预案里勾出要修订的"})
    if form.must_revise != "1" and form.revise:
        raise Invalid(fields={"must_revise": "勾了要修订的预案，这里要选“要修订”"})
