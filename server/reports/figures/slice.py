"""Figures across slices."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    exports={"figures_console.workbook": "统计"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            40,
            "统计",
            "chart-bar",
            "/console/figures",
            handbook="统计",
            hint="从上报到销号的全部数字，可以按单位、类别、行业看，也可以导出 Excel。",
        ),
    ),
)
