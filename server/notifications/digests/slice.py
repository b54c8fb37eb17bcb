"""What waits for a reviewer, once a working day."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 60, "每日摘要", "calendar-due", "/console/digests"),),
)
