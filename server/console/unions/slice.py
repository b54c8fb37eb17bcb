"""The list of unions."""

from server.console.unions.listing import UNION_LIST
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.PEOPLE,
            10,
            "工会",
            "building-community",
            "/console/unions",
            handbook="管理员",
            hint="一级一级点下去，到企业为止。增改、停用、邀请海报都在工会自己的页面上。",
        ),
    ),
    lists=(UNION_LIST,),
)
