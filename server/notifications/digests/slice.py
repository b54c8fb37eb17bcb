"""What waits for a reviewer, once a working day."""

from server.core.slice import MenuEntry, PersonalRows, Section, Slice, owned_by
from server.notifications.digests.models import DailyDigest

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 60, "每日摘要", "calendar-due", "/console/digests"),),
    personal=(
        PersonalRows(model=DailyDigest, rows=owned_by(DailyDigest.person_id), title="每日摘要", is_removed=True),
    ),
)
