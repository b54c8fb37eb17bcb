"""Figures across slices."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    exports={"figures_console.workbook": "统计"},
    menu=(MenuEntry(Section.OVERSIGHT, 40, "统计", "chart-bar", "/console/figures"),),
)
