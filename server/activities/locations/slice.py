"""Areas and equipment with a code on them."""

from server.activities.locations.listing import LOCATIONS
from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    lists=(LOCATIONS,),
    menu=(
        MenuEntry(
            Section.PEOPLE, 40, "点位码", "qrcode", "/console/locations", handbook="点位码",
            hint="把车间、设备登记下来，打印二维码贴上。职工扫一扫就能拍隐患，企业和位置自动填好。",
        ),
    ),
    audit=AuditWords(
        actions={
            "location.added": "登记点位",
            "location.edited": "修改点位",
            "location.activated": "重新启用点位码",
            "location.retired": "停用点位码",
        },
        subjects={"location": "点位"},
        details={"locations": "几个点位"},
    ),
)  # fmt: skip
