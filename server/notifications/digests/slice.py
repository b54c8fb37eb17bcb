"""What waits for a reviewer, once a working day."""

from server.core.slice import MenuEntry, PersonalRows, Section, Slice, owned_by
from server.notifications.digests.models import DailyDigest

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.TO_DO,
            60,
            "每日摘要",
            "calendar-due",
            "/console/digests",
            handbook="微信消息和每日摘要",
            hint="每个工作日早上，一条消息告诉您有多少在等您。不想收，在“账号”里关掉。",
        ),
    ),
    personal=(
        PersonalRows(model=DailyDigest, rows=owned_by(DailyDigest.person_id), title="每日摘要", is_removed=True),
    ),
)
