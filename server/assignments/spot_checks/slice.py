"""Spot checks."""

from server.assignments.responses.queries import may_name
from server.assignments.spot_checks.answering.photos import CHECK_FILES
from server.assignments.spot_checks.models import SpotCheck
from server.core.slice import AuditWords, PersonalRows, Slice, owned_by

SLICE = Slice(
    files=(CHECK_FILES,),
    exports={"spot_checks.draw_file": "抽查的抽签文件"},
    audit=AuditWords(
        actions={  # called by the kind that they were made for: the log is never rewritten
            "inspection.draw_promised": "准备抽查",
            "inspection.drawn": "抽签",
            "inspection.spot_checked": "抽查一家企业",
        },
        subjects={"spot_draw": "抽查", "spot_check": "抽查的企业"},
        details={
            "percent": "抽百分之几",
            "listed": "名单里有几家",
            "drawn": "抽中几家",
            "recipient_id": "企业的任务",
        },
    ),
    personal=(
        PersonalRows(
            model=SpotCheck, rows=owned_by(SpotCheck.checked_by_id), title="填写的抽查", struck=("answers", "skipped")
        ),
        PersonalRows(model=SpotCheck, rows=may_name(SpotCheck.recipient_id), struck=("answers", "skipped")),
    ),
)
