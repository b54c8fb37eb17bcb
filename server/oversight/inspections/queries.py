"""Reads of inspections."""

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.forms.schemas import Definition
from server.oversight.inspections.rules import parts_for
from server.unions.roles import Level
from server.unions.tree.lookup.traits import read_traits

HANDED_IN = (RecipientStatus.SUBMITTED, RecipientStatus.ACCEPTED)


def narrow(session: Session, _assignment: Assignment, recipient: Recipient, form: Definition) -> Definition:
    """The form as it is asked of one enterprise. What was handed in is read by the traits of that moment."""
    if recipient.level is not Level.ENTERPRISE:
        return form
    at = recipient.submitted_at if recipient.status in HANDED_IN else None
    return parts_for(form, read_traits(session, [recipient.union_id], at)[recipient.union_id])
