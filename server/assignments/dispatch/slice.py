"""Assignments: what unions send down."""

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.assignments.dispatch.models import Recipient
from server.core.slice import PersonalRows, Slice, owned_by

TASK = AssignmentKind(name="task", label="任务", letter="R", path="/console/assignments")
"""Anything that is asked without being one of the kinds that have rules of their own."""

SLICE = Slice(
    assignments=(TASK,),
    personal=(PersonalRows(model=Recipient, rows=owned_by(Recipient.named_id), blanked={"named_id": None}),),
)
