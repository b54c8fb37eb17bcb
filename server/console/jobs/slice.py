"""Background work that failed."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.SETTINGS, 50, "失败任务", "alert-triangle", "/console/jobs"),),
)
