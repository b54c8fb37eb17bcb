"""The shell: landing page, home, navigation."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.TO_DO,
            10,
            "首页",
            "home",
            "/console/",
            handbook="每天做什么",
            hint="今天有多少条在等您，点数字就到。忘了怎么用，点左下角“帮助”。",
        ),
    ),
)
