"""Faults of the phone's program."""

from server.console.client_faults.listing import FAULTS
from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            55,
            "手机端故障",
            "device-mobile",
            "/console/client-faults",
            handbook="管理员",
            hint="职工手机上的程序出了什么错、在哪一页、出了几次。不知道是谁的手机，存 30 天。",
        ),
    ),
    lists=(FAULTS,),
)
