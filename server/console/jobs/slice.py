"""Background work that failed."""

from server.console.jobs.listing import JOBS
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            50,
            "失败任务",
            "alert-triangle",
            "/console/jobs",
            handbook="管理员",
            hint="后台没有做成的事在这里，写着原因。处理好以后点“再试一次”。",
        ),
    ),
    lists=(JOBS,),
)
