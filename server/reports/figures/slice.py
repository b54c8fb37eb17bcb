"""Figures across slices."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.OVERSIGHT, 40, "统计", "chart-bar", "/console/figures"),),
)
