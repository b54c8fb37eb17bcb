"""The list of unions."""

from server.console.unions.listing import UNION_LIST
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.PEOPLE, 10, "工会", "building-community", "/console/unions"),),
    lists=(UNION_LIST,),
)
