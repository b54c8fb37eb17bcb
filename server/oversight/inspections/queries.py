"""Reads of inspections: the check lists that are ready, those that were sent, the part that concerns an enterprise."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from sqlalchemy import or_
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Fact, Prompt
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.queries import asks_within, is_visible, list_latest
from server.assignments.dispatch.rules import HANDED_IN
from server.assignments.forms.ready.check_lists import CheckList, read_check_lists
from server.assignments.forms.schemas import Definition
from server.oversight.inspections.rules import parts_for
from server.oversight.inspections.texts import FIRST_ASK
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.lookup.traits import read_traits, traits

NAME = "inspection"
OTHER = "other"


@cache
def templates() -> Mapping[str, CheckList]:
    """Every check list that is ready, by its code."""
    return read_check_lists(files("server.oversight.inspections") / "data")


def categories_of(section_key: str) -> list[str]:
    """Of which category a hazard is that a part found: as the check list has it that the part came from."""
    known = [each.categories[section_key] for each in templates().values() if section_key in each.categories]
    return [*known, OTHER]


def list_inspections(session: Session, actor: Actor) -> Sequence[Assignment]:
    """The latest that unions of the actor's subtrees sent, or that ask some of these; the engine lists all of them."""
    return list_latest(session, NAME, or_(is_visible(actor), asks_within(actor)))


# --- what the engine asks of the kind ---------------------------------------------------------------------------------


def narrow(session: Session, _assignment: Assignment, recipient: Recipient, form: Definition) -> Definition:
    """The form as it is asked of one enterprise. What was handed in is read by the traits of that moment."""
    if recipient.level is not Level.ENTERPRISE:
        return form
    at = recipient.submitted_at if recipient.status in HANDED_IN else None
    return parts_for(form, read_traits(session, [recipient.union_id], at)[recipient.union_id])


def ask_first(session: Session, recipient: Recipient) -> Prompt | None:
    """An enterprise that was not asked about everything yet is asked that before anything else."""
    if recipient.level is not Level.ENTERPRISE or recipient.status in HANDED_IN:
        return None
    known = read_traits(session, [recipient.union_id])[recipient.union_id]
    if traits().keys() <= known.keys():
        return None
    return Prompt(FIRST_ASK, f"/console/unions/{recipient.union_id}#traits", "填企业情况")


def progress_fact(_session: Session, assignment: Assignment) -> Sequence[Fact]:
    """Where one sees how far everybody is."""
    if assignment.status is AssignmentStatus.DRAFT:
        return ()
    return (Fact("进度", "各单位查了多少、整改了多少", f"/console/inspections/{assignment.id}", is_link=True),)
