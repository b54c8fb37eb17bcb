"""Special inspections."""

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.assignments.findings.queries import beside
from server.core.slice import MenuEntry, Section, Slice
from server.oversight.inspections.indicators import INDICATORS
from server.oversight.inspections.queries import NAME, ask_first, categories_of, narrow, progress_fact
from server.unions.roles import Level

KIND = AssignmentKind(
    name=NAME,
    label="专项检查",
    letter="Z",
    path="/console/inspections",
    wants_form=True,
    wants_reply=True,
    narrow=narrow,
    ask_first=ask_first,
    beside=beside,
    facts=progress_fact,
    categories=categories_of,
    may_be_drawn=True,
    level=Level.ENTERPRISE,
)
SLICE = Slice(
    indicators=INDICATORS,
    assignments=(KIND,),
    exports={"inspections_console.progress_sheet": "专项检查进度（Excel）"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            45,
            "专项检查",
            "checks",
            "/console/inspections",
            handbook="专项检查",
            hint="先复制一张现成的检查表，按本地情况改好，再发给有这些设施的企业。查出不合格的，自动成为隐患。",
        ),
    ),
)
