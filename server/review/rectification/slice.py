"""What enterprises put right."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from server.core.slice import AuditWords, MenuEntry, PersonalRows, RecountedDeadline, RowsOf, Section, Slice, owned_by
from server.review.rectification.events import EVENTS
from server.review.rectification.listing import RECTIFICATIONS
from server.review.rectification.messages import MESSAGES
from server.review.rectification.models import Evidence, Rectification, RectificationStep
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW
from server.review.submissions.queries import sent_by


def _of_their_rectifications(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to rectifications of what the person sent in."""
    theirs = sent_by(Rectification.submission_id)
    return lambda person_id: column.in_(select(Rectification.id).where(theirs(person_id)))


SLICE = Slice(
    lists=(RECTIFICATIONS,),
    menu=(MenuEntry(Section.TO_DO, 30, "整改", "tool", "/console/rectifications"),),
    audit=AuditWords(
        actions=RECTIFICATION_WORKFLOW.audit_words(),
        subjects={"rectification": "整改"},
    ),
    deadlines=(
        RecountedDeadline(
            column=Rectification.due_at,
            title="整改期限",
            is_running=Rectification.status.in_(DUE),
            subject_type="rectification",
            subject_id=Rectification.id,
            also=(Rectification.first_due_at,),
        ),
    ),
    personal=(
        PersonalRows(model=Rectification, rows=sent_by(Rectification.submission_id), struck=("excerpt", "place")),
        PersonalRows(
            model=RectificationStep,
            rows=_of_their_rectifications(RectificationStep.rectification_id),
            struck=("text", "note"),
        ),
        PersonalRows(
            model=Evidence, rows=owned_by(Evidence.person_id), title="对整改的反馈", hidden=frozenset({"content_hash"})
        ),
        PersonalRows(model=Evidence, rows=_of_their_rectifications(Evidence.rectification_id), struck=("text",)),
    ),
    workflows=(RECTIFICATION_WORKFLOW,),
    events=(*EVENTS.values(),),
    messages=MESSAGES,
)
