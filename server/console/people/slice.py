"""The list of people."""

from server.console.people.listing import PEOPLE
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.PEOPLE,
            20,
            "人员",
            "users",
            "/console/people",
            handbook="管理员",
            hint="找人、给人授权、发一次性密码、停用。姓名和电话只在办事需要时看。",
        ),
    ),
    lists=(PEOPLE,),
)
