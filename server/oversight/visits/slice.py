"""Visits of supervision."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.oversight.visits.models import Visit, VisitMember
from server.oversight.visits.texts import MODE_NAMES, STATUS_NAMES
from server.oversight.visits.workflow import WORKFLOW

SLICE = Slice(
    audit=AuditWords(
        actions=WORKFLOW.audit_words(),
        subjects={"visit": "督导"},
        statuses={"visit": STATUS_NAMES},
        details={"finding_count": "发现几个问题", "mode": "方式"},
        values={"visit.mode": MODE_NAMES},
    ),
    workflows=(WORKFLOW,),
    personal=(
        PersonalRows(model=VisitMember, rows=owned_by(VisitMember.person_id), title="参加的督导"),
        PersonalRows(
            model=Visit, rows=owned_by(Visit.recorded_by_id), title="记录的督导", hidden=frozenset({"record_hash"})
        ),
    ),
)
