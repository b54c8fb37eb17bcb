"""What is late climbs the tree."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice
from server.review.escalation.events import OverdueAskedAfter, OverdueClimbed, OverdueUrged
from server.review.escalation.listing import CLIMBED, DISPATCH
from server.review.escalation.messages import MESSAGES
from server.review.escalation.models import Overdue
from server.review.submissions.queries import sent_by

SLICE = Slice(
    lists=(DISPATCH,),
    menu=(
        MenuEntry(
            Section.TO_DO,
            40,
            "调度",
            "alarm",
            "/console/dispatch",
            handbook="逾期和调度",
            hint="过了期限还没办的都在这里，最久的在最上面。勾选几条可以一起催办、起草文书。",
        ),
    ),
    audit=AuditWords(
        actions={
            "submission.became_overdue": "审核逾期",
            "submission.escalate": "审核逾期升级",
            "submission.urge": "催办审核",
            "submission.ask_after": "职工催审核",
            "rectification.ask_after": "职工催整改",
            "rectification.became_overdue": "整改逾期",
            "rectification.escalate": "整改逾期升级",
            "rectification.urge": "催办整改",
            "escalation.export": "导出调度表",
        },
        details={"overdue": "逾期记录"},
    ),
    todos=(CLIMBED,),
    personal=(PersonalRows(model=Overdue, rows=sent_by(Overdue.submission_id), struck=("excerpt", "place")),),
    events=(OverdueClimbed, OverdueUrged, OverdueAskedAfter),
    messages=MESSAGES,
)
