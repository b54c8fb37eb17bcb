"""The audit log as a page."""

from server.console.audit.listing import LOG
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            40,
            "审计日志",
            "file-search",
            "/console/audit",
            handbook="管理员",
            hint="谁在什么时候做了什么、看了什么。只能看，不能改。",
        ),
    ),
    lists=(LOG,),
)
