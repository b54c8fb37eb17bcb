"""The shell: landing page, home, navigation."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 10, "首页", "home", "/console/"),),
)
