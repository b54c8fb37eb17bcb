"""Special inspections."""

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.core.slice import MenuEntry, Section, Slice
from server.oversight.inspections.queries import narrow

KIND = AssignmentKind(
    name="inspection",
    label="专项检查",
    letter="Z",
    path="/console/inspections",
    wants_form=True,
    wants_reply=True,
    narrow=narrow,
)
SLICE = Slice(
    assignments=(KIND,),
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
