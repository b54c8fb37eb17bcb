"""The reviewers' queue."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.review.queue.models import SavedFilter

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 20, "待办队列", "inbox", "/console/queue"),),
    audit=AuditWords(
        actions={
            "submission.view_private": "查看上报人信息",
            "submission.phone_viewed": "查看上报人的完整号码",
        },
    ),
    personal=(
        PersonalRows(model=SavedFilter, rows=owned_by(SavedFilter.person_id), title="保存的筛选", is_removed=True),
    ),
)
