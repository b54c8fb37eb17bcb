"""The list of people."""

from server.console.people.listing import PEOPLE
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.PEOPLE, 20, "人员", "users", "/console/people"),),
    lists=(PEOPLE,),
)
