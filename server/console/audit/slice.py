"""The audit log as a page."""

from server.console.audit.listing import LOG
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.SETTINGS, 40, "审计日志", "file-search", "/console/audit"),),
    lists=(LOG,),
)
