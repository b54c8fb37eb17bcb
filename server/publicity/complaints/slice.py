"""Complaints about what others published."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.publicity.complaints.listing import LIST, WAITING
from server.publicity.complaints.models import Complainant
from server.publicity.complaints.texts import STATUS_NAMES
from server.publicity.complaints.workflow import COMPLAINTS

SLICE = Slice(
    lists=(LIST,),
    menu=(
        MenuEntry(
            Section.TO_DO, 70, "举报", "flag", "/console/complaints", handbook="举报",
            hint="职工觉得公开的案例、建议或别人的照片不合适的，在这里决定保留还是撤下。看不到是谁举报的。",
        ),
    ),
    audit=AuditWords(
        actions=COMPLAINTS.audit_words(), subjects={"complaint": "举报"}, statuses={"complaint": STATUS_NAMES}
    ),
    todos=(WAITING,),
    personal=(PersonalRows(model=Complainant, rows=owned_by(Complainant.person_id), title="举报", is_removed=True),),
    workflows=(COMPLAINTS,),
)  # fmt: skip
