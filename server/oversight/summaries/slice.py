"""Closing reports."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.core import clock
from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.oversight.summaries.document import SUMMARY_DOCUMENT
from server.oversight.summaries.indicators import INDICATORS
from server.oversight.summaries.queries import NAME, facts_of, period_of
from server.oversight.summaries.schemas import SummaryDetails, check_details
from server.unions.tree.models import Union


def _begin(_session: Session, _sender: Union) -> Mapping[str, Any]:
    today = clock.day_of(clock.now())
    return {"since": today.replace(month=1, day=1).isoformat(), "until": today.isoformat()}


KIND = AssignmentKind(
    name=NAME, label="总结", letter="J", path="/console/summaries", wants_form=True, wants_reply=True,
    details=SummaryDetails, details_template="summaries/_details.html", begin_details=_begin, facts=facts_of,
    check_details=check_details, period=period_of, may_correct=True, is_compiled=True,
)  # fmt: skip
SLICE = Slice(
    indicators=INDICATORS,
    assignments=(KIND,),
    documents=(SUMMARY_DOCUMENT,),
    exports={"summaries_console.workbook": "总结汇总表", "summaries_console.paper": "总结报告（Word）"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT, 47, "总结", "note", "/console/summaries", handbook="总结",
            hint="向下级要总结：数字由系统算好，下级只写文字；交来的一键汇成本级的报告、汇总表和一页简报。",
        ),
    ),
    audit=AuditWords(actions={"summary.download": "下载汇总的总结"}),
)  # fmt: skip
